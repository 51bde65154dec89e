#include "workflows/fault_response/schema_words.h"

#include <fmt/format.h>

namespace kintsugi::fault_response::schema {
namespace {

Json labelled(Json schema, const Text& label) {
  schema["x-text"] = {{"ja", label.ja}, {"en", label.en}};
  return schema;
}
Json matching(std::string pattern, int length_max) {
  return Json{{"type", "string"}, {"maxLength", length_max}, {"pattern", std::move(pattern)}};
}

}  // namespace

Member needs(std::string_view name, Text label, Json schema) {
  return {std::string(name), true, labelled(std::move(schema), label)};
}
Member may(std::string_view name, Text label, Json schema) {
  return {std::string(name), false, labelled(std::move(schema), label)};
}

Json object(std::initializer_list<Member> members) {
  Json properties = Json::object();
  Json required = Json::array();
  Json order = Json::array();
  for (const Member& one : members) {
    properties[one.name] = one.schema;
    order.push_back(one.name);
    if (one.needed) required.push_back(one.name);
  }
  Json out{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) out["required"] = std::move(required);
  if (!order.empty()) out["x-order"] = std::move(order);
  return out;
}

Json yes_or_no() {
  return Json{{"type", "boolean"}};
}
Json number(std::int64_t least, std::int64_t most) {
  return Json{{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}
Json instant() {
  Json out = matching(
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$", name_max);
  out["format"] = "date-time";
  return out;
}
Json digest() {
  return matching("^[A-Za-z0-9+/]{43}=$", 44);
}
Json id(std::string_view prefix) {
  return matching(fmt::format("^{}_[0-9A-HJKMNP-TV-Z]{{26}}$", prefix), name_max);
}
Json code(int length_max) {
  return matching("^[A-Za-z0-9._:-]+$", length_max);
}
Json list(Json of, int least, int most) {
  return Json{
      {"type", "array"}, {"items", std::move(of)}, {"minItems", least}, {"maxItems", most}, {"uniqueItems", true}};
}
Json one_of(std::initializer_list<std::string_view> names) {
  Json list = Json::array();
  for (const std::string_view name : names)
    list.push_back(name);
  return Json{{"type", "string"}, {"enum", std::move(list)}};
}
Json typed(KeyClass key, std::string_view label, int length_max) {
  return Json{{"type", "string"},
              {"minLength", 1},
              {"maxLength", length_max},
              {"x-document", {{"key", name_of(key)}, {"label", label}}}};
}

Json bytes(KeyClass key, std::string_view label, int length_max) {
  Json out = typed(key, label, length_max);
  out.erase("minLength");
  out["contentEncoding"] = "base64";
  return out;
}

Member needs_reason() {
  return needs("reason", {"理由", "Reason"}, typed(KeyClass::evidence, "text", text_max));
}
Member may_reason() {
  return may("reason", {"理由", "Reason"}, typed(KeyClass::evidence, "text", text_max));
}
Member needs_item() {
  return needs("item", {"データ項目", "Data item"}, id("item"));
}

}  // namespace kintsugi::fault_response::schema
