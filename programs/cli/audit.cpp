#include "adapters/sqlite/store.h"
#include "engine/audit/export.h"
#include "programs/cli/commands.h"
#include "programs/server/store_log.h"
#include "programs/server/verification.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>

namespace kintsugi::cli {
namespace {

namespace fs = std::filesystem;

// A verifier key given as text or as the file that holds it.
Result<audit::VerifierKey> key_from(const std::string& given) {
  std::string text = given;
  if (std::ifstream file(given); file) std::getline(file, text);
  return audit::parse_vkey(text);
}

// An installation's key (DIR/log.vkey) is good for each of its logs; an export says which of them it is.
audit::VerifierKey as_of(audit::VerifierKey key, const std::string& directory) {
  std::ifstream file(fs::path(directory) / "checkpoint");
  std::string origin;
  if (std::getline(file, origin) && origin.starts_with(key.name + "/")) key.name = origin;
  return key;
}

struct Live {
  Home home;
  std::unique_ptr<sqlite::Store> store;
};
Result<Live> open_live(const std::string& directory) {
  auto home = open_home(directory);
  if (!home) return pass(home);
  auto store = sqlite::Store::look_at(home->database().string());
  if (!store) return pass(store);
  return Live{std::move(*home), std::move(*store)};
}

int judge(const std::vector<audit::Report>& reports) {
  bool sound = true;
  for (const audit::Report& one : reports) {
    fmt::print("{}\n", to_text(one));
    sound = sound && one.sound();
  }
  fmt::print("{}\n", sound ? "VERIFIED" : "NOT VERIFIED");
  return sound ? ok : not_verified;
}

int verify(const std::string& directory, const std::string& vkey) {
  std::error_code error;
  if (!fs::exists(fs::path(directory) / "identity.json", error)) {
    if (vkey.empty()) return report({Errc::Invalid, "give the log's key with --vkey, got by another way"});
    const auto key = key_from(vkey);
    if (!key) return report(key.error());
    return judge({audit::verify_export(directory, verify_options(as_of(*key, directory)))});
  }
  auto live = open_live(directory);
  if (!live) return report(live.error());
  if (vkey.empty()) {
    const auto reports = verify_store(*live->store, live->home);
    return reports ? judge(*reports) : report(reports.error());
  }
  const auto key = key_from(vkey);
  if (!key) return report(key.error());
  StoreLog log(*live->store, key->name);
  return judge({audit::verify_log(log, verify_options(*key))});
}

int prove(const std::string& directory, const std::string& origin, std::int64_t index) {
  auto live = open_live(directory);
  if (!live) return report(live.error());
  StoreLog log(*live->store, origin);
  const auto proof = audit::prove(log, index);
  if (!proof) return report(proof.error());
  fmt::print("{}", audit::format_tlog_proof(*proof));
  return ok;
}

int write(const std::string& directory, const std::string& origin, const std::string& to) {
  auto live = open_live(directory);
  if (!live) return report(live.error());
  const auto key = key_of_log(live->home, origin);
  if (!key) return report(key.error());
  StoreLog log(*live->store, origin);
  const auto done = audit::write_export(log, *key, to);
  if (!done) return report(done.error());
  fmt::print("{} records of {} in {}\n", done->size, origin, to);
  return ok;
}

int list(const std::string& directory) {
  auto live = open_live(directory);
  if (!live) return report(live.error());
  const auto logs = live->store->audit_logs();
  if (!logs) return report(logs.error());
  for (const std::string& origin : *logs) {
    const auto size = live->store->audit_size(origin);
    const auto key = key_of_log(live->home, origin);
    fmt::print("{}  {} records  {}\n", origin, size ? *size : 0, key ? audit::format_vkey(*key) : "");
  }
  return ok;
}

}  // namespace

void add_audit(CLI::App& app, int& exit) {
  struct Options {
    std::string directory, vkey, log, to;
    std::int64_t index = 0;
  };
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("audit", "the audit logs; also while the server runs")->require_subcommand(1);
  const auto at = [&](CLI::App* verb) {
    verb->add_option("directory", options->directory, "an installation or an exported log")->required();
    return verb;
  };
  CLI::App* one =
      at(noun->add_subcommand("verify", "check every record, root and signature; exit 7 if one is wrong"));
  one->add_option("--vkey", options->vkey, "the log's verifier key, or the file that holds it");
  one->callback([options, &exit] { exit = verify(options->directory, options->vkey); });

  at(noun->add_subcommand("list", "the logs and their keys"))->callback([options, &exit] {
    exit = list(options->directory);
  });

  one = at(noun->add_subcommand("prove", "a proof that one record is in the log"));
  one->add_option("--log", options->log, "its origin")->required();
  one->add_option("--index", options->index, "of the record")->required();
  one->callback([options, &exit] { exit = prove(options->directory, options->log, options->index); });

  one = at(noun->add_subcommand("export", "write a log as a directory that anybody can check"));
  one->add_option("--log", options->log, "its origin")->required();
  one->add_option("--to", options->to, "directory to make")->required();
  one->callback([options, &exit] { exit = write(options->directory, options->log, options->to); });
}

}  // namespace kintsugi::cli
