#include "adapters/intake/limits.h"
#include "adapters/intake/template.h"
#include "engine/base/instant.h"
#include "tests/fuzz/fuzz.h"

// A template as an operator writes it and a text that a device sends: product line, zone, patterns and words of
// recovery a line each (`subject …`, `line …`, `recovery …`, `severity word=error`), an empty line, subject, text.
namespace kintsugi::fuzz {
namespace {

intake::Template read_template(std::string_view& rest) {
  intake::Template out;
  out.product_line = take_line(rest);
  out.zone = take_line(rest);
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
    const auto cut = std::min(line.find(' '), line.size());
    const std::string_view kind = line.substr(0, cut);
    const std::string words(line.substr(std::min(cut + 1, line.size())));
    if (kind == "subject") out.subject.push_back(words);
    if (kind == "line") out.lines.push_back(words);
    if (kind == "recovery") out.recovery.push_back(words);
    if (kind == "severity") out.severity[words.substr(0, words.find('='))] = words.substr(words.find('=') + 1);
  }
  return out;
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const intake::Template one = fuzz::read_template(rest);
  const auto mistakes = intake::mistakes_in(one);
  for (const std::string& mistake : mistakes)
    fuzz::must(!mistake.empty(), "a mistake is said");
  if (!mistakes.empty()) return 0;
  const std::string_view subject = fuzz::take_line(rest);
  const auto found = intake::apply(one, subject, rest);
  if (!found) return 0;
  fuzz::must(!found->code.empty() && found->code.size() <= intake::code_bytes_max, "what is found has a code");
  fuzz::must(found->serial.size() <= intake::serial_bytes_max, "a serial number is short");
  if (!found->occurred_at.empty()) {
    const auto at = instant_from(found->occurred_at);
    fuzz::must(at && to_text(*at) == found->occurred_at, "a time is written as times are");
  }
  return 0;
}
