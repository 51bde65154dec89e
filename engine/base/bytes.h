#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

// SHA-256 output; also any other 32-byte value, such as a salt.
using Digest = std::array<std::uint8_t, 32>;

inline BytesView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hexadecimal, and standard base64 with padding (RFC 4648). Reading is strict: wrong characters,
// wrong length or non-zero padding bits are Invalid, so that one value has one spelling.
std::string to_hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);
std::string to_base64(BytesView bytes);
Result<Bytes> from_base64(std::string_view text);

// 128 bits as 26 characters of Crockford's base 32, upper case; the order of the texts is the order of the bytes.
std::string to_crockford(std::span<const std::uint8_t, 16> bytes);
bool is_crockford(std::string_view text);

// True when both are equal, in a time that does not depend on where they differ. For secrets.
bool equal_in_constant_time(BytesView a, BytesView b);

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace kintsugi
