#include "engine/base/bytes.h"

namespace kintsugi {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view crockford_digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::uint8_t low8(unsigned value) {
  return static_cast<std::uint8_t>(value & 0xffu);
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Errc::Invalid, "hexadecimal text of odd length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = hex_digits.find(text[i]);
    const auto low = hex_digits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos)
      return fail(Errc::Invalid, "not lower-case hexadecimal");
    out.push_back(low8(static_cast<unsigned>(high << 4 | low)));
  }
  return out;
}

std::string to_base64(BytesView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const unsigned group = static_cast<unsigned>(bytes[i]) << 16 |
                           (left > 1 ? static_cast<unsigned>(bytes[i + 1]) << 8 : 0u) |
                           (left > 2 ? static_cast<unsigned>(bytes[i + 2]) : 0u);
    out += base64_digits[group >> 18 & 63];
    out += base64_digits[group >> 12 & 63];
    out += left > 1 ? base64_digits[group >> 6 & 63] : '=';
    out += left > 2 ? base64_digits[group & 63] : '=';
  }
  return out;
}

Result<Bytes> from_base64(std::string_view text) {
  const auto bad = [] { return fail(Errc::Invalid, "not base64"); };
  if (text.size() % 4 != 0) return bad();
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const int pad = last ? (text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0) : 0;
    unsigned group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      std::size_t value = 0;
      if (k < 4 - static_cast<std::size_t>(pad)) {
        value = base64_digits.find(text[i + k]);
        if (value == std::string_view::npos) return bad();
      }
      group = group << 6 | static_cast<unsigned>(value);
    }
    if ((pad == 1 && (group & 0xffu) != 0) || (pad == 2 && (group & 0xffffu) != 0)) return bad();
    out.push_back(low8(group >> 16));
    if (pad < 2) out.push_back(low8(group >> 8));
    if (pad < 1) out.push_back(low8(group));
  }
  return out;
}

std::string to_crockford(std::span<const std::uint8_t, 16> bytes) {
  // 26 digits hold 130 bits, so the first digit carries only the top three.
  std::string out;
  out.reserve(26);
  unsigned pending = 0;
  int bits = 2;
  for (const auto byte : bytes) {
    pending = pending << 8 | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += crockford_digits[pending >> bits & 31];
    }
  }
  return out;
}

bool is_crockford(std::string_view text) {
  return text.size() == 26 && text[0] <= '7' && text.find_first_not_of(crockford_digits) == std::string_view::npos;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  const auto next = [&](std::uint8_t low, std::uint8_t high) {
    if (i >= text.size()) return false;
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < low || byte > high) return false;
    ++i;
    return true;
  };
  while (i < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[i++]);
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    if (lead < 0xe0) {
      if (!next(0x80, 0xbf)) return false;
    } else if (lead < 0xf0) {
      if (!next(lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) || !next(0x80, 0xbf)) return false;
    } else if (!next(lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) || !next(0x80, 0xbf) ||
               !next(0x80, 0xbf)) {
      return false;
    }
  }
  return true;
}

}  // namespace kintsugi
