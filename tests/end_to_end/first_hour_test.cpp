#include "tests/end_to_end/page.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

// The pages of the first hour, exactly as they stand, with the real binary.
namespace kintsugi::testing {

TEST_CASE("the first hour goes from an empty directory to a closed case, exactly as its page says", "[cli]") {
  const TemporaryDirectory directory;
  const Ran ran = run_page("docs/first-hour.md", directory.path());
  INFO(ran.output);
  CHECK(ran.exit == 0);
  CHECK(ran.output.find("sign_off → closed") != std::string::npos);
  CHECK(ran.output.find("\nVERIFIED") != std::string::npos);
}

TEST_CASE("the first hour with curl goes from an empty directory to a closed case, exactly as its page says",
          "[api]") {
  const TemporaryDirectory directory;
  const Ran ran = run_page("docs/first-hour-curl.md", directory.path());
  INFO(ran.output);
  CHECK(ran.exit == 0);
  CHECK(ran.output.find("closed by sign_off (F81)") != std::string::npos);
  CHECK(ran.output.find("\nVERIFIED") != std::string::npos);
}

}  // namespace kintsugi::testing
