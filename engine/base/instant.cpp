#include "engine/base/instant.h"

#include <charconv>
#include <cstdint>

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

// Writes the last `width` digits of a number that is not negative.
void put(char* out, std::size_t pos, std::size_t width, std::int64_t number) {
  for (std::size_t i = pos + width; i > pos; number /= 10)
    out[--i] = static_cast<char>('0' + number % 10);
}

}  // namespace

// Digit by digit: a case file has dozens of times and is written with every lap.
void append_text(std::string& to, Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  char out[] = "0000-00-00T00:00:00.000000Z";
  put(out, 0, 4, static_cast<int>(date.year()));
  put(out, 5, 2, static_cast<unsigned>(date.month()));
  put(out, 8, 2, static_cast<unsigned>(date.day()));
  put(out, 11, 2, time.hours().count());
  put(out, 14, 2, time.minutes().count());
  put(out, 17, 2, time.seconds().count());
  put(out, 20, 6, time.subseconds().count());
  to.append(out, sizeof out - 1);
}

std::string to_text(Instant at) {
  std::string out;
  append_text(out, at);
  return out;
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
  const Instant at = Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                     std::chrono::seconds{second} + std::chrono::microseconds{micros} -
                     std::chrono::minutes{offset_minutes};
  if (!is_writable(at)) return bad();  // with its offset it lies before or behind those years
  return at;
}

bool is_writable(Instant at) {
  constexpr Instant beyond{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}};
  return at >= Instant{} && at < beyond;
}

}  // namespace kintsugi
