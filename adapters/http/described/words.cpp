#include "adapters/http/described/words.h"

#include <utility>

namespace kintsugi::http::described {

Member has(std::string name, Json schema) {
  return {std::move(name), std::move(schema), true};
}
Member may_have(std::string name, Json schema) {
  return {std::move(name), std::move(schema), false};
}

Json object(std::initializer_list<Member> members) {
  Json out{{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  for (const Member& one : members) {
    out["properties"][one.name] = one.schema;
    if (one.always) out["required"].push_back(one.name);
  }
  return out;
}
Json list_of(Json one) {
  return {{"type", "array"}, {"items", std::move(one)}};
}
Json page_of(std::string name, Json one) {
  return object(
      {has(std::move(name), list_of(std::move(one))),
       may_have("next_page_token", says(text(), {"続きがあるときだけ。次のページの page_token です。",
                                                 "Only when there is more: the next page's page_token."}))});
}
Json ref(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

Json text() {
  return {{"type", "string"}};
}
Json word() {
  return {{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]*$"}};
}
Json number() {
  return {{"type", "integer"}};
}
Json yes_or_no() {
  return {{"type", "boolean"}};
}
Json time() {
  return {{"type", "string"}, {"format", "date-time"}};
}
Json digest() {
  return {{"type", "string"}, {"pattern", "^[A-Za-z0-9+/]{43}=$"}};
}
Json id(std::string_view prefix) {
  return {{"type", "string"}, {"pattern", "^" + std::string(prefix) + "_[0-9A-HJKMNP-TV-Z]{26}$"}};
}
Json says(Json schema, const Text& meaning) {
  schema["x-text"] = {{"ja", meaning.ja}, {"en", meaning.en}};
  return schema;
}

}  // namespace kintsugi::http::described
