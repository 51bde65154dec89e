#include "adapters/intake/japanese.h"

#include "engine/base/bytes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iconv.h>
#include <optional>

namespace kintsugi::intake {
namespace {

constexpr std::string_view unreadable = "\xEF\xBF\xBD";  // U+FFFD
constexpr char escape = '\x1B';

std::uint8_t byte_of(char c) {
  return static_cast<std::uint8_t>(c);
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

class Converter {
 public:
  explicit Converter(const char* from) : handle_(::iconv_open("UTF-8", from)) {}
  ~Converter() {
    if (known()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  Decoded convert(std::string bytes) {
    Decoded out;
    char* from = bytes.data();
    std::size_t left = bytes.size();
    std::array<char, 4096> buffer;
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t done = ::iconv(handle_, &from, &left, &to, &room);
      out.text.append(buffer.data(), buffer.size() - room);
      if (done != static_cast<std::size_t>(-1) || room < buffer.size()) continue;
      // Neither progress nor room is missing: this byte is none of that charset.
      out.text += unreadable;
      out.whole = false;
      ++from;
      --left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

std::optional<Decoded> converted(std::string_view bytes, const char* charset) {
  Converter converter(charset);
  if (!converter.known()) return std::nullopt;
  return converter.convert(std::string(bytes));
}

// A character of JIS X 0208 as Shift_JIS.
void append_shifted(std::string& out, std::uint8_t row, std::uint8_t cell) {
  const unsigned lead = (row + 1U) / 2 + (row < 0x5F ? 0x70 : 0xB0);
  const unsigned trail = row % 2 != 0 ? cell + 0x1FU + (cell >= 0x60 ? 1U : 0U) : cell + 0x7EU;
  out += static_cast<char>(lead);
  out += static_cast<char>(trail);
}

// ISO-2022-JP and its dialects as Shift_JIS: the same characters, without the states.
std::string without_escapes(std::string_view bytes) {
  enum class Set { ascii, kanji, kana };
  Set set = Set::ascii;
  bool shifted_out = false;
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == escape) {
      const std::string_view rest = bytes.substr(i + 1);
      const auto is = [&](std::string_view sign) { return rest.starts_with(sign); };
      if (is("$B") || is("$@") || is("(B") || is("(J") || is("(I")) {
        set = rest[0] == '$' ? Set::kanji : rest[1] == 'I' ? Set::kana : Set::ascii;
        i += 2;
        continue;
      }
      if (is("$(B")) {
        set = Set::kanji;
        i += 3;
        continue;
      }
    }
    if (c == '\x0E' || c == '\x0F') {
      shifted_out = c == '\x0E';
      continue;
    }
    if (c == '\n' || c == '\r') {  // a line begins in ASCII, whatever the one before forgot
      set = Set::ascii;
      shifted_out = false;
    }
    const std::uint8_t code = byte_of(c);
    const bool graphic = code > 0x20 && code < 0x7F;
    if (graphic && (shifted_out || set == Set::kana) && code < 0x60) {
      out += static_cast<char>(code | 0x80U);
    } else if (graphic && set == Set::kanji && i + 1 < bytes.size() && byte_of(bytes[i + 1]) > 0x20 &&
               byte_of(bytes[i + 1]) < 0x7F) {
      append_shifted(out, code, byte_of(bytes[++i]));
    } else {
      out += c;
    }
  }
  return out;
}

bool has_escapes(std::string_view bytes) {
  return bytes.find("\x1B$") != std::string_view::npos || bytes.find("\x1B(") != std::string_view::npos;
}

Decoded guessed(std::string_view bytes) {
  if (has_escapes(bytes)) return converted(without_escapes(bytes), "CP932").value_or(Decoded{"", false});
  if (is_utf8(bytes)) return {std::string(bytes), true};
  return converted(bytes, "CP932").value_or(Decoded{"", false});
}

// The charset's name as this machine's converter knows it.
std::string known_as(const std::string& name) {
  if (name == "SHIFT_JIS" || name == "SHIFT-JIS" || name == "SJIS" || name == "X-SJIS" || name == "WINDOWS-31J" ||
      name == "MS_KANJI" || name == "CP932")
    return "CP932";
  if (name == "EUC-JP" || name == "X-EUC-JP" || name == "EUCJP") return "EUC-JP-MS";
  return name;
}

bool is_charset_name(std::string_view name) {
  constexpr std::size_t name_max = 40;
  return !name.empty() && name.size() <= name_max && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

std::optional<std::string> from_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      out += ' ';
    } else if (text[i] == '=') {
      const auto bytes = i + 2 < text.size() ? from_hex([&] {
        std::string pair(text.substr(i + 1, 2));
        for (char& c : pair)
          if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
        return pair;
      }())
                                             : Result<Bytes>(fail(Errc::Invalid, ""));
      if (!bytes) return std::nullopt;
      out += static_cast<char>(bytes->front());
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Some senders leave the padding out; the standard reader wants it.
std::optional<std::string> from_b(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0)
    padded += '=';
  const auto bytes = from_base64(padded);
  if (!bytes) return std::nullopt;
  return std::string(text_of(*bytes));
}

struct Word {
  std::string charset;
  std::string bytes;
  std::size_t length = 0;  // in the field
};

// `=?charset?B|Q?text?=` at the beginning of the text (RFC 2047 2, RFC 2231 5 for the language).
std::optional<Word> word_at(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() || text[charset_end + 2] != '?')
    return std::nullopt;
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find("?=", begin);
  if (end == std::string_view::npos) return std::nullopt;
  const char encoding = text[charset_end + 1];
  const std::string_view content = text.substr(begin, end - begin);
  const auto bytes = encoding == 'B' || encoding == 'b'   ? from_b(content)
                     : encoding == 'Q' || encoding == 'q' ? from_q(content)
                                                          : std::nullopt;
  if (!bytes) return std::nullopt;
  const std::string_view charset = text.substr(2, charset_end - 2);
  return Word{upper(charset.substr(0, charset.find('*'))), *bytes, end + 2};
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Decoded to_utf8(std::string_view bytes, std::string_view charset) {
  const std::string name = upper(charset);
  if (has_escapes(bytes) || name.starts_with("ISO-2022-JP"))
    return converted(without_escapes(bytes), "CP932").value_or(Decoded{"", false});
  if (name == "UTF-8" || name == "US-ASCII" || !is_charset_name(name)) return guessed(bytes);
  auto named = converted(bytes, known_as(name).c_str());
  return named && named->whole ? *named : guessed(bytes);
}

Decoded decode_words(std::string_view field) {
  Decoded out;
  const auto add = [&](const Decoded& piece) {
    out.text += piece.text;
    out.whole = out.whole && piece.whole;
  };
  std::size_t plain = 0;  // where the text that is no word begins
  Word open;              // words of one charset, side by side: a character may be cut in two by them
  bool is_open = false;
  const auto close = [&] {
    if (is_open) add(to_utf8(open.bytes, open.charset));
    is_open = false;
  };
  for (std::size_t at = field.find("=?"); at != std::string_view::npos;) {
    auto word = word_at(field.substr(at));
    if (!word) {
      at = field.find("=?", at + 2);
      continue;
    }
    const std::string_view between = field.substr(plain, at - plain);
    if (is_open && is_blank(between)) {
      if (word->charset == open.charset) {
        open.bytes += word->bytes;
      } else {
        close();
        open = *word;
        is_open = true;
      }
    } else {
      close();
      add(guessed(between));
      open = *word;
      is_open = true;
    }
    plain = at + word->length;
    at = field.find("=?", plain);
  }
  close();
  add(guessed(field.substr(plain)));
  return out;
}

std::string one_line(std::string_view utf8) {
  std::string out;
  for (const char c : utf8)
    out += byte_of(c) < 0x20 || c == '\x7F' ? ' ' : c;
  return out;
}

}  // namespace kintsugi::intake
