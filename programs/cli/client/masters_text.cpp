#include "programs/cli/client/masters_text.h"

#include "programs/cli/client/reading.h"

#include <toml.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace kintsugi::cli {
namespace {

constexpr std::array spans{std::string_view("wall"), std::string_view("window_max"),
                           std::string_view("onsite_within"), std::string_view("site_window_max")};
constexpr std::array times_of_day{std::string_view("opens"), std::string_view("closes")};
constexpr int minutes_of_day = 24 * 60;

// The kinds in the order in which one builds on the other.
constexpr std::array order{"organisations", "sites",   "people", "access_points", "devices",
                           "contracts",     "rosters", "duties", "policies"};

bool is_span(std::string_view member) {
  return std::ranges::count(spans, member) > 0;
}
bool is_time_of_day(std::string_view member) {
  return std::ranges::count(times_of_day, member) > 0;
}

std::optional<int> minutes_from(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  const int minutes = (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4);
  if (digit(3) > 5 || minutes > minutes_of_day) return std::nullopt;
  return minutes;
}

// Each member of the tree by its name.
template <class Work>
void walk(Json& json, const Work& work) {
  if (json.is_object())
    for (auto member = json.begin(); member != json.end(); ++member) {
      work(member.key(), member.value());
      walk(member.value(), work);
    }
  else if (json.is_array())
    for (Json& one : json)
      walk(one, work);
}

Json for_machines(Json json) {
  walk(json, [](const std::string& name, Json& value) {
    if (!value.is_string()) return;
    const auto& text = value.get_ref<const std::string&>();
    if (is_span(name)) {
      if (const auto span = span_from(text)) value = span->count();
    } else if (is_time_of_day(name)) {
      if (const auto minutes = minutes_from(text)) value = *minutes;
    }
  });
  return json;
}

std::string span_text(std::int64_t microseconds) {
  using namespace std::chrono;
  const Duration span{microseconds};
  const auto in = [&](auto unit, char letter) -> std::string {
    return span % unit == Duration{} ? std::to_string(span / unit) + letter : std::string();
  };
  for (const std::string& one : {in(days(1), 'd'), in(hours(1), 'h'), in(minutes(1), 'm'), in(seconds(1), 's')})
    if (!one.empty() && microseconds > 0) return one;
  return {};
}

// Where JSON stops being any.
std::ptrdiff_t line_of_mistake(const std::string& text) {
  std::size_t read = text.size();
  try {
    const Json unused = Json::parse(text);
  } catch (const Json::parse_error& wrong) {
    read = std::min(wrong.byte, text.size());
  }
  return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n') + 1;
}

// ---- TOML ---------------------------------------------------------------------------------------------------

Json json_of(const toml::value& value) {
  switch (value.type()) {
    case toml::value_t::boolean: return value.as_boolean();
    case toml::value_t::integer: return value.as_integer();
    case toml::value_t::floating: return value.as_floating();
    case toml::value_t::string: return value.as_string().str;
    case toml::value_t::array: {
      Json out = Json::array();
      for (const toml::value& one : value.as_array())
        out.push_back(json_of(one));
      return out;
    }
    case toml::value_t::table: {
      Json out = Json::object();
      for (const auto& [name, one] : value.as_table())
        out[name] = json_of(one);
      return out;
    }
    default: {  // dates and times, as they are written
      std::ostringstream text;
      text << value;
      return text.str();
    }
  }
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Members with the id first, then by name.
std::vector<std::string> members_of(const Json& object) {
  std::vector<std::string> out;
  if (!object.is_object()) return out;
  if (object.contains("id")) out.emplace_back("id");
  for (const auto& [name, value] : object.items())
    if (name != "id") out.push_back(name);
  return out;
}

std::string inline_toml(const Json& json) {
  if (json.is_string()) return quoted(json.get<std::string>());
  if (json.is_array()) {
    std::string out;
    for (const Json& one : json)
      out += (out.empty() ? "" : ", ") + inline_toml(one);
    return "[" + out + "]";
  }
  if (json.is_object()) {
    std::string out;
    for (const std::string& name : members_of(json))
      out += (out.empty() ? " " : ", ") + name + " = " + inline_toml(json.at(name));
    return "{" + out + " }";
  }
  return json.dump();
}

// A list of objects has a line for each.
std::string member_toml(const Json& json) {
  if (!json.is_array() || json.empty() || !json.front().is_object()) return inline_toml(json);
  std::string out = "[\n";
  for (const Json& one : json)
    out += "  " + inline_toml(one) + ",\n";
  return out + "]";
}

// ---- plans --------------------------------------------------------------------------------------------------

std::string shown(const std::string& member, const Json& value, const Tongue& tongue) {
  if (value.is_null() || value == Json("")) return tongue("masters.nothing");
  Json one{{member, value}};
  one = masters_for_people(std::move(one));
  const Json& in_words = one.begin().value();
  return harmless(in_words.is_string() ? in_words.get<std::string>() : in_words.dump());
}

}  // namespace

Json masters_for_people(Json masters) {
  walk(masters, [](const std::string& name, Json& value) {
    if (!value.is_number_integer()) return;
    const auto number = value.get<std::int64_t>();
    if (is_span(name)) {
      if (const std::string text = span_text(number); !text.empty()) value = text;
    } else if (is_time_of_day(name) && number >= 0 && number <= minutes_of_day) {
      value = fmt::format("{:02}:{:02}", number / 60, number % 60);
    }
  });
  return masters;
}

Result<Json> masters_from(const std::string& text, const std::string& file, const Tongue& tongue) {
  if (!is_utf8(text)) return fail(Errc::Invalid, tongue("masters.no_utf8", file));
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') {
    Json json = json_from(text);
    if (json.is_discarded()) return fail(Errc::Invalid, tongue("masters.no_json", file, line_of_mistake(text)));
    return for_machines(std::move(json));
  }
  try {
    std::istringstream in(text);
    return for_machines(json_of(toml::parse(in, file)));
  } catch (const std::exception& wrong) {
    return fail(Errc::Invalid, tongue("masters.no_toml", std::string(wrong.what())));
  }
}

