#include "adapters/sqlite/store.h"
#include "engine/audit/export.h"
#include "programs/cli/commands.h"
#include "programs/cli/report.h"
#include "programs/server/store_log.h"
#include "programs/server/verification.h"

#include <fmt/format.h>

#include <algorithm>
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

int judge(const std::vector<audit::Report>& reports, const Tongue& say) {
  bool sound = true;
  for (const audit::Report& one : reports) {
    fmt::print("{}\n", in_words(one, say));
    sound = sound && one.sound();
  }
  fmt::print("{}\n", sound ? say("audit.verified") : say("audit.not_verified"));
  return sound ? ok : not_verified;
}

int verify(const std::string& directory, const std::string& vkey, const Tongue& say) {
  std::error_code error;
  if (!fs::exists(fs::path(directory) / "identity.json", error)) {
    if (!fs::is_directory(directory, error) || fs::is_empty(directory, error))
      return report({Errc::NotFound, say("audit.nowhere", directory)});
    if (vkey.empty()) return report({Errc::Invalid, say("audit.key")});
    const auto key = key_from(vkey);
    if (!key) return report(key.error(), say);
    return judge({audit::verify_export(directory, verify_options(as_of(*key, directory)))}, say);
  }
  auto live = open_live(directory);
  if (!live) return report(live.error(), say);
  if (vkey.empty()) {
    const auto reports = verify_store(*live->store, live->home);
    return reports ? judge(*reports, say) : report(reports.error(), say);
  }
  const auto key = key_from(vkey);
  if (!key) return report(key.error(), say);
  StoreLog log(*live->store, key->name);
  return judge({audit::verify_log(log, verify_options(*key))}, say);
}

// Is there such a log? Its name is told with those that there are.
Result<> knows(Live& live, const std::string& origin, const Tongue& say) {
  const auto logs = live.store->audit_logs();
  if (!logs) return pass(logs);
  if (std::ranges::count(*logs, origin) > 0) return {};
  std::string known;
  for (const std::string& one : *logs)
    known += (known.empty() ? "" : ", ") + one;
  return fail(Errc::NotFound, say("audit.no_log", origin, known));
}

int prove(const std::string& directory, const std::string& origin, std::int64_t index, const Tongue& say) {
  auto live = open_live(directory);
  if (!live) return report(live.error(), say);
  if (const auto known = knows(*live, origin, say); !known) return report(known.error());
  StoreLog log(*live->store, origin);
  const auto proof = audit::prove(log, index);
  if (!proof) return report(proof.error(), say);
  fmt::print("{}", audit::format_tlog_proof(*proof));
  return ok;
}

int write(const std::string& directory, const std::string& origin, const std::string& to, const Tongue& say) {
  auto live = open_live(directory);
  if (!live) return report(live.error(), say);
  if (const auto known = knows(*live, origin, say); !known) return report(known.error());
  const auto key = key_of_log(live->home, origin);
  if (!key) return report(key.error(), say);
  StoreLog log(*live->store, origin);
  const auto done = audit::write_export(log, *key, to);
  if (!done) return report(done.error(), say);
  fmt::print("{}\n", say("audit.written", done->size, origin, to));
  return ok;
}

int list(const std::string& directory, const Tongue& say) {
  auto live = open_live(directory);
  if (!live) return report(live.error(), say);
  const auto logs = live->store->audit_logs();
  if (!logs) return report(logs.error(), say);
  for (const std::string& origin : *logs) {
    const auto size = live->store->audit_size(origin);
    const auto key = key_of_log(live->home, origin);
    fmt::print("{}\n", say("audit.log", origin, size ? *size : 0, key ? audit::format_vkey(*key) : std::string()));
  }
  return ok;
}

}  // namespace

std::string in_words(const audit::Report& report, const Tongue& say) {
  std::string out = report.origin + ": " + (report.sound() ? say("audit.sound") : say("audit.not_sound")) + "\n";
  out += say("audit.counts", report.records, report.cases, report.signed_size, report.not_yet_signed) + "\n";
  out += say("audit.root", to_base64(report.root), report.verified.witnesses) + "\n";
  for (const auto& [id, items] : report.debt)
    out += say("audit.owed", items, id) + "\n";
  for (const audit::Defect& one : report.defects) {
    const std::string record = one.index < 0 ? std::string() : say("audit.record", one.index);
    const std::string of_case = one.case_id.empty() ? std::string() : " " + one.case_id;
    out += say("audit.defect", record, of_case, in_words(one.what, say)) + "\n";
  }
  const auto unlisted = report.defect_count - static_cast<std::int64_t>(report.defects.size());
  if (unlisted > 0) out += say("audit.more", unlisted) + "\n";
  return out;
}

void add_audit(CLI::App& app, int& exit, const Tongue& say) {
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
  one->callback([options, &exit, say] { exit = verify(options->directory, options->vkey, say); });

  at(noun->add_subcommand("list", "the logs and their keys"))->callback([options, &exit, say] {
    exit = list(options->directory, say);
  });

  one = at(noun->add_subcommand("prove", "a proof that one record is in the log"));
  one->add_option("--log", options->log, "its origin")->required();
  one->add_option("--index", options->index, "of the record")->required();
  one->callback([options, &exit, say] { exit = prove(options->directory, options->log, options->index, say); });

  one = at(noun->add_subcommand("export", "write a log as a directory that anybody can check"));
  one->add_option("--log", options->log, "its origin")->required();
  one->add_option("--to", options->to, "directory to make")->required();
  one->callback([options, &exit, say] { exit = write(options->directory, options->log, options->to, say); });
}

}  // namespace kintsugi::cli
