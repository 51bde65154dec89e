#include "engine/audit/canonical.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi::audit {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Result<> append(std::string& out, const Json& value, int depth) {
  if (depth > nesting_max) return fail(Errc::Invalid, "nested too deeply");
  switch (value.type()) {
    case Json::value_t::null: out += "null"; return {};
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; return {};
    case Json::value_t::number_unsigned: {
      const auto number = value.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(integer_max)) return fail(Errc::Invalid, "integer beyond 2^53-1");
      out += std::to_string(number);
      return {};
    }
    case Json::value_t::number_integer: {
      const auto number = value.get<std::int64_t>();
      if (number > integer_max || number < -integer_max) return fail(Errc::Invalid, "integer beyond 2^53-1");
      out += std::to_string(number);
      return {};
    }
    case Json::value_t::string: {
      const auto& text = value.get_ref<const std::string&>();
      if (!is_utf8(text)) return fail(Errc::Invalid, "a string that is not UTF-8");
      fields_detail::append_string(out, text);
      return {};
    }
    case Json::value_t::array: {
      out += '[';
      bool first = true;
      for (const Json& one : value) {
        if (!first) out += ',';
        first = false;
        if (auto done = append(out, one, depth + 1); !done) return done;
      }
      out += ']';
      return {};
    }
    case Json::value_t::object: {
      out += '{';
      bool first = true;
      for (const auto& [name, one] : value.items()) {  // a sorted map: byte order for ASCII
        if (!is_ascii(name)) return fail(Errc::Invalid, "a member name that is not ASCII");
        if (!first) out += ',';
        first = false;
        fields_detail::append_string(out, name);
        out += ':';
        if (auto done = append(out, one, depth + 1); !done) return done;
      }
      out += '}';
      return {};
    }
    default: return fail(Errc::Invalid, "only integers, strings, booleans, null, arrays and objects are canonical");
  }
}

// Reads a canonical text from left to right; the first byte that could not be there ends it.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Result<> run() {
    if (!is_utf8(text_)) return fail(Errc::Invalid, "not UTF-8");
    if (value(0) && at_ == text_.size()) return {};
    return fail(Errc::Invalid, fmt::format("not canonical at byte {}", at_));
  }

 private:
  bool take(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool value(int depth) {
    if (depth > nesting_max || at_ >= text_.size()) return false;
    switch (text_[at_]) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': {
        std::string_view ignored;
        return string(ignored);
      }
      case 't': return take("true");
      case 'f': return take("false");
      case 'n': return take("null");
      default: return integer();
    }
  }

  bool object(int depth) {
    take("{");
    if (take("}")) return true;
    std::string before;
    for (bool first = true;; first = false) {
      std::string_view raw;
      if (!string(raw) || !is_ascii(raw)) return false;
      const std::string name = plain(raw);
      if (!first && name <= before) return false;  // sorted, and each once
      before = name;
      if (!take(":") || !value(depth + 1)) return false;
      if (take("}")) return true;
      if (!take(",")) return false;
    }
  }

  bool array(int depth) {
    take("[");
    if (take("]")) return true;
    for (;;) {
      if (!value(depth + 1)) return false;
      if (take("]")) return true;
      if (!take(",")) return false;
    }
  }

  bool integer() {
    const bool negative = take("-");
    const std::size_t start = at_;
    std::int64_t number = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < 16)
      number = number * 10 + (text_[at_++] - '0');
    const std::size_t digits = at_ - start;
    return digits > 0 && !(text_[start] == '0' && (digits > 1 || negative)) && number <= integer_max;
  }

  bool string(std::string_view& raw) {
    if (!take("\"")) return false;
    const std::size_t start = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        raw = text_.substr(start, at_ - start);
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        ++at_;
      } else if (!escape()) {
        return false;
      }
    }
    return false;
  }

  // Only what must be escaped may be, and only in its one spelling.
  bool escape() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (next != '\0' && std::string_view("\"\\bfnrt").find(next) != std::string_view::npos) {
      at_ += 2;
      return true;
    }
    const std::string_view code = text_.substr(at_, 6);
    if (code.size() != 6 || !code.starts_with("\\u00")) return false;
    const std::string_view hex = "0123456789abcdef";
    const auto low = hex.find(code[5]);
    if ((code[4] != '0' && code[4] != '1') || low == std::string_view::npos) return false;
    const bool has_short_form = code[4] == '0' && (low == 8 || low == 9 || low == 10 || low == 12 || low == 13);
    if (has_short_form) return false;
    at_ += 6;
    return true;
  }

  // The text that a checked string stands for; names are compared by it and not by its escapes.
  static std::string plain(std::string_view raw) {
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '\\') {
        out += raw[i];
        continue;
      }
      switch (raw[++i]) {
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u':
          out += static_cast<char>((raw[i + 3] - '0') * 16 +
                                   (raw[i + 4] <= '9' ? raw[i + 4] - '0' : raw[i + 4] - 'a' + 10));
          i += 4;
          break;
        default: out += raw[i];
      }
    }
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::string> canonical(const Json& value) {
  std::string out;
  if (auto done = append(out, value, 0); !done) return pass(done);
  return out;
}

Result<> check_canonical(std::string_view text) {
  return Checker(text).run();
}

}  // namespace kintsugi::audit
