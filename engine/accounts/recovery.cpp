#include "engine/accounts/recovery.h"

#include "engine/accounts/limits.h"
#include "engine/base/digest.h"

#include <array>

namespace kintsugi {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's
constexpr unsigned bits_a_sign = 5;
constexpr std::size_t signs = accounts::recovery_code_bytes * 8 / bits_a_sign;
constexpr std::size_t signs_in_group = 4;
static_assert(signs * bits_a_sign == accounts::recovery_code_bytes * 8);

// As Crockford's base 32 reads what people write.
char read_sign(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

}  // namespace

std::string new_recovery_code(Entropy& entropy) {
  std::array<std::uint8_t, accounts::recovery_code_bytes> bytes{};
  entropy.fill(bytes);
  std::string out;
  unsigned buffer = 0;
  unsigned bits = 0;
  std::size_t written = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xffffu;
    for (bits += 8; bits >= bits_a_sign; bits -= bits_a_sign) {
      if (written++ % signs_in_group == 0 && !out.empty()) out += '-';
      out += alphabet[buffer >> (bits - bits_a_sign) & 31u];
    }
  }
  return out;
}

std::optional<Digest> recovery_digest(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char sign = read_sign(c);
    if (alphabet.find(sign) == std::string_view::npos || code.size() == signs) return std::nullopt;
    code += sign;
  }
  if (code.size() != signs) return std::nullopt;
  return sha256(code);
}

}  // namespace kintsugi
