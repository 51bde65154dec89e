#include "engine/base/instant.h"

#include <fmt/format.h>

#include <charconv>

namespace kintsugi {
namespace {

// Reads exactly `width` digits at `pos` and moves past them.
bool digits(std::string_view text, std::size_t& pos, std::size_t width, int& out) {
  if (pos + width > text.size()) return false;
  const auto part = text.substr(pos, width);
  for (char c : part)
    if (c < '0' || c > '9') return false;
  std::from_chars(part.data(), part.data() + part.size(), out);
  pos += width;
  return true;
}

bool take(std::string_view text, std::size_t& pos, std::string_view one_of) {
  if (pos >= text.size() || one_of.find(text[pos]) == std::string_view::npos) return false;
  ++pos;
  return true;
}

}  // namespace

std::string to_text(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Result<Instant> instant_from(std::string_view text) {
  const auto bad = [&] { return fail(Errc::Invalid, "not a time: write it like 2026-03-04T09:35:05Z"); };
  std::size_t pos = 0;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!digits(text, pos, 4, year) || !take(text, pos, "-") || !digits(text, pos, 2, month) || !take(text, pos, "-") ||
      !digits(text, pos, 2, day) || !take(text, pos, "Tt ") || !digits(text, pos, 2, hour) || !take(text, pos, ":") ||
      !digits(text, pos, 2, minute) || !take(text, pos, ":") || !digits(text, pos, 2, second))
    return bad();

  int micros = 0;
  if (take(text, pos, ".")) {
    int scale = 100000, count = 0;
    for (int digit = 0; digits(text, pos, 1, digit); ++count) {
      micros += digit * scale;
      scale /= 10;
    }
    if (count == 0 || count > 9) return bad();
  }

  int offset_minutes = 0;
  if (!take(text, pos, "Zz")) {
    const bool west = pos < text.size() && text[pos] == '-';
    int hours = 0, minutes = 0;
    if (!take(text, pos, "+-") || !digits(text, pos, 2, hours) || !take(text, pos, ":") ||
        !digits(text, pos, 2, minutes) || hours > 23 || minutes > 59)
      return bad();
    offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  }

  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (pos != text.size() || !date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59) return bad();
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::microseconds{micros} - std::chrono::minutes{offset_minutes};
}

}  // namespace kintsugi
