#include "tests/end_to_end/page.h"

#include "tests/end_to_end/private_server.h"
#include "tests/support/places.h"
#include "tests/support/source_tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes page_max{6};

std::string blocks_of(const std::string& path) {
  const auto page = std::ranges::find(source_tree(), path, &SourceFile::path);
  REQUIRE(page != source_tree().end());
  std::string out;
  bool inside = false;
  for (const std::string_view line : lines_of(page->text)) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside) {
      out.append(line).push_back('\n');
    }
  }
  return out;
}

}  // namespace

Ran run_page(const std::string& path, const std::string& directory) {
  const std::string blocks = blocks_of(path);
  REQUIRE(blocks.find("sign_off") != std::string::npos);
  // What it leaves running would hold the pipe open.
  std::ofstream(directory + "/page.sh") << "set -euo pipefail\ntrap 'jobs -p | xargs -r kill' EXIT\n" << blocks;
  const auto programs = std::filesystem::path(kintsugi_program).parent_path().string();
  Run page(Launch{.words = {"bash", "page.sh"},
                  .environment = {"PATH=" + programs + ":" + std::getenv("PATH"), "LC_ALL=C.UTF-8",
                                  "KINTSUGI_LISTEN=127.0.0.1:" + std::to_string(free_port())},
                  .directory = directory},
           page_max);
  const int exit = page.wait();
  return {exit, page.output()};
}

}  // namespace kintsugi::testing
