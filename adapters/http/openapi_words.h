#pragma once

#include "adapters/http/described/description.h"
#include "adapters/http/language.h"
#include "adapters/http/routes.h"
#include "engine/domain/workflow.h"

#include <set>
#include <string>

// What the OpenAPI document says that belongs to no single route.
namespace kintsugi::http {

extern const Text this_server;
extern const Text closes;  // of an event that ends a connection

Json info(const Workflow& workflow, Language language);
// The tags that routes use, with their words. `used` must be known here: a tag without words stops the program's
// tests, not the reader.
Json tags(const std::set<std::string>& used, Language language);
Json security_schemes(Language language);
Json security_of(Caller caller);
Json reply_headers(const std::set<std::string>& used, Language language);
Parameter accept_language();
Json problem_schema();

}  // namespace kintsugi::http
