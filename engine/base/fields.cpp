#include "engine/base/fields.h"

#include <cstdint>
#include <cstring>

namespace kintsugi::fields_detail {
namespace {

bool must_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// Whether one of eight bytes may have to be escaped, looked at together; true for some that need not, like any byte
// beyond ASCII. "Bit Twiddling Hacks" of S. E. Anderson, "Determine if a word has a byte less than n" and "zero
// byte".
bool may_have_to_escape(const char* eight) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high_bits = 0x80 * ones;
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  const std::uint64_t control = word - 0x20 * ones;
  const std::uint64_t quote = (word ^ ('"' * ones)) - ones;
  const std::uint64_t backslash = (word ^ ('\\' * ones)) - ones;
  return ((control | quote | backslash | word) & high_bits) != 0;
}

std::size_t length_without_escapes(std::string_view text) {
  std::size_t length = 0;
  while (length + 8 <= text.size() && !may_have_to_escape(text.data() + length))
    length += 8;
  while (length < text.size() && !must_escape(text[length]))
    ++length;
  return length;
}

void append_escaped(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
  }
}

}  // namespace

// Hardly a text has anything to escape: it is copied in one stretch, quotes and all.
void append_string(std::string& out, std::string_view text) {
  std::size_t plain = length_without_escapes(text);
  const std::size_t at = out.size();
  out.resize(at + plain + 2, '"');
  text.copy(out.data() + at + 1, plain);
  if (plain == text.size()) return;
  out.pop_back();
  do {
    append_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
    plain = length_without_escapes(text);
    out.append(text, 0, plain);
  } while (plain != text.size());
  out += '"';
}

void append_name(std::string& out, std::string_view name, bool first) {
  if (!first) out += ',';
  const std::size_t at = out.size();
  out.resize(at + name.size() + 3, '"');
  name.copy(out.data() + at + 1, name.size());
  out.back() = ':';
}

tl::unexpected<Error> wrong(const std::string& path, std::string_view expected) {
  return fail(Errc::Corrupt, (path.empty() ? std::string("the value") : path) + " must be " + std::string(expected));
}

}  // namespace kintsugi::fields_detail
