#include "engine/base/local_time.h"

#include <date/tz.h>

#include <array>
#include <vector>

namespace kintsugi {
namespace {

const date::time_zone* zone_of(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Era {
  std::string_view name;
  int before;  // the year before its first
};
constexpr std::array<Era, 4> eras = {{{"令和", 2018}, {"R", 2018}, {"平成", 1988}, {"H", 1988}}};

constexpr std::size_t digits_max = 14;  // of one number: a date and time without any sign between
constexpr std::size_t numbers_max = 6;

// The numbers of the text in order; empty if there are too many or too long ones.
std::vector<std::string_view> numbers_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    if (end - i > digits_max) return {};
    if (out.size() < numbers_max) out.push_back(text.substr(i, end - i));  // what follows are parts of a second
    i = end;
  }
  return out;
}

int value_of(std::string_view digits) {
  int out = 0;
  for (const char c : digits.substr(0, 8))
    out = out * 10 + (c - '0');
  return out;
}

// `20260304183505` and `20260304 183505` as year, month, day, hour, minute, second.
std::vector<std::string_view> parted(const std::vector<std::string_view>& numbers) {
  std::vector<std::string_view> out;
  const auto cut = [&](std::string_view digits, std::size_t first) {
    out.push_back(digits.substr(0, first));
    for (std::size_t i = first; i + 2 <= digits.size(); i += 2)
      out.push_back(digits.substr(i, 2));
  };
  for (const std::string_view one : numbers) {
    if (out.empty() && one.size() >= 8 && one.size() % 2 == 0)
      cut(one, 4);
    else if (out.size() == 3 && (one.size() == 4 || one.size() == 6))
      cut(one, 2);
    else
      out.push_back(one);
  }
  return out;
}

// Turns an era year into one of ours.
std::string without_era(std::string_view text) {
  for (const Era& era : eras) {
    if (!text.starts_with(era.name)) continue;
    text.remove_prefix(era.name.size());
    constexpr std::string_view first = "元";
    int year = 1;
    if (text.starts_with(first)) {
      text.remove_prefix(first.size());
    } else {
      std::size_t digits = 0;
      while (digits < text.size() && is_digit(text[digits]))
        ++digits;
      if (digits == 0 || digits > 2) return std::string(text);
      year = value_of(text.substr(0, digits));
      text.remove_prefix(digits);
    }
    return std::to_string(era.before + year) + std::string(text);
  }
  return std::string(text);
}

const date::time_zone& zone_or_utc(const std::string& name) {
  const date::time_zone* zone = zone_of(name);
  return zone != nullptr ? *zone : *date::locate_zone("Etc/UTC");
}

}  // namespace

bool is_zone(const std::string& name) {
  return zone_of(name) != nullptr;
}

Result<Instant> instant_from_local(std::string_view written, const std::string& zone_name) {
  if (auto exact = instant_from(written)) return exact;
  const date::time_zone* zone = zone_of(zone_name);
  if (zone == nullptr) return fail(Errc::Invalid, "no such time zone");
  const std::string text = without_era(written);
  const auto numbers = parted(numbers_of(text));
  constexpr std::size_t to_the_minute = 5;
  if (numbers.size() < to_the_minute) return fail(Errc::Invalid, "no local time");
  const auto part = [&](std::size_t i) { return i < numbers.size() ? value_of(numbers[i]) : 0; };
  const date::year_month_day day{date::year{part(0)}, date::month{static_cast<unsigned>(part(1))},
                                 date::day{static_cast<unsigned>(part(2))}};
  const bool sound =
      numbers[0].size() == 4 && part(0) >= 1970 && day.ok() && part(3) < 24 && part(4) < 60 && part(5) < 60;
  if (!sound) return fail(Errc::Invalid, "no local time");
  const auto local = date::local_time<Duration>{date::local_days{day}} + std::chrono::hours{part(3)} +
                     std::chrono::minutes{part(4)} + std::chrono::seconds{part(5)};
  const Instant at = zone->to_sys(local, date::choose::earliest);
  if (!is_writable(at)) return fail(Errc::Invalid, "no local time");
  return at;
}

Result<CivilDay> civil_day_from(std::string_view text) {
  constexpr std::size_t length = 10;
  const auto midnight =
      text.size() == length ? instant_from(std::string(text) + "T00:00:00Z") : fail(Errc::Invalid, "");
  if (!midnight) return fail(Errc::Invalid, "no date like 2027-01-04");
  return CivilDay{std::chrono::floor<std::chrono::days>(*midnight).time_since_epoch()};
}

std::string to_text(CivilDay day) {
  return to_text(Instant{day.time_since_epoch()}).substr(0, 10);
}

CivilDay civil_day_of(Instant at, const std::string& zone) {
  const auto local = zone_or_utc(zone).to_local(at);
  return CivilDay{date::floor<date::days>(local).time_since_epoch()};
}

Instant instant_of(CivilDay day, int minutes, const std::string& zone) {
  const auto local = date::local_time<Duration>{day.time_since_epoch()} + std::chrono::minutes{minutes};
  return zone_or_utc(zone).to_sys(local, date::choose::earliest);
}

}  // namespace kintsugi
