#pragma once

#include <string>

namespace kintsugi::cli {

// A QR code as half blocks, two rows of modules a line, dark on light with a margin: what a telephone reads off a
// terminal. Empty when the text is too long.
std::string qr_text(const std::string& text);

}  // namespace kintsugi::cli
