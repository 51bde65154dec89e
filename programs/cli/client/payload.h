#pragma once

#include "engine/base/fields.h"
#include "engine/base/instant.h"
#include "engine/base/result.h"
#include "programs/cli/client/words.h"

#include <string>
#include <vector>

namespace kintsugi::cli {

// What was typed for one event: `name=value` each, and perhaps a whole JSON object beneath them.
struct Typed {
  std::string event;
  std::vector<std::string> data;  // `window.opens=now+5m` reaches into an object, `workers=a,b` makes a list
  Json base = Json::object();
};

// The payload that the event's schema makes of it: numbers, truth values and lists where the schema wants them;
// times also as `now`, `now+1h`. What the schema does not know is Invalid with what it does know; whether the
// values are right is the server's to say. Pure.
Result<Json> payload_of(const Typed& typed, const Json& schema, Instant now, const Tongue& tongue);

// The fields of a schema in the order in which a form shows them: name, form, meaning.
struct FormField {
  std::string name;
  std::string form;
  std::string meaning;
  bool needed = false;
};
// What was filled in, a line each: the field's meaning and its value. Fields without one are left out.
std::string fields_text(const Json& filled, const std::vector<FormField>& form);
std::vector<FormField> form_of(const Json& schema, Language language);

bool requires_member(const Json& schema, std::string_view member);

}  // namespace kintsugi::cli
