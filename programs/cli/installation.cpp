#include "adapters/http/version.h"
#include "engine/base/bytes.h"
#include "engine/base/log.h"
#include "engine/run/registry.h"
#include "programs/cli/client/masters_text.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"
#include "programs/cli/opened.h"
#include "programs/cli/report.h"
#include "programs/server/masters_file.h"
#include "programs/server/server.h"
#include "programs/server/signals.h"
#include "programs/server/trouble.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace kintsugi::cli {
namespace {

struct Init {
  std::string data, world, log_base;
  std::string hospital = "Hospital", hospital_mail = "admin@hospital.example";
  std::string centre = "Service centre", centre_mail = "admin@centre.example";
};

int complain(const std::vector<Mistake>& mistakes, const Tongue& say) {
  for (const Mistake& one : mistakes) {
    const std::string& what = say.language() == Language::ja ? one.ja : one.en;
    fmt::print(stderr, "kintsugi: {}{}{}\n", one.place, one.place.empty() ? "" : ": ", what);
  }
  return usage;
}
int complain(const std::vector<std::string>& mistakes, const Tongue& say) {
  for (const std::string& one : mistakes)
    fmt::print(stderr, "kintsugi: {}\n", in_words(one, say));
  return usage;
}

Result<Json> masters_in(const std::string& path, const Tongue& say) {
  const auto text = whole_file(say, path);
  if (!text) return pass(text);
  return masters_from(*text, path, say);
}

int invite(Server& server, const Person& person, const Tongue& say) {
  const auto code = server.accounts().invite(person.id);
  if (!code) return report(code.error(), say);
  fmt::print("{}\n", say("init.code", person.mail, *code));
  return ok;
}

int run_init(const Init& init, const Tongue& say) {
  for (const auto& [option, typed] : {std::pair{"--hospital", init.hospital},
                                      {"--hospital-admin", init.hospital_mail},
                                      {"--centre", init.centre},
                                      {"--centre-admin", init.centre_mail}})
    if (!is_utf8(typed)) return report({Errc::Invalid, say("data.no_utf8", option)});
  SystemClock clock;
  SystemEntropy entropy;
  MastersRead world;
  if (!init.world.empty()) {
    const auto file = masters_in(init.world, say);
    if (!file) return report(file.error());
    world = read_masters_file(*file, Directory{}, clock.now(), entropy);
    if (!world.mistakes.empty()) return complain(world.mistakes, say);
  }
  auto home = make_home(init.data, init.log_base, entropy);
  if (!home) return report(home.error(), say);
  auto server = Server::open(*home, Config{}, clock, entropy);
  if (!server) return report(server.error(), say);
  const FirstPeople first =
      first_people(init.hospital, init.hospital_mail, init.centre, init.centre_mail, clock.now(), entropy);
  std::vector<Master> masters =
      init.world.empty() ? first.masters : rows_of({}, {}, world.masters, ChangeReason::none).masters;
  std::ranges::move(world.integrations, std::back_inserter(masters));
  if (auto done = (*server)->conductor().put_masters(std::move(masters)); !done) return report(done.error(), say);
  fmt::print("{}\n", say("init.ready", init.data, home->log_base));
  if (init.world.empty()) {
    if (const int bad = invite(**server, first.hospital_admin, say); bad != ok) return bad;
    return invite(**server, first.centre_admin, say);
  }
  // Of a given world, whoever administers one of its sides.
  for (const auto& [id, person] : (*server)->conductor().directory()->people())
    if (std::ranges::any_of(person.roles, [](const RoleHeld& held) {
          return held.role == Role::hcf_sysadm || held.role == Role::rsc_mgr;
        }))
      if (const int bad = invite(**server, person, say); bad != ok) return bad;
  return ok;
}

struct Serve {
  std::string data, config, listen;
};

constexpr Duration clock_behind_max = 1min;

std::string told(const Home& home, const Tongue& say) {
  const std::string where = home.directory.string();
  switch (trouble_of(home)) {
    case Trouble::in_use: return say("start.in_use", where);
    case Trouble::read_only: return say("start.read_only", where);
    case Trouble::disk_full: return say("start.disk_full", where);
    case Trouble::older_database: return say("start.older", where);
    case Trouble::other: break;
  }
  return {};
}

void complain_of_clock(Server& server, const Clock& clock, const Tongue& say) {
  const Instant newest = newest_record(server.store());
  const Instant now = clock.now();
  if (newest > now + clock_behind_max)
    fmt::print(stderr, "kintsugi: {}\n", say("start.clock", kintsugi::to_text(now), kintsugi::to_text(newest)));
}

int run_serve(const Serve& serve, const Tongue& say) {
  auto home = open_home(serve.data);
  if (!home) return report(home.error(), say);
  ConfigRead read =
      read_config(serve.config.empty() ? home->config() : std::filesystem::path(serve.config), !serve.config.empty());
  if (!serve.listen.empty() && !set_address(read.config.listening, serve.listen))
    read.mistakes.emplace_back("--listen must be host:port, as 127.0.0.1:8443");
  if (!read.mistakes.empty()) return complain(read.mistakes, say);
  log::set_level(read.config.log_level);
  catch_signals();
  SystemClock clock;
  SystemEntropy entropy;
  const http::Listening listening = read.config.listening;
  auto server = Server::open(*home, std::move(read.config), clock, entropy);
  if (!server) {
    if (const std::string text = told(*home, say); !text.empty()) fmt::print(stderr, "kintsugi: {}\n", text);
    return report(server.error(), say);
  }
  complain_of_clock(**server, clock, say);
  if (auto done = (*server)->start(); !done) {
    if (done.error().code == Errc::Conflict)
      fmt::print(stderr, "kintsugi: {}\n", say("start.port", fmt::format("{}:{}", listening.host, listening.port)));
    return report(done.error(), say);
  }
  fmt::print("{}\n", say("serve.listening", (*server)->url()));
  std::fflush(stdout);
  wait_for_stop();
  (*server)->stop();
  return ok;
}

int run_import(const std::string& data, const std::string& file, const Tongue& say) {
  const auto json = masters_in(file, say);
  if (!json) return report(json.error());
  const auto done = carried_out(data, "import", {{"masters", *json}});
  if (!done) return report(done.error(), say);
  if (const Json& mistakes = list_of(*done, "mistakes"); !mistakes.empty()) {
    std::vector<Mistake> all;
    for (const Json& one : mistakes)
      all.push_back({text_of(one, "place"), text_of(one, "ja"), text_of(one, "en")});
    return complain(all, say);
  }
  fmt::print("{}\n", say("import.done", number_of(*done, "imported")));
  return ok;
}

}  // namespace

