#include "programs/cli/client/payload.h"

#include "engine/base/bytes.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::cli {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t from = 0;
  for (;;) {
    const auto end = text.find(at, from);
    out.push_back(text.substr(from, end - from));
    if (end == std::string::npos) return out;
    from = end + 1;
  }
}

bool is_type(const Json& schema, const char* type) {
  const auto found = schema.find("type");
  if (found == schema.end()) return false;
  return *found == Json(type) || (found->is_array() && std::ranges::find(*found, Json(type)) != found->end());
}

std::string names_in(const Json& schema, const Tongue& tongue) {
  std::string out;
  for (const auto& [name, one] : object_of(schema, "properties").items())
    out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? tongue("data.none") : out;
}

// One value as its place wants it.
class Reader {
 public:
  Reader(Instant now, const Tongue& tongue) : now_(now), tongue_(tongue) {}

  Result<Json> read(const std::string& name, const std::string& value, const Json& schema) const {
    if (is_type(schema, "string")) return Json(moment(value, schema));
    if (is_type(schema, "boolean")) {
      if (value == "true" || value == "false") return Json(value == "true");
      return fail(Errc::Invalid, tongue_("data.boolean", name));
    }
    if (is_type(schema, "integer") || is_type(schema, "number")) return whole(name, value);
    if (is_type(schema, "array") && !value.starts_with('[')) return list(name, value, object_of(schema, "items"));
    Json json = json_from(value);
    if (json.is_discarded()) return fail(Errc::Invalid, tongue_("data.json", name));
    return json;
  }

 private:
  std::string moment(const std::string& value, const Json& schema) const {
    if (text_of(schema, "format") != "date-time") return value;
    const auto at = moment_from(value, now_);
    return at ? kintsugi::to_text(*at) : value;
  }
  Result<Json> whole(const std::string& name, const std::string& value) const {
    std::int64_t number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec == std::errc{} && read.ptr == value.data() + value.size()) return Json(number);
    return fail(Errc::Invalid, tongue_("data.number", name));
  }
  Result<Json> list(const std::string& name, const std::string& value, const Json& items) const {
    Json out = Json::array();
    if (value.empty()) return out;
    for (const std::string& part : split(value, ',')) {
      auto one = read(name, part, items);
      if (!one) return one;
      out.push_back(std::move(*one));
    }
    return out;
  }

  const Instant now_;
  const Tongue& tongue_;
};

std::string form_of_one(const Json& schema) {
  const Json& names = list_of(schema, "enum");
  if (!names.empty()) {
    std::string out;
    for (const Json& one : names)
      out += (out.empty() ? "" : "|") + (one.is_string() ? one.get<std::string>() : one.dump());
    return out;
  }
  if (text_of(schema, "format") == "date-time") return "now+1h, 2026-03-04T09:00:00Z";
  if (is_type(schema, "array")) return form_of_one(object_of(schema, "items")) + ",…";
  if (is_type(schema, "boolean")) return "true|false";
  if (is_type(schema, "integer")) return value_of(schema, "minimum") + "–" + value_of(schema, "maximum");
  if (is_type(schema, "object") && !is_type(schema, "string")) return "JSON";
  const std::string pattern = text_of(schema, "pattern");
  const auto prefix = pattern.find("_[");
  if (pattern.starts_with('^') && prefix != std::string::npos) return pattern.substr(1, prefix) + "…";
  return "…";
}

void add_fields(const Json& schema, const std::string& before, Language language, std::vector<FormField>& out) {
  const Json& members = object_of(schema, "properties");
  for (const Json& name : list_of(schema, "x-order")) {
    const auto found = name.is_string() ? members.find(name.get<std::string>()) : members.end();
    if (found == members.end()) continue;
    const std::string path = before + found.key();
    const bool needed = requires_member(schema, found.key());
    if (!object_of(*found, "properties").empty()) {
      add_fields(*found, path + ".", language, out);
      continue;
    }
    const Json& words = object_of(*found, "x-text");
    out.push_back({path, form_of_one(*found), text_of(words, language == Language::ja ? "ja" : "en"), needed});
  }
}

}  // namespace

bool requires_member(const Json& schema, std::string_view member) {
  const Json& required = list_of(schema, "required");
  return std::ranges::find(required, Json(std::string(member))) != required.end();
}

Result<Json> payload_of(const Typed& typed, const Json& schema, Instant now, const Tongue& tongue) {
  Json out = typed.base;
  if (!out.is_object()) return fail(Errc::Invalid, tongue("data.object", "--json"));
  const Reader reader(now, tongue);
  std::vector<std::string> seen;
  for (const std::string& one : typed.data) {
    const auto equals = one.find('=');
    if (equals == 0 || equals == std::string::npos) return fail(Errc::Invalid, tongue("data.shape", one));
    const std::string path = one.substr(0, equals);
    if (std::ranges::find(seen, path) != seen.end()) return fail(Errc::Invalid, tongue("data.twice", path));
    seen.push_back(path);
    if (!is_utf8(one)) return fail(Errc::Invalid, tongue("data.no_utf8", path));

    const Json* at = &schema;
    Json* into = &out;
    for (const std::string& name : split(path, '.')) {
      const Json& members = object_of(*at, "properties");
      const auto found = members.find(name);
      if (found == members.end())
        return fail(Errc::Invalid, tongue("data.unknown", path, typed.event, names_in(*at, tongue)));
      at = &*found;
      if (!into->is_object()) *into = Json::object();
      into = &(*into)[name];
    }
    auto value = reader.read(path, one.substr(equals + 1), *at);
    if (!value) return value;
    *into = std::move(*value);
  }
  return out;
}

std::string fields_text(const Json& filled, const std::vector<FormField>& form) {
  std::string out;
  for (const FormField& field : form) {
    const Json* at = &filled;
    for (const std::string& name : split(field.name, '.')) {
      const auto found = at->is_object() ? at->find(name) : at->end();
      static const Json nothing;
      at = at->is_object() && found != at->end() ? &*found : &nothing;
    }
    if (at->is_null()) continue;
    out += "  " + field.meaning + ": " + harmless(at->is_string() ? at->get<std::string>() : at->dump()) + "\n";
  }
  return out;
}

std::vector<FormField> form_of(const Json& schema, Language language) {
  std::vector<FormField> out;
  add_fields(schema, "", language, out);
  return out;
}

}  // namespace kintsugi::cli
