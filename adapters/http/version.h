#pragma once

namespace kintsugi::http {

inline constexpr const char* version_text = "0.1.0";

}  // namespace kintsugi::http
