#include "engine/masters/masters.h"
#include "programs/cli/client/masters_text.h"
#include "tests/fuzz/fuzz.h"

// Masters, policies and rosters as people write them, in TOML or JSON. What the engine can read of it is written as
// TOML and reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  static const cli::Tongue tongue(cli::Language::ja);
  const std::string text(fuzz::text_of(data, size));
  if (!text.starts_with('{') && fuzz::nests_deeper(text, fuzz::toml_depth_max)) return 0;
  const auto read = cli::masters_from(text, "typed", tongue);
  if (!read) {
    fuzz::must(!read.error().what.empty(), "a mistake is said");
    return 0;
  }
  fuzz::must(!read->dump().empty(), "what was read can be sent");
  std::vector<Mistake> mistakes;
  const Masters masters = read_masters(*read, mistakes);
  if (!mistakes.empty() || !masters.retire.empty()) return 0;
  const Json whole = Json::parse(to_json_text(masters));
  const auto again = cli::masters_from(cli::masters_toml(whole, tongue), "written", tongue);
  fuzz::must(again && *again == whole, "a file of masters that was written reads the same");
  return 0;
}
