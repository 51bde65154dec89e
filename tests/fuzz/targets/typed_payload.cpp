#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/fault_response/workflow.h"

// What somebody types after `kintsugi act`: an event on the first line, then `name=value` a line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  static const cli::Tongue tongue(cli::Language::en);
  const Instant now = *instant_from("2026-03-04T09:00:00Z");
  std::string_view rest = fuzz::text_of(data, size);
  cli::Typed typed;
  typed.event = fuzz::take_line(rest);
  while (!rest.empty())
    typed.data.emplace_back(fuzz::take_line(rest));
  for (const std::string& one : typed.data) {
    if (const auto at = cli::moment_from(one, now))
      fuzz::must(instant_from(to_text(*at)) == *at, "a moment can be written");
    if (const auto span = cli::span_from(one)) fuzz::must(!cli::to_text(*span).empty(), "a span can be written");
    std::ignore = cli::to_the_second(one);
  }
  const EventInfo* event = fault_response::fault_response().event(typed.event);
  if (event == nullptr) return 0;
  const auto payload = cli::payload_of(typed, event->schema, now, tongue);
  if (!payload) {
    fuzz::must(!payload.error().what.empty(), "a mistake is said");
    return 0;
  }
  fuzz::must(payload->is_object() && !payload->dump().empty(), "a payload is an object that can be sent");
  std::ignore = cli::fields_text(*payload, cli::form_of(event->schema, cli::Language::ja));
  return 0;
}
