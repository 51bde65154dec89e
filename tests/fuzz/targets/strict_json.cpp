#include "adapters/http/strict_json.h"

#include "tests/fuzz/fuzz.h"

// Bodies of requests: what is taken is JSON to others too, not deeper than allowed, and the same when it is printed
// and read again.
namespace kintsugi::fuzz {
namespace {

int depth_of(const Json& json) {
  int deepest = 0;
  for (const Json& one : json)
    if (one.is_structured()) deepest = std::max(deepest, depth_of(one));
  return deepest + 1;
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const std::string_view text = fuzz::text_of(data, size);
  const auto read = http::read_strict(text);
  if (!read) {
    const std::string& pointer = read.error().pointer;
    fuzz::must(pointer.empty() || pointer.front() == '/', "a fault's place is a JSON pointer");
    fuzz::must(read.error().byte <= size + 1, "a fault lies within the text");
    return 0;
  }
  fuzz::must(Json::accept(text), "what is taken is JSON");
  if (read->is_structured()) fuzz::must(fuzz::depth_of(*read) <= http::json_depth_max, "the depth is bounded");
  const auto again = http::read_strict(read->dump());
  fuzz::must(again && *again == *read, "what was printed reads the same");
  return 0;
}
