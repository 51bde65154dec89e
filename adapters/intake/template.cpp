#include "adapters/intake/template.h"

#include "adapters/intake/limits.h"
#include "engine/base/ascii.h"
#include "engine/base/local_time.h"
#include "engine/base/width.h"

#include <algorithm>
#include <array>

namespace kintsugi::intake {
namespace {

constexpr std::array<std::string_view, 5> field_names = {"code", "occurred_at", "serial", "severity", "skip"};
constexpr std::array<std::string_view, 4> severities = {"info", "warning", "error", "critical"};

// One spelling for patterns and lines: folded widths, single spaces, none beside a colon or an equal sign.
std::string plain(std::string_view line) {
  std::string out;
  for (const char c : fold_width(line)) {
    const bool blank = c == ' ' || c == '\t';
    const bool sign = c == ':' || c == '=';
    if (sign && out.ends_with(' ')) out.pop_back();
    if (blank && (out.empty() || out.back() == ' ' || out.back() == ':' || out.back() == '=')) continue;
    out += blank ? ' ' : c;
  }
  return std::string(trimmed(out));
}

// A pattern in its pieces: words, field, words, field … Words may be empty at the beginning and at the end.
struct Pattern {
  std::vector<std::string> words;  // one more than fields
  std::vector<std::string> fields;
  std::string mistake;
};

Pattern pattern_of(std::string_view written) {
  Pattern out;
  std::string rest = plain(written);
  for (;;) {
    const auto open = rest.find('{');
    out.words.push_back(rest.substr(0, open));
    if (open == std::string::npos) break;
    const auto close = rest.find('}', open);
    if (close == std::string::npos) {
      out.mistake = "a brace is not closed";
      break;
    }
    const std::string name = rest.substr(open + 1, close - open - 1);
    if (std::ranges::count(field_names, name) == 0) out.mistake = "there is no field {" + name + "}";
    if (!out.fields.empty() && out.words.back().empty()) out.mistake = "two fields need words between them";
    out.fields.push_back(name);
    rest.erase(0, close + 1);
  }
  if (out.mistake.empty() && out.fields.empty()) out.mistake = "it has no field";
  if (out.mistake.empty() && std::ranges::all_of(out.words, &std::string::empty)) out.mistake = "it has no words";
  return out;
}

// The values of a line that fits, in the order of the fields; empty when it does not. Each position is looked at once
// for each piece of the pattern.
std::vector<std::string> values_in(const Pattern& pattern, std::string_view line) {
  std::vector<std::string> out;
  if (!line.starts_with(pattern.words.front())) return {};
  line.remove_prefix(pattern.words.front().size());
  for (std::size_t i = 0; i < pattern.fields.size(); ++i) {
    const std::string& after = pattern.words[i + 1];
    const auto end = after.empty() ? line.size() : line.find(after);
    if (end == std::string_view::npos) return {};
    out.emplace_back(trimmed(line.substr(0, end)));
    line.remove_prefix(std::min(line.size(), end + after.size()));
  }
  return out;
}

bool is_code_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == ':';
}

// `E-217 (冷却水圧低下)` is E-217; a text that begins with no code is none.
std::string code_in(std::string_view value) {
  const auto end = std::ranges::find_if_not(value, is_code_character);
  const auto length = static_cast<std::size_t>(end - value.begin());
  return length <= code_bytes_max ? std::string(value.substr(0, length)) : std::string();
}

void take(Found& out, const Template& one, const std::string& field, const std::string& value) {
  if (field == "code" && out.code.empty()) out.code = code_in(value);
  if (field == "serial" && out.serial.empty() && value.size() <= serial_bytes_max) out.serial = value;
  if (field == "severity" && out.severity.empty()) {
    for (const auto& [word, severity] : one.severity)
      if (plain(word) == value) out.severity = severity;
    if (out.severity.empty() && std::ranges::count(severities, value) > 0) out.severity = value;
  }
  if (field == "occurred_at" && out.occurred_at.empty())
    if (const auto at = instant_from_local(value, one.zone)) out.occurred_at = to_text(*at);
}

void look(Found& out, const Template& one, const std::vector<Pattern>& patterns, std::string_view line) {
  out.recovered = out.recovered || std::ranges::any_of(one.recovery, [&](const std::string& words) {
                    return line.starts_with(plain(words));
                  });
  for (const Pattern& pattern : patterns) {
    const auto values = values_in(pattern, line);
    for (std::size_t i = 0; i < values.size(); ++i)
      take(out, one, pattern.fields[i], values[i]);
  }
}

std::vector<Pattern> patterns_of(const std::vector<std::string>& written) {
  std::vector<Pattern> out;
  std::ranges::transform(written, std::back_inserter(out), pattern_of);
  return out;
}

}  // namespace

std::vector<std::string> mistakes_in(const Template& one) {
  std::vector<std::string> out;
  if (one.product_line.empty()) out.emplace_back("product_line is missing");
  if (!is_zone(one.zone)) out.push_back("zone: there is no time zone " + one.zone);
  if (one.subject.size() + one.lines.size() > patterns_max)
    out.push_back("there may be at most " + std::to_string(patterns_max) + " patterns");
  bool names_code = false;
  for (const auto* list : {&one.subject, &one.lines})
    for (const std::string& written : *list) {
      const Pattern pattern = pattern_of(written);
      if (written.size() > pattern_bytes_max) out.push_back("'" + written + "' is too long");
      if (!pattern.mistake.empty()) out.push_back("'" + written + "': " + pattern.mistake);
      names_code = names_code || std::ranges::count(pattern.fields, "code") > 0;
    }
  for (const std::string& words : one.recovery)
    if (plain(words).empty() || words.size() > pattern_bytes_max || words.find('{') != std::string::npos)
      out.push_back("recovery: '" + words + "' must be words, without fields and not too long");
  if (one.recovery.size() > patterns_max) out.emplace_back("recovery: there are too many words");
  if (!names_code) out.emplace_back("no pattern gives the {code}");
  for (const auto& [word, severity] : one.severity)
    if (std::ranges::count(severities, severity) == 0)
      out.push_back("severity: '" + word + "' must be info, warning, error or critical");
  return out;
}

Result<Found> apply(const Template& one, std::string_view subject, std::string_view text) {
  Found out;
  look(out, one, patterns_of(one.subject), plain(subject));
  const std::vector<Pattern> patterns = patterns_of(one.lines);
  for (std::size_t n = 0; n < lines_max && !text.empty(); ++n) {
    const auto end = std::min(text.find('\n'), text.size());
    look(out, one, patterns, plain(text.substr(0, end)));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  if (out.code.empty()) return fail(Errc::NotFound, "the mail names no code");
  return out;
}

}  // namespace kintsugi::intake
