#include "adapters/sqlite/store.h"
#include "engine/audit/record.h"
#include "engine/base/clock.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/doctor/examine.h"
#include "programs/cli/doctor/machine.h"
#include "programs/cli/doctor/webhook_keys.h"
#include "programs/cli/report.h"
#include "programs/server/config.h"
#include "programs/server/verification.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

namespace fs = std::filesystem;

class Examination {
 public:
  Examination(Home home, const Tongue& say) : home_(std::move(home)), say_(say), now_(SystemClock().now()) {}

  Findings run() {
    rights();
    keys();
    configuration();
    port();
    certificate();
    clock();
    disk();
    mail_server();
    database();
    return std::move(out_);
  }

 private:
  void rights() {
    std::string open;
    const auto look = [&](const fs::path& path) {
      struct stat found {};
      if (::stat(path.c_str(), &found) != 0) return;
      if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0 || found.st_uid != ::geteuid())
        open += (open.empty() ? "" : " ") + path.string();
    };
    // The directory shuts everything in; keys are shut in once more, for whoever copies them elsewhere.
    for (const fs::path& one : {home_.directory, home_.kek(), home_.secrets_key(), home_.certificate_key()})
      look(one);
    if (open.empty()) return out_.good("directory", say_("doctor.rights", home_.directory.string()));
    out_.wrong("directory", say_("doctor.rights_open", open), say_("doctor.rights_do", open));
  }

  // What a server makes anew where it is missing, and must not where something was sealed or signed with it.
  void keys() {
    std::string missing;
    for (const fs::path& one : {home_.kek(), home_.slots(), home_.secrets_key(), home_.signer() / "seed"})
      if (std::error_code ignored; !fs::exists(one, ignored)) missing += (missing.empty() ? "" : " ") + one.string();
    if (missing.empty()) return out_.good("keys", say_("doctor.keys"));
    out_.wrong("keys", say_("doctor.keys_missing", missing), say_("doctor.keys_do"));
  }

  void configuration() {
    ConfigRead read = read_config(home_.config(), false);
    config_ = std::move(read.config);
    if (read.mistakes.empty()) return out_.good("configuration", say_("doctor.config"));
    std::string all;
    for (const std::string& one : read.mistakes)
      all += (all.empty() ? "" : "; ") + in_words(one, say_);
    out_.wrong("configuration", all, say_("doctor.config_do", home_.config().string()));
  }

  // As the server decides it: a proxy that ends TLS needs no certificate of ours.
  bool tls() const {
    const http::Listening& at = config_.listening;
    return !config_.plain_http && !(at.behind_proxy && at.certificate_path.empty());
  }
  std::string certificate_file() const {
    const std::string& chosen = config_.listening.certificate_path;
    return chosen.empty() ? home_.certificate().string() : chosen;
  }

  // By its certificate, because it may bear a name under which this machine does not know itself.
  bool ours_answers(const std::string& host, int port) {
    if (!tls())
      return Api({.url = "http://" + host + ":" + std::to_string(port), .ca_file = {}}, {}, say_)
          .get("/livez")
          .good();
    const auto theirs = certificate_end(host, port);
    const auto ours = certificate_end(certificate_file());
    return theirs && ours && *theirs == *ours;
  }

  void port() {
    const http::Listening& at = config_.listening;
    const std::string where = at.host + ":" + std::to_string(at.port);
    if (at.port == 0 || can_listen(at.host, at.port)) return out_.good("port", say_("doctor.port_free", where));
    if (ours_answers(at.host, at.port)) return out_.good("port", say_("doctor.port_ours", where));
    out_.wrong("port", say_("doctor.port_taken", where), say_("doctor.port_do"));
  }

  void certificate() {
    if (!tls()) return out_.good("certificate", say_("doctor.plain"));
    const std::string file = certificate_file();
    const auto end = certificate_end(file);
    if (!end) return out_.wrong("certificate", say_("doctor.certificate_bad", file), say_("doctor.certificate_do"));
    const std::string& chosen = config_.listening.key_path;
    if (!belong_together(file, chosen.empty() ? home_.certificate_key().string() : chosen))
      return out_.wrong("certificate", say_("doctor.certificate_key", file), say_("doctor.certificate_do"));
    judge_certificate(out_, *end, now_, say_);
  }

  void clock() {
    if (clock_is_kept()) return out_.good("clock", say_("doctor.clock"));
    out_.attention("clock", say_("doctor.clock_alone"), say_("doctor.clock_do"));
  }

  void disk() {
    std::error_code error;
    const auto space = fs::space(home_.directory, error);
    const auto free_mib = space.available >> 20U;
    if (error || space.available < disk_bytes_needed)
      return out_.wrong("disk", say_("doctor.disk", error ? 0 : free_mib), say_("doctor.disk_do"));
    if (space.available < disk_bytes_wanted)
      return out_.attention("disk", say_("doctor.disk", free_mib), say_("doctor.disk_do"));
    out_.good("disk", say_("doctor.disk", free_mib));
  }

  void mail_server() {
    if (!config_.mail) return out_.attention("mail", say_("doctor.mail_none"), say_("doctor.mail_none_do"));
    const std::string where = config_.mail->host + ":" + std::to_string(config_.mail->port);
    if (greeting(config_.mail->host, config_.mail->port).starts_with("220"))
      return out_.good("mail", say_("doctor.mail", where));
    out_.wrong("mail", say_("doctor.mail_silent", where), say_("doctor.mail_do"));
  }

  void database() {
    auto store = sqlite::Store::look_at(home_.database().string());
    if (!store) {
      if (store.error().code == Errc::NotFound)
        return out_.wrong("schema", store.error().what, say_("doctor.no_database_do"));
      const bool other_schema = store.error().code == Errc::Refused;
      return out_.wrong("schema", in_words(store.error(), say_),
                        other_schema ? say_("doctor.schema_do", home_.directory.string())
                                     : say_("doctor.database_do", home_.directory.string()));
    }
    out_.good("schema", say_("doctor.schema"));
    effects(**store);
    webhook_keys(**store);
    logs(**store);
  }

  void effects(Store& store) {
    OutboxFilter filter;
    filter.limit = 1000;
    filter.state = EffectState::gave_up;
    const auto given_up = store.outbox(filter);
    filter.state = EffectState::waiting;
    const auto waiting = store.outbox(filter);
    if (!given_up || !waiting)
      return out_.wrong("effects", in_words((given_up ? waiting : given_up).error(), say_),
                        say_("doctor.database_do", home_.directory.string()));
    if (!given_up->empty())
      return out_.wrong("effects", say_("doctor.effects_given_up", given_up->size()), say_("doctor.effects_do"));
    const auto stuck = std::ranges::count_if(*waiting, [&](const OutboxRow& row) {
      return row.attempts > 0 && now_ - row.effect.at > effect_overdue_max;
    });
    if (stuck == 0) return out_.good("effects", say_("doctor.effects"));
    out_.attention("effects", say_("doctor.effects_stuck", stuck), say_("doctor.effects_stuck_do"));
  }

  void webhook_keys(Store& store) {
    const auto without = webhooks_without_keys(store, home_.webhook_keys());
    if (!without)
      return out_.wrong("webhook_keys", without.error().what, say_("doctor.database_do", home_.directory.string()));
    if (without->empty()) return out_.good("webhook_keys", say_("doctor.webhook_keys"));
    std::string all;
    for (const WebhookId& one : *without)
      all += (all.empty() ? "" : " ") + one.text();
    out_.wrong("webhook_keys", say_("doctor.webhook_keys_none", all), say_("doctor.webhook_keys_do"));
  }

  // Every log: its newest records, whether they are signed, and whether the clock has gone back behind them.
  void logs(Store& store) {
    const auto logs = store.audit_logs();
    if (!logs)
      return out_.wrong("audit", in_words(logs.error(), say_), say_("doctor.audit_do", home_.directory.string()));
    std::int64_t looked_at = 0;
    std::string broken, unsigned_logs;
    Instant newest{};
    for (const std::string& origin : *logs) {
      const auto tail = look_at_tail(store, origin);
      if (!tail) {
        broken += (broken.empty() ? "" : "; ") + origin + ": " + in_words(tail.error(), say_);
        continue;
      }
      looked_at += tail->records;
      newest = std::max(newest, tail->newest);
      if (tail->oldest_unsigned != Instant{} && now_ - tail->oldest_unsigned > unsigned_age_max)
        unsigned_logs += (unsigned_logs.empty() ? "" : ", ") + origin;
    }
    if (broken.empty())
      out_.good("audit", say_("doctor.audit", looked_at));
    else
      out_.wrong("audit", broken, say_("doctor.audit_do", home_.directory.string()));
    if (unsigned_logs.empty())
      out_.good("checkpoint", say_("doctor.checkpoint"));
    else
      out_.attention("checkpoint", say_("doctor.checkpoint_old", unsigned_logs), say_("doctor.checkpoint_do"));
    if (newest > now_ + clock_ahead_max)
      out_.wrong("time", say_("doctor.time_back", to_the_second(kintsugi::to_text(newest))), say_("doctor.clock_do"));
  }

  struct Tail {
    std::int64_t records = 0;
    Instant newest{};
    Instant oldest_unsigned{};
  };
  Result<Tail> look_at_tail(Store& store, const std::string& origin) {
    const auto size = store.audit_size(origin);
    if (!size) return pass(size);
    std::int64_t signed_size = 0;
    const auto note = store.last_checkpoint(origin);
    if (!note) return pass(note);
    if (*note) {
      const auto key = key_of_log(home_, origin);
      if (!key) return pass(key);
      const auto opened = audit::open_checkpoint((*note)->note, verify_options(*key).trust);
      if (!opened) return pass(opened);
      signed_size = opened->checkpoint.size;
      if (signed_size > *size) return fail(Errc::Corrupt, say_("doctor.audit_short"));
    }
    const auto members = audit::event_members(fault_response::fault_response());
    const std::int64_t first = std::max<std::int64_t>(0, *size - tail_records);
    const auto rows = store.audit_rows(origin, first, static_cast<int>(tail_records));
    if (!rows) return pass(rows);
    Tail out;
    std::int64_t expected = first;
    for (const AuditRow& row : *rows) {
      if (row.seq != expected++ || row.leaf != audit::leaf_hash(row.body))
        return fail(Errc::Corrupt, say_("doctor.audit_record", row.seq));
      if (auto sound = audit::check_record(row.body, members); !sound)
        return fail(Errc::Corrupt, say_("doctor.audit_record", row.seq));
      const auto at = instant_from(text_of(Json::parse(row.body, nullptr, false), "t"));
      if (!at) continue;
      out.newest = std::max(out.newest, *at);
      if (row.seq >= signed_size && out.oldest_unsigned == Instant{}) out.oldest_unsigned = *at;
    }
    out.records = static_cast<std::int64_t>(rows->size());
    return out;
  }

  const Home home_;
  const Tongue& say_;
  const Instant now_;
  Config config_;
  Findings out_;
};

}  // namespace

void judge_certificate(Findings& out, Instant end, Instant now, const Tongue& say) {
  const std::string until = to_the_second(kintsugi::to_text(end));
  if (end <= now)
    return out.wrong("certificate", say("doctor.certificate_over", until), say("doctor.certificate_do"));
  if (end - now < certificate_days_wanted)
    return out.attention("certificate", say("doctor.certificate", until), say("doctor.certificate_do"));
  out.good("certificate", say("doctor.certificate", until));
}

Findings examine_directory(const std::string& data, const Tongue& say) {
  auto home = open_home(data);
  if (home) return Examination(std::move(*home), say).run();
  Findings out;
  const bool is_none = home.error().code == Errc::NotFound;
  out.wrong("directory", in_words(home.error(), say),
            is_none ? say("doctor.no_home_do", data) : say("doctor.home_broken_do"));
  return out;
}

}  // namespace kintsugi::cli
