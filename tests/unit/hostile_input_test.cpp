#include "tests/fuzz/api_on_stage.h"
#include "tests/fuzz/replay.h"
#include "tests/support/places.h"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <vector>

// What libFuzzer has been given and has found (docs/fuzzing.md), once more with this compiler, and some thousands of
// changes of it. A target that is not satisfied ends the program; the input that did it is then in the temporary
// directory, `kintsugi-hostile-input.<target>`.
namespace kintsugi::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t changes_of_each = 40;

fs::path corpus() {
  return fs::path(testing::source_directory) / "tests" / "fuzz" / "corpus";
}

std::vector<fs::path> files_of(const Target& target) {
  std::vector<fs::path> out;
  for (const auto& one : fs::directory_iterator(corpus() / target.name))
    out.push_back(one.path());
  std::ranges::sort(out);
  return out;
}

std::string bytes_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The input in hand, on disk for whoever must find out what it did; gone when all went well.
class InHand {
 public:
  explicit InHand(std::string_view target)
      : path_(fs::temp_directory_path() / ("kintsugi-hostile-input." + std::string(target))) {}
  ~InHand() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  void hold(const std::string& input) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc).write(input.data(), std::ssize(input));
  }

 private:
  const fs::path path_;
};

void give(const Target& target, const std::string& input, const InHand& in_hand) {
  in_hand.hold(input);
  // An allocation of exactly this size, so that AddressSanitizer sees who reads behind its end.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  target.take(exact.data(), exact.size());
}

httplib::Response answered(ApiOnStage& api, const char* method, const std::string& target, std::string body = {},
                           httplib::Headers headers = {}) {
  httplib::Request request;
  request.method = method;
  request.target = target;
  request.path = target.substr(0, target.find('?'));
  request.headers = std::move(headers);
  request.body = std::move(body);
  httplib::Response response;
  api.server().answer(request, response);
  return response;
}

}  // namespace

TEST_CASE("hostile input is taken or refused, and nothing else happens", "[fuzz]") {
  for (const Target& target : targets())
    DYNAMIC_SECTION(target.name) {
      const InHand in_hand(target.name);
      const auto files = files_of(target);
      REQUIRE_FALSE(files.empty());
      for (const fs::path& file : files) {
        const std::string input = bytes_in(file);
        give(target, input, in_hand);
        for (std::uint64_t n = 0; n < changes_of_each; ++n)
          give(target, changed(input, n), in_hand);
      }
      SUCCEED("every input was answered");
    }
}

TEST_CASE("a path or a query that is not UTF-8 is refused, and the next request answered", "[fuzz]") {
  ApiOnStage api;
  for (const char* path : {"/\xFF", "/api/v1/cases/\xE3\x81"}) {
    const httplib::Response response = answered(api, "GET", path);
    CHECK(response.status == 400);
    CHECK(Json::parse(response.body).at("code") == "malformed_request");
  }
  CHECK(answered(api, "GET", "/api/v1/on-call?product_line=%FF", "", {{"Authorization", "Bearer hara"}}).status ==
        400);
  CHECK(answered(api, "GET", "/livez?%FF=1").status == 400);
  CHECK(answered(api, "GET", "/livez").status == 200);
}

TEST_CASE("a body of any depth that comes with an Idempotency-Key is a problem", "[fuzz]") {
  constexpr std::size_t depth = 200'000;
  ApiOnStage api;
  const std::string body = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  const httplib::Headers headers{
      {"Authorization", "Bearer ct-1"}, {"Content-Type", "application/json"}, {"Idempotency-Key", "k"}};
  const httplib::Response response = answered(api, "POST", "/api/v1/compat/alertmanager", body, headers);
  CHECK(response.status == 400);
  CHECK(Json::parse(response.body).at("code") == "malformed_body");
}

TEST_CASE("every corpus of hostile input has its target", "[fuzz]") {
  for (const auto& folder : fs::directory_iterator(corpus())) {
    CAPTURE(folder.path().filename());
    CHECK(std::ranges::count(targets(), folder.path().filename().string(),
                             [](const Target& one) { return std::string(one.name); }) == 1);
  }
}

}  // namespace kintsugi::fuzz
