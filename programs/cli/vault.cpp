#include "adapters/sqlite/directory.h"
#include "adapters/vault/rotation.h"
#include "programs/cli/commands.h"
#include "programs/cli/report.h"
#include "programs/server/server.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

// Into every hospital's log: its keys were among those that were wrapped again.
Result<> record(Server& server, std::uint32_t retired) {
  const Actor self{.id = server.home().node,
                   .kind = Role::sys,
                   .person = {},
                   .org = {},
                   .auth = "job",
                   .sign_in = {},
                   .address = {}};
  Conductor& conductor = server.conductor();
  auto done = conductor.record("kek.retired", {}, self, Role::sys, {{"gen", retired}});
  for (const auto& [id, organisation] : conductor.directory()->organisations())
    if (done && organisation.side == Side::hcf)
      done = conductor.record("kek.retired", id, self, Role::sys, {{"gen", retired}});
  return done;
}

int rotate(const std::string& data, const Tongue& say) {
  auto home = open_home(data);
  if (!home) return report(home.error(), say);
  SystemClock clock;
  SystemEntropy entropy;
  Result<vault::Rotated> rotated = fail(Errc::Transient, "");
  {
    const auto lock = sqlite::DirectoryLock::take(data);
    if (!lock) return report(lock.error(), say);
    rotated = vault::rotate({home->slots().string(), home->kek().string()}, entropy);
    if (!rotated) return report(rotated.error(), say);
  }
  fmt::print("{}\n", say("vault.rotated", rotated->keys, rotated->retired));
  if (rotated->unopened > 0) fmt::print("{}\n", say("vault.unopened", rotated->unopened));
  auto server = Server::open(std::move(*home), Config{}, clock, entropy);
  if (!server) return report(server.error(), say);
  if (auto done = record(**server, rotated->retired); !done) return report(done.error(), say);
  fmt::print("{}\n", say("vault.backups"));
  return ok;
}

}  // namespace

void add_vault(CLI::App& app, int& exit, const Tongue& say) {
  auto data = std::make_shared<std::string>();
  CLI::App* noun = app.add_subcommand("vault", "the keys of the cases")->require_subcommand(1);
  CLI::App* one = noun->add_subcommand(
      "rotate", "a new key to wrap them with, and the old one destroyed; with the server stopped");
  one->add_option("--data", *data, "the installation")->envname("KINTSUGI_DATA")->required();
  one->callback([data, &exit, say] { exit = rotate(*data, say); });
}

}  // namespace kintsugi::cli
