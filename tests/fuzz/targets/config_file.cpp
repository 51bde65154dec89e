#include "programs/server/config.h"
#include "tests/fuzz/bytes_file.h"
#include "tests/fuzz/fuzz.h"

// kintsugi.toml: whatever stands in it, every mistake is said, and nothing is thrown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  static fuzz::BytesFile file;
  if (fuzz::nests_deeper(fuzz::text_of(data, size), fuzz::toml_depth_max)) return 0;
  fuzz::must(file.hold(fuzz::text_of(data, size)), "a file in memory holds what it is told");
  const ConfigRead read = read_config(file.path(), true);
  for (const std::string& mistake : read.mistakes)
    fuzz::must(!mistake.empty(), "a mistake is said");
  const http::Listening& listening = read.config.listening;
  fuzz::must(listening.port >= 0 && listening.port <= 65'535, "a port is one");
  fuzz::must(listening.signed_in_rate_per_s >= 1 && listening.signed_in_burst >= 1, "somebody may come in");
  return 0;
}
