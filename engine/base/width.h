#pragma once

#include <string>
#include <string_view>

namespace kintsugi {

// The width folding of Unicode's NFKC for what Japanese keyboards and devices produce: full-width digits, letters
// and signs become ASCII, the ideographic space a space, half-width katakana full-width with its voicing mark
// joined. Everything else stays. For serial numbers and codes, so that one device has one spelling.
std::string fold_width(std::string_view utf8);

}  // namespace kintsugi
