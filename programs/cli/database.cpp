#include "adapters/sqlite/directory.h"
#include "adapters/sqlite/maintenance.h"
#include "adapters/sqlite/store.h"
#include "engine/base/bytes.h"
#include "engine/base/clock.h"
#include "programs/cli/commands.h"
#include "programs/cli/doctor/webhook_keys.h"
#include "programs/cli/report.h"
#include "programs/server/backup_note.h"
#include "programs/server/home.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace kintsugi::cli {
namespace {

void show(const std::vector<sqlite::AuditHead>& heads, const Tongue& say) {
  for (const sqlite::AuditHead& one : heads)
    fmt::print("{}\n", say("db.head", one.log, one.size, to_base64(one.root)));
}

int migrate(const std::string& data, const Tongue& say) {
  const auto home = open_home(data);
  if (!home) return report(home.error(), say);
  const auto lock = sqlite::DirectoryLock::take(data);
  if (!lock) return report(lock.error(), say);
  SystemClock clock;
  const auto steps = sqlite::migrate(data, clock.now());
  if (!steps) return report(steps.error(), say);
  fmt::print("{}\n", say("db.steps", *steps));
  return ok;
}

// What does not read is not sound.
int report_unsound(const Error& error, const Tongue& say) {
  const int code = report(error, say);
  return error.code == Errc::Corrupt ? static_cast<int>(not_verified) : code;
}

int check(const std::string& data, const Tongue& say) {
  const auto home = open_home(data);
  if (!home) return report(home.error(), say);
  const auto found = sqlite::check(home->database().string());
  if (!found) return report_unsound(found.error(), say);
  show(found->heads, say);
  for (const std::string& one : found->mistakes)
    fmt::print("{}\n", say("db.wrong", in_words(one, say)));
  fmt::print("{}\n", found->mistakes.empty() ? say("db.sound", found->schema) : say("db.not_sound", found->schema));
  return found->mistakes.empty() ? ok : not_verified;
}

int backup(const std::string& data, const std::string& into, const Tongue& say) {
  const auto home = open_home(data);
  if (!home) return report(home.error(), say);
  SystemClock clock;
  const auto made = sqlite::backup(data, into, clock.now());
  if (!made) return report_unsound(made.error(), say);
  show(made->heads, say);
  fmt::print("{}\n", say("db.copied", into));
  return ok;
}

// What is kept elsewhere on purpose: whoever finds a backup can neither read with it nor sign.
void tell_what_is_missing(const std::string& data, const Tongue& say) {
  const std::filesystem::path here(data);
  std::string needed;
  for (const char* name : {"identity.json", "kek", "secrets.key", "signer", "tls"})
    if (!std::filesystem::exists(here / name)) needed += std::string(needed.empty() ? "" : ", ") + name;
  if (!needed.empty()) fmt::print("{}\n", say("db.bring_back", needed));
  const Home home{.directory = here, .node = {}, .log_base = {}};
  auto store = sqlite::Store::look_at(home.database().string());
  if (!store) return;  // of another schema: doctor says it after the migration
  const auto without = webhooks_without_keys(**store, home.webhook_keys());
  if (!without || without->empty()) return;
  fmt::print("{}\n", say("db.webhooks_without_keys", without->size()));
  for (const WebhookId& one : *without)
    fmt::print("  {}\n", one.text());
}

int restore(const std::string& from, const std::string& data, const Tongue& say) {
  const auto put = sqlite::restore(from, data);
  if (!put) return report_unsound(put.error(), say);
  show(put->heads, say);
  fmt::print("{}\n", say("db.restored", to_text(put->at), data));
  tell_what_is_missing(data, say);
  return ok;
}

// Puts it back for good measure, into a directory beside the installation that goes again, and reads all of it.
int verify(const std::string& from, const std::string& data, const Tongue& say) {
  const auto home = open_home(data);
  if (!home) return report(home.error(), say);
  const std::filesystem::path trial = home->directory / ".backup-on-trial";
  std::error_code ignored;
  std::filesystem::remove_all(trial, ignored);
  const auto put = sqlite::restore(from, trial.string());
  auto found = put ? sqlite::check((trial / "kintsugi.db").string()) : Result<sqlite::Findings>(pass(put));
  std::filesystem::remove_all(trial, ignored);
  if (!found) return report_unsound(found.error(), say);
  show(found->heads, say);
  for (const std::string& one : found->mistakes)
    fmt::print("{}\n", say("db.wrong", in_words(one, say)));
  if (!found->mistakes.empty()) return not_verified;
  SystemClock clock;
  if (auto noted = write_backup_note(home->backup_note(), {.taken_at = put->at, .verified_at = clock.now()}); !noted)
    return report(noted.error(), say);
  fmt::print("{}\n", say("db.verified", to_text(put->at)));
  return ok;
}

}  // namespace

void add_database(CLI::App& app, int& exit, const Tongue& say) {
  struct Options {
    std::string data, other;
  };
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("db", "the database of an installation")->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what) {
    CLI::App* one = noun->add_subcommand(name, what);
    one->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
    return one;
  };
  verb("migrate", "bring it to this build's schema; the server must not be running")->callback([options, &exit, say] {
    exit = migrate(options->data, say);
  });
  verb("check", "read everything, also while the server runs; exit 7 if something is wrong")
      ->callback([options, &exit, say] { exit = check(options->data, say); });
  CLI::App* one = verb("backup", "copy database and key slots, also while the server runs, and check the copy");
  one->add_option("--into", options->other, "new or empty directory")->required();
  one->callback([options, &exit, say] { exit = backup(options->data, options->other, say); });
  one = verb("verify", "put a backup back into a directory of its own, check it and note that it is good");
  one->add_option("--from", options->other, "the backup")->required();
  one->callback([options, &exit, say] { exit = verify(options->other, options->data, say); });
  one = verb("restore", "put a backup into a directory that has no database");
  one->add_option("--from", options->other, "the backup")->required();
  one->callback([options, &exit, say] { exit = restore(options->other, options->data, say); });
}

}  // namespace kintsugi::cli
