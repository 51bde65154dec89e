#include "adapters/http/foreign.h"
#include "adapters/http/limits.h"
#include "adapters/http/strict_json.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

// Faults in the words of Alertmanager and PagerDuty: the same body is read as both. Whatever they say, what goes on
// is short, and of the characters that a code and a key may have.
namespace kintsugi::fuzz {
namespace {

bool is_code(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == ':' || c == '-';
  });
}

void look_at(const http::ForeignNotice& notice) {
  constexpr std::size_t code_max = 64;
  constexpr std::size_t key_max = 200;
  constexpr std::size_t details_max = 90'000;
  constexpr std::string_view severities[] = {"", "info", "warning", "error", "critical"};
  must(is_code(notice.code, code_max), "a code is one");
  must(is_code(notice.dedup_key, key_max), "a key is one");
  must(notice.episode.size() <= http::idempotency_key_bytes_max - key_max, "an occurrence is short");
  must(std::ranges::count(severities, notice.severity) == 1, "a severity is one of four");
  must(notice.details.size() <= details_max && is_utf8(notice.details), "the text is short and UTF-8");
  if (notice.occurred_at.empty()) return;
  const auto at = instant_from(notice.occurred_at);
  must(at && to_text(*at) == notice.occurred_at, "a time is written as times are");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const auto body = http::read_strict(fuzz::text_of(data, size));
  if (!body) return 0;
  Integration labels;
  labels.device_label = "instance";
  for (const Integration* of : {static_cast<const Integration*>(nullptr), &std::as_const(labels)}) {
    const auto notices = http::alertmanager_notices(*body, of);
    if (!notices) {
      fuzz::must(notices.error().what.starts_with('/'), "a mistake has its place");
      continue;
    }
    fuzz::must(notices->size() <= http::alerts_max, "a message has few alerts");
    for (const http::ForeignNotice& one : *notices)
      fuzz::look_at(one);
  }
  const auto event = http::pagerduty_event(*body);
  if (event && event->notice) fuzz::look_at(*event->notice);
  fuzz::must(event || !event.error().what.empty(), "a mistake has its words");
  return 0;
}
