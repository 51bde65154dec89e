#pragma once

namespace kintsugi::http {

// Of the program, as /version and the OpenAPI document say it.
inline constexpr const char* version_text = "0.1.0";

}  // namespace kintsugi::http
