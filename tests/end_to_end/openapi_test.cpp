#include "tests/end_to_end/api.h"
#include "tests/support/places.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/wait.h>

// The API's own document: linted, turned into a client by a stranger's generator, and that client plays a whole case.
namespace kintsugi::testing {
namespace {

const std::string node_room = std::string(source_directory) + "/tests/node";

struct Heard {
  int exit = -1;
  std::string out;
};

// A command of a shell, in a directory of its own where tests/node's modules can be found.
class Workshop {
 public:
  Workshop() {
    INFO("scripts/node-modules fetches what is missing");
    REQUIRE(std::filesystem::exists(node_room + "/node_modules/typescript"));
    std::filesystem::create_directory_symlink(node_room + "/node_modules", place_.path("node_modules"));
    for (const char* name : {"package.json", "tsconfig.json", "redocly.yaml", "play.ts"})
      std::filesystem::copy_file(node_room + "/" + name, place_.path(name));
  }
  Heard run(const std::string& words) {
    const int status = std::system(("cd " + place_.path() + " && { " + words + "; } > out.txt 2>&1").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("out.txt")};
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(place_.path(name)) << text; }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(place_.path(name)).rdbuf();
    return text.str();
  }

 private:
  TemporaryDirectory place_;
};

std::string document_of(Workshop& shop, const std::string& language) {
  const Heard made = shop.run(std::string(kintsugi_program) + " --lang " + language + " api openapi");
  INFO(made.out);
  REQUIRE(made.exit == 0);
  return made.out;
}

}  // namespace

TEST_CASE("the API's document has neither an error nor a warning, in both languages", "[openapi]") {
  Workshop shop;
  for (const std::string language : {"ja", "en"}) {
    shop.write("openapi.json", document_of(shop, language));
    const Heard linted = shop.run(
        "REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node node_modules/@redocly/cli/bin/cli.js lint "
        "--config redocly.yaml --format=json openapi.json 2> lint.err");
    INFO(language << "\n" << linted.out << shop.read("lint.err"));
    CHECK(linted.exit == 0);
    const Json report = Json::parse(linted.out, nullptr, false);
    REQUIRE(report.is_object());
    CHECK(report.at("totals").at("errors") == 0);
    CHECK(report.at("totals").at("warnings") == 0);
  }
}

TEST_CASE("a running server shows the document that the program prints, in the reader's language", "[openapi]") {
  Api api;
  Workshop shop;
  for (const std::string language : {"ja", "en"}) {
    const auto shown = api.http->Get("/openapi.json", httplib::Headers{{"Accept-Language", language}});
    REQUIRE(shown);
    CHECK(shown->status == 200);
    CHECK(shown->body == document_of(shop, language));
    const auto again = api.http->Get(
        "/openapi.json",
        httplib::Headers{{"Accept-Language", language}, {"If-None-Match", shown->get_header_value("ETag")}});
    REQUIRE(again);
    CHECK(again->status == 304);
    CHECK(again->body.empty());
  }
}

TEST_CASE("a client generated from the document plays a case from the notice to its end", "[openapi]") {
  Api api;
  Json world = {{"password", api.password}, {"people", Json::object()}, {"device", api.device_token}};
  for (const char* nick : {"sato", "suzuki", "tanaka", "abe", "ono"}) {
    api.enrol(nick);
    world["people"][nick] = {
        {"id", person(nick).text()}, {"mail", api.mails[nick]}, {"secret", to_hex(bytes_of(api.secrets[nick]))}};
  }
  for (const auto& [name, owner] : {std::pair{"gate", "midori"}, std::pair{"exit", "alpha"}})
    world[name] = *api.server->accounts().new_token(CredentialKind::gate_token, access_point_of(owner).text());
  api.go_on_outside();
  world["url"] = api.url;

  Workshop shop;
  shop.write("openapi.json", document_of(shop, "en"));
  const Heard generated = shop.run("node node_modules/openapi-typescript/bin/cli.js openapi.json -o api.d.ts");
  INFO(generated.out);
  REQUIRE(generated.exit == 0);
  const Heard compiled = shop.run("node node_modules/typescript/bin/tsc --project . --noEmit false");
  INFO(compiled.out);
  REQUIRE(compiled.exit == 0);
  shop.write("world.json", world.dump());
  const Heard played = shop.run("NODE_EXTRA_CA_CERTS=" + api.certificate() + " node play.js < world.json");
  INFO(played.out);
  REQUIRE(played.exit == 0);
  CHECK(played.out.ends_with("sign_off closed\ncase closed\n"));
}

}  // namespace kintsugi::testing