std::string said_version() {
  return std::string("kintsugi ") + http::version_text;
}

void add_installation(CLI::App& app, int& exit, const Tongue& say) {
  {
    auto options = std::make_shared<Init>();
    CLI::App* init = app.add_subcommand("init", "make an installation: directory, keys, first administrators");
    init->add_option("--data", options->data, "directory to make")->required();
    init->add_option("--world", options->world, "masters file to begin with");
    init->add_option("--log-base", options->log_base, "name of its audit logs, as audit.example.jp; for ever");
    init->add_option("--hospital", options->hospital, "name of the first hospital");
    init->add_option("--hospital-admin", options->hospital_mail, "mail address of its administrator");
    init->add_option("--centre", options->centre, "name of the first service centre");
    init->add_option("--centre-admin", options->centre_mail, "mail address of its administrator");
    init->callback([options, &exit, say] { exit = run_init(*options, say); });
  }
  {
    auto options = std::make_shared<Serve>();
    CLI::App* serve = app.add_subcommand("serve", "run the engine and its API");
    serve->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
    serve->add_option("--config", options->config, "TOML file; default is kintsugi.toml of the installation");
    serve->add_option("--listen", options->listen, "host:port");
    serve->callback([options, &exit, say] { exit = run_serve(*options, say); });
  }
  {
    auto data = std::make_shared<std::string>();
    auto file = std::make_shared<std::string>();
    CLI::App* masters = app.add_subcommand("import", "put masters from a file, whether the server runs or not");
    masters->add_option("--data", *data, "the installation")->envname("KINTSUGI_DATA")->required();
    masters->add_option("file", *file, "masters file")->required();
    masters->callback([data, file, &exit, say] { exit = run_import(*data, *file, say); });
  }
  app.add_subcommand("version", "what this is")->callback([&exit] {
    fmt::print("{}\n", said_version());
    exit = ok;
  });
}

}  // namespace kintsugi::cli
