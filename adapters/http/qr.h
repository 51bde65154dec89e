#pragma once

#include <string>
#include <string_view>

namespace kintsugi::http {

// A QR code as an SVG picture of its own, dark on light with the margin that readers need. Empty when the text is too
// long for one.
std::string qr_svg(std::string_view text);

}  // namespace kintsugi::http
