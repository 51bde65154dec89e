#include "programs/server/health_checks.h"

#include "programs/server/backup_note.h"
#include "programs/server/clock_watch.h"
#include "programs/server/trouble.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sys/timex.h>

namespace kintsugi {
namespace {

using enum Condition;

constexpr Duration unsigned_max = 60s;  // the signer works every second
constexpr Duration effect_attention = 15min;
constexpr Duration effect_wrong = 4h;
constexpr Duration jump_remembered = 1h;
constexpr Duration clock_behind_max = 1min;
constexpr Duration backup_attention = std::chrono::hours(48);
constexpr Duration backup_wrong = std::chrono::hours(24 * 8);
constexpr Duration mail_attention = 2min;
constexpr Duration mail_wrong = 30min;
constexpr int looks_missed_max = 10;
constexpr Duration look_slack = 1min;
constexpr std::uintmax_t disk_wrong = std::uintmax_t{100} << 20;
constexpr std::uintmax_t disk_attention = std::uintmax_t{1} << 30;

Found is_good(std::string ja, std::string en) {
  return {.condition = good, .found = {std::move(ja), std::move(en)}, .todo = {}};
}
Found is_not(Condition condition, Text found, Text todo) {
  return {.condition = condition, .found = std::move(found), .todo = std::move(todo)};
}
const Text look_at_log{"サーバーのログで error を調べてください。", "Look for errors in the server's log."};

// 90 s, 5 min, 3 h, 2 d: as exact as anybody wants to read it.
std::string words_for(Duration age) {
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  if (s < 120) return fmt::format("{} s", s);
  if (s < 2 * 3600) return fmt::format("{} min", s / 60);
  if (s < 2 * 86'400) return fmt::format("{} h", s / 3600);
  return fmt::format("{} d", s / 86'400);
}

Found store_found(Conductor& conductor) {
  const auto done = conductor.chore([](Batch&) { return Result<>{}; });
  if (done) return is_good("書き込めます", "it can be written");
  return is_not(wrong, {"データベースに書き込めません", "the database cannot be written"},
                {"ディスクの空きとログを調べてください。直るまで何も受け付けられません。",
                 "Look at the disk and at the log; nothing is taken until it is mended."});
}

Found audit_found(const Integrator& integrator) {
  if (integrator.working()) return is_good("記録も署名もできます", "records are written and signed");
  return is_not(wrong,
                {"監査ログに書けないか署名できません。接続は開かれません",
                 "the audit log cannot be written or signed; nothing is opened"},
                look_at_log);
}

Found checkpoint_found(Store& store, const Clock& clock, Seen& seen) {
  const auto logs = store.audit_logs();
  if (!logs) return is_not(wrong, {"監査ログを読めません", "the audit logs cannot be read"}, look_at_log);
  bool signed_up = true;
  for (const std::string& log : *logs) {
    const auto size = store.audit_size(log);
    const auto checkpoint = store.last_checkpoint(log);
    signed_up = signed_up && size && checkpoint && *checkpoint && (*checkpoint)->size >= *size;
  }
  const Instant now = clock.now();
  if (signed_up || seen.signed_up_at == 0) seen.signed_up_at = now.time_since_epoch().count();
  const Duration age = now - Instant{Duration{seen.signed_up_at.load()}};
  if (age <= unsigned_max) return is_good("新しい記録まで署名されています", "signed up to the newest records");
  return is_not(wrong, {"署名が " + words_for(age) + " 遅れています", "signatures are behind by " + words_for(age)},
                look_at_log);
}

Found oldest_found(Store& store, const Clock& clock) {
  const auto summary = store.outbox_summary();
  if (!summary) return is_not(wrong, {"送信待ちを読めません", "the outbox cannot be read"}, look_at_log);
  const Duration age = summary->oldest == Instant{} ? Duration{} : clock.now() - summary->oldest;
  if (age <= effect_attention) return is_good("滞っている送信はありません", "nothing is stuck");
  return is_not(age > effect_wrong ? wrong : attention,
                {"最も古い送信待ちは " + words_for(age) + " 前のものです",
                 "the oldest undelivered effect is " + words_for(age) + " old"},
                {"kintsugi outbox list --state waiting で原因を調べてください。",
                 "Look for the cause with kintsugi outbox list --state waiting."});
}

Found given_up_found(Store& store) {
  const auto summary = store.outbox_summary();
  if (!summary) return is_not(wrong, {"送信待ちを読めません", "the outbox cannot be read"}, look_at_log);
  if (summary->gave_up == 0) return is_good("あきらめた送信はありません", "nothing was given up");
  return is_not(wrong,
                {fmt::format("あきらめた送信が {} 件あります", summary->gave_up),
                 fmt::format("effects given up: {}", summary->gave_up)},
                {"原因を直して、kintsugi outbox redrive で再送してください。",
                 "Put the cause right and send them again with kintsugi outbox redrive."});
}

bool is_synchronised() {
  timex clock{};
  const int state = ::adjtimex(&clock);
  return state >= 0 && state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
}

// `latest`: the latest time that any record has borne so far; a clock that was set back is behind it.
Found clock_found(ClockWatch& watch, const Clock& clock, Store& store, Instant& latest) {
  const ClockWatch::Jump jump = watch.look();
  const Text todo{"時刻同期 (chrony など) を直し、期限の近い案件を確認してください。",
                  "Mend the time service (chrony) and look at the cases whose deadlines are near."};
  latest = std::max(latest, newest_record(store));
  if (const Duration behind = latest - clock.now(); behind > clock_behind_max) {
    const std::string by = words_for(behind);
    return is_not(wrong,
                  {"時計が最後の記録より " + by + " 遅れています", "the clock is behind the newest record by " + by},
                  todo);
  }
  if (jump.seen != Instant{} && clock.now() - jump.seen < jump_remembered) {
    const bool back = jump.by < Duration{};
    const std::string by = words_for(back ? -jump.by : jump.by);
    if (back) return is_not(wrong, {"時計が " + by + " 戻りました", "the clock jumped back by " + by}, todo);
    return is_not(attention, {"時計が " + by + " 進みました", "the clock jumped ahead by " + by}, todo);
  }
  if (is_synchronised()) return is_good("同期しています", "synchronised, without jumps");
  return is_not(attention, {"時刻同期が確認できません", "nothing tells that the clock is synchronised"}, todo);
}

Found backup_found(const Home& home, const Clock& clock) {
  const Text todo{"kintsugi db backup で控えを取り、kintsugi db verify で戻せることを確かめてください。",
                  "Take one with kintsugi db backup, and prove with kintsugi db verify that it can be put back."};
  const auto note = read_backup_note(home.backup_note());
  if (!note)
    return is_not(attention, {"確かめられた控えがありません", "no backup has ever been verified here"}, todo);
  const Duration age = clock.now() - note->taken_at;
  if (age <= backup_attention)
    return is_good("確かめられた控えは " + words_for(age) + " 前のものです",
                   "the last verified backup is " + words_for(age) + " old");
  return is_not(age > backup_wrong ? wrong : attention,
                {"確かめられた控えは " + words_for(age) + " 前のものです",
                 "the last verified backup is " + words_for(age) + " old"},
                todo);
}

Found mail_found(const WatchedMailer* mailer, const Clock& clock) {
  if (mailer == nullptr)
    return is_not(attention,
                  {"メールサーバーが設定されていません。メールは待っています", "no mail server is set; mails wait"},
                  {"kintsugi.toml の [mail] を設定してください。", "Set [mail] in kintsugi.toml."});
  const WatchedMailer::Seen seen = mailer->seen();
  if (seen.failing_since == Instant{})
    return seen.taken == Instant{} ? is_good("起動後まだ送っていません", "nothing was sent since the start")
                                   : is_good("受け付けています", "it takes our letters");
  const Duration age = clock.now() - seen.failing_since;
  if (age <= mail_attention) return is_good("再送を待っています", "a letter waits for its next attempt");
  return is_not(age > mail_wrong ? wrong : attention,
                {"メールサーバーが " + words_for(age) + " 前から受け付けません",
                 "the mail server has taken nothing for " + words_for(age)},
                {"メールサーバーと kintsugi.toml の [mail] を調べてください。",
                 "Look at the mail server and at [mail] in kintsugi.toml."});
}

Found intake_found(const intake::Intake* intake, const Clock& clock, Instant started) {
  if (intake == nullptr) return is_good("メールでの受付は使っていません", "no mails are taken in");
  Condition worst = good;
  std::string places;
  for (const auto& one : intake->places()) {
    const Duration age = clock.now() - (one.looked == Instant{} ? started : one.looked);
    const bool late = age > one.every * looks_missed_max + look_slack;
    if (late || !one.well) {
      worst = std::max(worst, late ? wrong : attention);
      places += (places.empty() ? "" : ", ") + one.name + " (" + words_for(age) + ")";
    }
  }
  if (worst == good) return is_good("見に行けています", "every place is looked into");
  return is_not(worst, {"受け取れていません: " + places, "mails cannot be fetched: " + places},
                {"メールボックスと kintsugi.toml の [intake] を調べてください。",
                 "Look at the mailbox and at [intake] in kintsugi.toml."});
}

Found disk_found(const Home& home) {
  std::error_code error;
  const auto space = std::filesystem::space(home.directory, error);
  if (error) return is_not(wrong, {"ディスクを調べられません", "the disk cannot be asked"}, look_at_log);
  const auto mib = space.available >> 20;
  if (space.available >= disk_attention)
    return is_good(fmt::format("空き {} MiB", mib), fmt::format("{} MiB free", mib));
  return is_not(space.available < disk_wrong ? wrong : attention,
                {fmt::format("空きが {} MiB しかありません", mib), fmt::format("only {} MiB are free", mib)},
                {"ディスクを空けるか増やしてください。", "Make room, or make the disk larger."});
}

Found webhooks_found(const Conductor& conductor) {
  std::string gone;
  for (const auto& [id, one] : conductor.directory()->webhooks())
    if (one.gone_at != Instant{}) gone += (gone.empty() ? "" : ", ") + id.text();
  if (gone.empty()) return is_good("止められたものはありません", "none was disabled");
  return is_not(attention, {"相手が 410 と答えて止まりました: " + gone, "answered 410 and were disabled: " + gone},
                {"相手と確かめ、kintsugi webhook change で有効にするか、そのままにしてください。",
                 "Ask its owner; enable it again with kintsugi webhook change, or leave it."});
}

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

std::vector<HealthCheck> health_checks(Engine& engine, const Home& home, const WatchedMailer* mailer,
                                       const intake::Intake* intake, Seen& seen) {
  const Clock& clock = engine.clock;
  const auto watch = std::make_shared<ClockWatch>(clock, steady_now);  // shared: std::function copies what it holds
  const auto latest = std::make_shared<Instant>(newest_record(*engine.store));
  const Instant started = clock.now();
  return {
      {"store", [&engine] { return store_found(*engine.conductor); }, true},
      {"audit", [&engine] { return audit_found(*engine.integrator); }, true},
      {"checkpoint", [&engine, &clock, &seen] { return checkpoint_found(*engine.store, clock, seen); }, false},
      {"effects_oldest", [&engine, &clock] { return oldest_found(*engine.store, clock); }, false},
      {"effects_given_up", [&engine] { return given_up_found(*engine.store); }, false},
      {"clock", [&engine, &clock, watch, latest] { return clock_found(*watch, clock, *engine.store, *latest); },
       false},
      {"backup", [&home, &clock] { return backup_found(home, clock); }, false},
      {"mail_server", [&clock, mailer] { return mail_found(mailer, clock); }, false},
      {"intake", [&clock, intake, started] { return intake_found(intake, clock, started); }, false},
      {"disk", [&home] { return disk_found(home); }, true},
      {"webhooks", [&engine] { return webhooks_found(*engine.conductor); }, false},
  };
}

void measure_forgotten(const Forgotten& total, Exposition& out) {
  out.counter("kintsugi_forgotten_total", "What nobody could use any more and is gone, since the start.");
  for (const auto& [what, count] : {std::pair{"reply", total.replies}, std::pair{"step_up", total.step_ups},
                                    std::pair{"sign_in", total.sign_ins}})
    out.sample(static_cast<double>(count), {{"what", what}});
}

void measure_ages(const Home& home, const Clock& clock, const Seen& seen, Exposition& out) {
  const Instant now = clock.now();
  if (const std::int64_t at = seen.signed_up_at; at != 0) {
    out.gauge("kintsugi_checkpoint_age_seconds", "Since every audit log was last signed up to its newest record.");
    out.sample(std::chrono::duration<double>(now - Instant{Duration{at}}).count());
  }
  if (const auto note = read_backup_note(home.backup_note())) {
    out.gauge("kintsugi_backup_age_seconds", "Age of the newest backup that was put back and found whole.");
    out.sample(std::chrono::duration<double>(now - note->taken_at).count());
  }
}

}  // namespace kintsugi
