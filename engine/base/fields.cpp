#include "engine/base/fields.h"

#include <algorithm>

namespace kintsugi::fields_detail {
namespace {

bool must_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
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

// Copied in stretches: hardly a text has anything to escape.
void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const auto special = std::ranges::find_if(text, must_escape);
    out.append(text.begin(), special);
    if (special == text.end()) break;
    append_escaped(out, *special);
    text = {special + 1, text.end()};
  }
  out += '"';
}

tl::unexpected<Error> wrong(const std::string& path, std::string_view expected) {
  return fail(Errc::Corrupt, (path.empty() ? std::string("the value") : path) + " must be " + std::string(expected));
}

}  // namespace kintsugi::fields_detail
