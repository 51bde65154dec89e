#pragma once

#include "adapters/http/language.h"
#include "engine/domain/workflow.h"

#include <string>

namespace kintsugi::http {

// The API as OpenAPI 3.1, in one language: made from the table of routes, from what each of them says of itself
// (described/), from the workflow's payload schemas and from the types of problems. There is no second list of
// anything. An event that people or access points may post is an operation of its own, with its payload as the body.
Json openapi(const Workflow& workflow, Language language);

// The same as text with an end of line, for whoever asks for the file.
std::string openapi_text(const Workflow& workflow, Language language);

}  // namespace kintsugi::http
