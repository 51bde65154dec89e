#pragma once

#include "engine/base/fields.h"
#include "engine/domain/directory.h"

#include <initializer_list>
#include <string>
#include <string_view>

// The words in which the API's replies are described: JSON Schema (2020-12), as OpenAPI 3.1 wants it. Replies are
// described whole: a member that is not named does not come, and tests hold every reply to that.
namespace kintsugi::http::described {

struct Member {
  std::string name;
  Json schema;
  bool always = true;
};
Member has(std::string name, Json schema);
Member may_have(std::string name, Json schema);  // left out when there is none

// These members and no others.
Json object(std::initializer_list<Member> members);
Json list_of(Json one);
// One page of a list: the member, and the token of the next page if there is one.
Json page_of(std::string name, Json one);
// A schema with a name of its own (components()).
Json ref(std::string_view name);

Json text();
Json word();  // of a closed vocabulary: lower snake_case
Json number();
Json yes_or_no();
Json time();                       // RFC 3339, UTC
Json digest();                     // base64 of 32 bytes
Json id(std::string_view prefix);  // `case` for case_…
Json says(Json schema, const Text& meaning);

template <class E>
Json name_in() {
  Json out{{"type", "string"}, {"enum", Json::array()}};
  for (const auto& [one, name] : names_of(E{}))
    out["enum"].push_back(name);
  return out;
}

// The named schemas that replies are put together from.
Json components();

}  // namespace kintsugi::http::described