std::string masters_toml(const Json& masters, const Tongue& tongue) {
  const Json all = masters_for_people(masters);
  std::string out = tongue("masters.header") + "\n";
  for (const char* kind : order)
    for (const Json& one : list_of(all, kind)) {
      out += fmt::format("\n[[{}]]\n", kind);
      for (const std::string& name : members_of(one))
        out += name + " = " + member_toml(one.at(name)) + "\n";
    }
  return out;
}

std::string for_the_api(const std::string& typed) {
  const auto equals = typed.find('=');
  if (equals == std::string::npos) return typed;
  const auto dot = typed.substr(0, equals).rfind('.');
  const std::string name =
      typed.substr(dot == std::string::npos ? 0 : dot + 1, equals - (dot == std::string::npos ? 0 : dot + 1));
  Json one{{name, typed.substr(equals + 1)}};
  one = for_machines(std::move(one));
  const Json& value = one.begin().value();
  return value.is_number() ? typed.substr(0, equals + 1) + value.dump() : typed;
}

std::string differences_text(const Json& plan, const Tongue& tongue, const Paint& paint) {
  const Json& differences = list_of(plan, "differences");
  if (differences.empty()) return tongue("masters.same") + "\n";
  std::string out;
  for (const Json& one : differences) {
    const std::string how = text_of(one, "how");
    const std::string mark = how == "added" ? paint.good("+") : how == "ended" ? paint.bad("-") : paint.waiting("~");
    out += fmt::format("{} {} {}  {}\n", mark, text_of(one, "kind"), paint.strong(text_of(one, "name")),
                       paint.faint(text_of(one, "id")));
    for (const Json& member : list_of(one, "members")) {
      if (!member.is_object()) continue;
      const std::string name = text_of(member, "member");
      const std::string after = shown(name, member.value("after", Json()), tongue);
      if (how == "added")
        out += fmt::format("    {}  {}\n", padded(name, 18), after);
      else
        out += fmt::format("    {}  {} {} {}\n", padded(name, 18),
                           shown(name, member.value("before", Json()), tongue), paint.faint("→"), after);
    }
  }
  return out;
}

std::string consequences_text(const Json& plan, const Tongue& tongue, const Paint& paint) {
  std::string out;
  for (const Json& one : list_of(plan, "consequences")) {
    const std::string number = text_of(one, "number");
    const std::string text = text_of(one, "text");
    out += fmt::format("  {}{}\n", number.empty() ? std::string() : paint.strong(number) + "  ",
                       flag_of(one, "blocks") ? paint.bad(text) : text);
  }
  if (out.empty()) out = "  " + tongue("masters.no_effect") + "\n";
  out = paint.strong(tongue("masters.effect")) + "\n" + out;
  if (plan.contains("all_cases_seen") && !flag_of(plan, "all_cases_seen")) out += tongue("masters.more_cases") + "\n";
  if (flag_of(plan, "blocked")) out += paint.bad(tongue("masters.blocked")) + "\n";
  return out;
}

}  // namespace kintsugi::cli
