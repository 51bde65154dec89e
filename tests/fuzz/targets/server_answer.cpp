#include "engine/base/bytes.h"
#include "programs/cli/client/case_text.h"
#include "programs/cli/client/events.h"
#include "programs/cli/client/masters_text.h"
#include "programs/cli/client/problem.h"
#include "programs/cli/client/reading.h"
#include "tests/fuzz/fuzz.h"

#include <charconv>

// What a server answers to the command line: a status on the first line, then a body, which is also read as a stream
// of events. Nothing of it can move the cursor of a terminal, and a stream says the same however it is cut.
namespace kintsugi::fuzz {
namespace {

void look_at_text(std::string_view text) {
  must(cli::harmless(text) == text, "what is shown is harmless for a terminal");
}

void look_at_stream(std::string_view bytes) {
  cli::EventReader whole;
  const auto all = whole.take(bytes);
  cli::EventReader cut;
  std::size_t n = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 7)
    for (const cli::Happening& one : cut.take(bytes.substr(at, 7))) {
      must(n < all.size() && one.id == all[n].id && one.event == all[n].event &&
               one.data.is_discarded() == all[n].data.is_discarded(),
           "a stream that is cut says the same");
      ++n;
    }
  must(n == all.size(), "a stream that is cut says all of it");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  static const cli::Tongue tongue(cli::Language::ja);
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view status = fuzz::take_line(rest);
  cli::Reply reply;
  std::from_chars(status.data(), status.data() + status.size(), reply.status);
  reply.body = rest;
  reply.json = cli::json_from(rest);
  std::ignore = cli::exit_of(reply);
  const cli::Paint plain;
  const cli::About about{.server = "https://kintsugi.example", .case_ref = "K26-0000012-4", .event = "approve"};
  const cli::Page page{.tongue = tongue, .paint = plain, .now = *instant_from("2026-03-04T09:00:00Z")};
  fuzz::look_at_text(cli::to_text(reply, about, tongue, plain));
  fuzz::look_at_text(cli::case_text(reply.json, page));
  fuzz::look_at_text(cli::request_text(reply.json, page));
  fuzz::look_at_text(cli::state_text(reply.json, page));
  fuzz::look_at_text(cli::judgement_text(reply.json, tongue));
  fuzz::look_at_text(cli::differences_text(reply.json, tongue, plain));
  fuzz::look_at_text(cli::consequences_text(reply.json, tongue, plain));
  fuzz::must(is_utf8(cli::masters_toml(reply.json, tongue)), "a file of masters is UTF-8");
  if (reply.json.is_array()) fuzz::look_at_text(cli::cases_text(reply.json, page));
  fuzz::look_at_stream(rest);
  return 0;
}
