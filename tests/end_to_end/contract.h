#pragma once

#include "engine/base/fields.h"

#include <string>

namespace kintsugi::testing {

// What in a reply is not as the API's own document (OpenAPI) says: an undescribed status, body or member, or one of
// another form. Empty when all is right. Whatever has no route answers with a problem.
std::string broken_promise(const std::string& method, const std::string& path, int status, const std::string& type,
                           const std::string& body);

// How many operations, each with its status, were held against the document so far in this process.
std::size_t promises_kept();

}  // namespace kintsugi::testing
