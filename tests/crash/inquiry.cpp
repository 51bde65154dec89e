#include "tests/crash/inquiry.h"

#include "adapters/sqlite/store.h"
#include "engine/audit/record.h"
#include "engine/base/fields.h"
#include "programs/server/store_log.h"
#include "programs/server/verification.h"
#include "tests/bench/straight_run.h"
#include "tests/support/wait.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace kintsugi::crash {
namespace {

constexpr int rows_at_once = 4096;
constexpr int outbox_max = 1'000'000;
constexpr Duration timer_late_max = std::chrono::seconds(5);

void lost(Findings& out, std::string what) {
  ++out.lost;
  out.wrong.push_back("lost: " + std::move(what));
}
void doubled(Findings& out, std::string what) {
  ++out.doubled;
  out.wrong.push_back("doubled: " + std::move(what));
}
void wrong(Findings& out, std::string what) {
  out.wrong.push_back(std::move(what));
}

// How often each event stands in a straight run, automatic laps included.
const std::map<std::string, int>& events_of_a_run() {
  static const auto counted = [] {
    std::map<std::string, int> out;
    for (const auto acts : {bench::opening(), bench::the_rest()})
      for (const bench::Act& act : acts)
        if (std::string_view(act.event) != "report_hop")
          ++out[std::string_view(act.event) == "fault" ? "notify" : act.event];
    for (const char* one : {"path_confirmed", "close_confirmed", "all_accounted"})
      out[one] = 1;
    return out;
  }();
  return counted;
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

// The message as it was sent, without the lines that the sink writes above it, and its Message-ID without brackets.
struct Kept {
  std::string id, message;
};
Kept kept_in(const std::filesystem::path& file) {
  Kept out{.id = {}, .message = content_of(file)};
  while (out.message.starts_with("Delivered-To: "))
    out.message.erase(0, out.message.find('\n') + 1);
  // When it was handed over, which a repeat is later.
  if (const auto date = out.message.find("\nDate: "); date != std::string::npos)
    out.message.erase(date + 1, out.message.find('\n', date + 1) - date);
  constexpr std::string_view name = "\nMessage-Id: <";
  const auto at = out.message.find(name);
  if (at == std::string::npos) return out;
  const auto from = at + name.size();
  out.id = out.message.substr(from, out.message.find('>', from) - from);
  return out;
}

// The first line in which two letters differ, as both have it.
std::string difference(const std::string& one, const std::string& other) {
  const auto lines_of = [](const std::string& text) { return std::istringstream(text); };
  auto a = lines_of(one);
  auto b = lines_of(other);
  for (std::string x, y; std::getline(a, x) && std::getline(b, y);)
    if (x != y) return fmt::format("'{}' and '{}'", x, y);
  return "one is longer";
}

}  // namespace

bool Inquiry::read_on(Store& store, Findings& out) {
  const auto logs = store.audit_logs();
  if (!logs) {
    wrong(out, "the logs cannot be read: " + logs.error().what);
    return false;
  }
  for (const std::string& log : *logs) {
    for (;;) {
      const auto rows = store.audit_rows(log, read_[log], rows_at_once);
      if (!rows) {
        wrong(out, log + " cannot be read: " + rows.error().what);
        return false;
      }
      for (const AuditRow& row : *rows) {
        const Json record = Json::parse(row.body);
        if (!record.contains("cn")) continue;  // no step of a case
        auto& laps = laps_[audit::id_of_record(record.at("case").get<std::string>())];
        const auto cn = record.at("cn").get<std::size_t>();
        const std::string event = record.at("ev");
        if (cn < laps.size()) doubled(out, fmt::format("step {} of a case, {}", cn, event));
        if (cn > laps.size()) lost(out, fmt::format("a step before step {} of a case, {}", cn, event));
        const auto at = instant_from(record.at("t").get<std::string>());
        laps.push_back({event, at ? *at : Instant{}});
      }
      read_[log] += static_cast<std::int64_t>(rows->size());
      if (rows->size() < rows_at_once) break;
    }
  }
  return true;
}

void Inquiry::after_restart(const std::vector<Acknowledged>& acknowledged, Findings& out) {
  auto store = sqlite::Store::look_at(site_.home().database().string());
  if (!store) return wrong(out, "the database cannot be looked at: " + store.error().what);
  if (!read_on(**store, out)) return;
  check_acknowledged(acknowledged, out);
  // A round may be shorter than the second in which the signer signs.
  for (const auto& [log, size] : read_)
    if (!wait_until(
            [&, name = log] {
              const auto head = (*store)->last_checkpoint(name);
              return head && head->has_value();
            },
            std::chrono::seconds(30)))
      wrong(out, log + " was not signed after the restart");
  check_logs(**store, out);
  const auto said = testing::run("audit verify " + site_.home().directory.string());
  if (said.exit != 0) wrong(out, "kintsugi audit verify: " + said.output);
}

// The version that was told counts the laps of the case, from one.
void Inquiry::check_acknowledged(const std::vector<Acknowledged>& acknowledged, Findings& out) const {
  std::set<std::pair<std::string, std::int64_t>> seen;
  for (const Acknowledged& one : acknowledged) {
    const auto laps = laps_.find(one.case_id);
    const std::int64_t place = one.version - 1 - one.followed;
    if (laps == laps_.end() || place < 0 || std::ssize(laps->second) < one.version)
      lost(out, fmt::format("{} at version {} of {}", one.event, one.version, one.case_id));
    else if (laps->second[static_cast<std::size_t>(place)].event != one.event)
      lost(out, fmt::format("{} at version {} of {}: {} stands there", one.event, one.version, one.case_id,
                            laps->second[static_cast<std::size_t>(place)].event));
    if (!seen.emplace(one.case_id, place).second)
      doubled(out, fmt::format("two acts were told version {} of {}", one.version, one.case_id));
  }
}

void Inquiry::check_logs(Store& store, Findings& out) {
  for (const auto& [log, size] : read_) {
    const auto key = key_of_log(site_.home(), log);
    if (!key) return wrong(out, "no key: " + key.error().what);
    StoreLog source(store, log);
    audit::VerifyOptions options = verify_options(*key);
    options.older_checkpoints = signed_[log];
    const audit::Report report = audit::verify_log(source, options);
    if (!report.sound()) wrong(out, audit::to_text(report));
    if (const auto head = store.last_checkpoint(log); head && *head) {
      auto& kept = signed_[log];
      if (kept.empty() || kept.back() != (*head)->note) kept.push_back((*head)->note);
    }
  }
}

Inquiry::Deliveries Inquiry::at_the_end(const Ledger& ledger, demo::MailSink& sink, access_point::Simulator& doors,
                                        Findings& out) {
  Deliveries counted;
  auto opened = sqlite::Store::look_at(site_.home().database().string());
  if (!opened) {
    wrong(out, "the database cannot be looked at: " + opened.error().what);
    return counted;
  }
  Store& store = **opened;
  if (!read_on(store, out)) return counted;
  check_acknowledged(ledger.all(), out);
  check_straight_runs(ledger.closed_cases(), out);
  check_timers(store, ledger.sleepers(), out);

  // By key, what was handed over. A letter that tells several effects has the first one's key and a digest of all.
  std::map<std::string, std::vector<std::string>> letters;
  std::map<std::string, std::string> first_seen;  // by Message-ID
  for (const auto& one : sink.take()) {
    Kept kept = kept_in(one.file);
    const auto [seen, is_new] = first_seen.try_emplace(kept.id, kept.message);
    if (!is_new && seen->second != kept.message)
      wrong(out, kept.id + " was handed over twice, not the same: " + difference(seen->second, kept.message));
    letters[kept.id.substr(0, kept.id.find_first_of(".@"))].push_back(std::move(kept.message));
  }
  std::map<std::string, std::vector<std::string>> orders;
  for (const auto& one : doors.heard())
    if (!one.key.empty() && !one.key.starts_with("heartbeat-")) orders[one.key].push_back(to_json_text(one.order));

  const auto rows = store.outbox({.state = {}, .case_id = {}, .limit = outbox_max});
  if (!rows) {
    wrong(out, "the outbox cannot be read: " + rows.error().what);
    return counted;
  }
  for (const OutboxRow& row : *rows) {
    const std::string key = row.effect.id.text();
    auto& heard = row.effect.mail ? letters : orders;
    const auto found = heard.find(key);
    const std::size_t times = found == heard.end() ? 0 : found->second.size();
    if (row.state == EffectState::gave_up) lost(out, key + " was given up: " + row.last_error);
    if ((row.effect.mail || row.effect.order) && row.state == EffectState::delivered) {
      ++counted.effects;
      const bool held_back = row.last_error.starts_with("not sent");
      if (times == 0 && !held_back) lost(out, key + " stands as delivered, and nobody has it");
    }
    if (times > 1) {
      ++counted.redelivered;
      const bool same = std::ranges::adjacent_find(found->second, std::ranges::not_equal_to()) == found->second.end();
      if (!same && row.effect.order) wrong(out, key + " was ordered twice, and not the same");
    }
    if (found != heard.end()) heard.erase(found);
  }
  for (const auto* rest : {&letters, &orders})
    for (const auto& [key, what] : *rest)
      doubled(out, fmt::format("'{}' was handed over and stands in no outbox: {}", key, what.front().substr(0, 400)));
  const auto violations = doors.with([](access_point::SimulatedSite& site) { return site.violations().size(); });
  if (violations > 0) wrong(out, fmt::format("the doors saw {} violations", violations));
  return counted;
}

void Inquiry::check_straight_runs(const std::set<std::string>& closed, Findings& out) const {
  for (const std::string& id : closed) {
    const auto laps = laps_.find(id);
    if (laps == laps_.end()) {
      lost(out, id + ", which was closed");
      continue;
    }
    std::map<std::string, int> there;
    for (const Lap& lap : laps->second)
      ++there[lap.event];
    for (const auto& [event, times] : events_of_a_run()) {
      if (there[event] < times) lost(out, fmt::format("{} of {}", event, id));
      if (there[event] > times) doubled(out, fmt::format("{} of {} stands there {} times", event, id, there[event]));
    }
  }
}

// A ladder climbs once in each of its terms: two firings are never nearer to each other than one term, nor does one
// wait for long when nothing is in its way.
void Inquiry::check_timers(Store& store, const std::set<std::string>& sleepers, Findings& out) const {
  for (const std::string& id : sleepers) {
    const auto laps = laps_.find(id);
    if (laps == laps_.end()) {
      lost(out, id + ", which was left to its timers");
      continue;
    }
    Instant before{};
    for (const Lap& lap : laps->second) {
      if (lap.event != "t_ack_expired" && lap.event != "notify") continue;
      if (before != Instant{} && lap.at - before < ladder_pace)
        doubled(out, fmt::format("a timer of {} at {}, after {}", id, to_text(lap.at), to_text(before)));
      before = lap.at;
    }
  }
  const auto late = store.cases_due(SystemClock().now() - timer_late_max, 10);
  if (!late) return wrong(out, "due timers cannot be read: " + late.error().what);
  for (const CaseId& id : *late)
    lost(out, "a timer of " + id.text() + " that is long due");
}

}  // namespace kintsugi::crash
