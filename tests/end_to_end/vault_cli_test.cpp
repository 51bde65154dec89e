#include "tests/end_to_end/api.h"
#include "tests/support/wait.h"

#include <algorithm>

// `kintsugi vault rotate` as an operator runs it.
namespace kintsugi::testing {

TEST_CASE("a new wrapping key is made with the server stopped, stands in the hospital's log, and all texts open",
          "[vault]") {
  Api api;
  const std::string path = api.report();
  const std::string bearer = api.token("sato");
  const std::string document = Json::parse(api.get(path, bearer)->body).at("documents").front().at("href");
  const std::string rotate = "vault rotate --data " + api.directory.path("data");
  CHECK(run(rotate).exit == 4);  // the server has the directory

  api.stop();
  const Ran rotated = run(rotate);
  INFO(rotated.output);
  REQUIRE(rotated.exit == 0);
  CHECK(rotated.output.find("2 keys wrapped anew") != std::string::npos);
  CHECK(run(rotate).exit == 0);
  const auto records = api.records("midori");
  std::vector<Json> generations;
  for (const Json& one : records)
    if (one["ev"] == "kek.retired") generations.push_back(one["x"]["gen"]);
  CHECK(generations == std::vector<Json>{1, 2});

  api.go_on_outside();
  const auto read = api.get(document, bearer);
  CHECK(read->status == 200);
  CHECK(read->body.find("pressure low") != std::string::npos);
  // What was recorded while nobody signed is signed by the next server.
  CHECK(wait_until([&] { return run("audit verify " + api.directory.path("data")).exit == 0; },
                   std::chrono::seconds(20)));
}

}  // namespace kintsugi::testing
