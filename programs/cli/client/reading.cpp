#include "programs/cli/client/reading.h"

#include "programs/cli/client/table.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <ctime>

namespace kintsugi::cli {
namespace {

const Json* member_of(const Json& json, const char* member) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(member);
  return found == json.end() ? nullptr : &*found;
}

bool is_deeper(std::string_view json, int most) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"')
      in_text = !in_text;
    else if (c == '\\' && in_text)
      ++i;
    else if (!in_text && (c == '[' || c == '{') && ++depth > most)
      return true;
    else if (!in_text && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

}  // namespace

Json json_from(std::string_view text) {
  constexpr int depth_max = 64;
  return is_deeper(text, depth_max) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

std::string text_of(const Json& json, const char* member) {
  const Json* found = member_of(json, member);
  return found != nullptr && found->is_string() ? harmless(found->get_ref<const std::string&>()) : std::string();
}

std::string value_of(const Json& json, const char* member) {
  const Json* found = member_of(json, member);
  if (found == nullptr || found->is_null()) return {};
  return found->is_string() ? text_of(json, member) : harmless(found->dump());
}

bool flag_of(const Json& json, const char* member) {
  const Json* found = member_of(json, member);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::int64_t number_of(const Json& json, const char* member) {
  const Json* found = member_of(json, member);
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

const Json& object_of(const Json& json, const char* member) {
  static const Json nothing = Json::object();
  const Json* found = member_of(json, member);
  return found != nullptr && found->is_object() ? *found : nothing;
}

const Json& list_of(const Json& json, const char* member) {
  static const Json nothing = Json::array();
  const Json* found = member_of(json, member);
  return found != nullptr && found->is_array() ? *found : nothing;
}

std::string to_the_second(const std::string& at) {
  const auto instant = instant_from(at);
  if (!instant) return at;
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(*instant).time_since_epoch().count();
  std::tm local{};
  ::tzset();
  if (::localtime_r(&seconds, &local) == nullptr) return at;
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
  const long minutes = std::labs(local.tm_gmtoff) / 60;
  const std::string zone = fmt::format("{}{:02}:{:02}", local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return text.data() + (local.tm_gmtoff == 0 ? "Z" : zone);
}

std::string to_text(Duration span) {
  using namespace std::chrono;
  const auto seconds_left = abs(duration_cast<seconds>(span)).count();
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr Unit units[] = {{86'400, "d"}, {3'600, "h"}, {60, "m"}, {1, "s"}};
  std::string out;
  auto rest = seconds_left;
  int shown = 0;
  for (const Unit& one : units) {
    if (rest < one.seconds || shown == 2) continue;
    out += (out.empty() ? "" : " ") + std::to_string(rest / one.seconds) + one.name;
    rest %= one.seconds;
    ++shown;
  }
  return out.empty() ? "0s" : out;
}

Result<Duration> span_from(std::string_view text) {
  std::int64_t count = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(read.ptr, static_cast<std::size_t>(text.data() + text.size() - read.ptr));
  constexpr std::int64_t count_max = 1'000'000;
  if (read.ec != std::errc{} || count < 0 || count > count_max || unit.size() != 1) return fail(Errc::Invalid, "");
  switch (unit.front()) {
    case 's': return std::chrono::seconds(count);
    case 'm': return std::chrono::minutes(count);
    case 'h': return std::chrono::hours(count);
    case 'd': return std::chrono::days(count);
    default: return fail(Errc::Invalid, "");
  }
}

std::optional<Instant> moment_from(std::string_view text, Instant now) {
  if (!text.starts_with("now")) return std::nullopt;
  text.remove_prefix(3);
  if (text.empty()) return now;
  const char sign = text.front();
  const auto span = span_from(text.substr(1));
  if (!span || (sign != '+' && sign != '-')) return std::nullopt;
  const Instant at = sign == '+' ? now + *span : now - *span;
  return is_writable(at) ? std::optional(at) : std::nullopt;
}

}  // namespace kintsugi::cli
