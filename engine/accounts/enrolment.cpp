#include "engine/accounts/enrolment.h"

#include <cstdint>

namespace kintsugi {
namespace {

std::string base32(BytesView bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned buffer = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xffffu;
    for (bits += 8; bits >= 5; bits -= 5)
      out += alphabet[buffer >> (bits - 5) & 31u];
  }
  if (bits > 0) out += alphabet[buffer << (5 - bits) & 31u];
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-') {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15u];
    }
  }
  return out;
}

}  // namespace

std::string enrolment_uri(std::string_view mail, BytesView secret) {
  return "otpauth://totp/Kintsugi:" + percent_encoded(mail) + "?secret=" + base32(secret) +
         "&issuer=Kintsugi&algorithm=SHA1&digits=6&period=30";
}

}  // namespace kintsugi
