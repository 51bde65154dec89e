#pragma once

#include "engine/base/fields.h"

namespace kintsugi::http::described {

// A case as show_case() answers it, one line of a list of cases, and their parts.
Json case_schema();
Json case_brief_schema();
Json action_schema();
Json document_brief_schema();
Json task_schema();

}  // namespace kintsugi::http::described
