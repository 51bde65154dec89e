#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/run/announce.h"
#include "engine/run/lap.h"
#include "engine/run/settling.h"

#include <algorithm>
#include <array>

namespace kintsugi {
namespace {

constexpr int follow_ups_max = 8;          // automatic laps after one; more is a circle in the table
constexpr int hidden_per_minute_max = 60;  // records of attempts on other people's cases, in the system log
constexpr std::string_view not_a_participant = "not_a_participant";

int year_of(Instant at) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at)).year());
}

}  // namespace

Laps::Laps(const Conductor::Parts& parts, const Schemas& schemas, AuditLines& lines, CaseCache& cache)
    : parts_(parts), schemas_(schemas), lines_(lines), cache_(cache) {}

Laps::Done Laps::run(Prepared& prepared, Round& round) {
  Lap lap(prepared, round);
  const auto mark = lines_.mark();
  const Submission& wanted = prepared.submission;

  lap.event.name = wanted.event;
  lap.event.case_id = wanted.case_id;
  lap.event.actor = wanted.actor;
  lap.event.as = wanted.as;
  lap.event.at = prepared.decided_at != Instant{} ? prepared.decided_at : parts_.clock.now();
  lap.event.timer_about = wanted.timer_about;
  lap.event.timer_round = wanted.timer_round;
  lap.event.chance = prepared.chance;
  lap.done.outcome.at = lap.event.at;

  if (!answered_before(lap) && find_case(lap) && find_timer(lap)) {
    draft_texts(lap);
    const bool stale =
        wanted.expected_version && !lap.opens && !lap.closing() && *wanted.expected_version != lap.file().version;
    if (stale || find_step_up(lap)) {
      Verdict verdict = ask(lap, lap.file(), lap.event);
      const Refusal* refusal = std::get_if<Refusal>(&verdict);
      const bool stranger = refusal != nullptr && std::ranges::any_of(refusal->failed, [](const FailedCheck& one) {
                              return one.name == not_a_participant;
                            });
      if (stranger) {
        hide(lap);
      } else if (stale) {
        lap.done.outcome.state = lap.file().state;
        lap.done.outcome.number = lap.file().number;
        lap.done.outcome.version = lap.file().version;
        lap.end(Outcome::Kind::conflict, "version-conflict");
      } else if (refusal != nullptr) {
        refuse(lap, *refusal);
      } else {
        move(lap, std::move(std::get<Decision>(verdict)));
      }
    }
  }

  if (lap.done.outcome.kind == Outcome::Kind::transient) lines_.give_back(mark);
  if (wanted.settles && round.batch != nullptr && lap.done.outcome.kind != Outcome::Kind::transient) {
    // Whatever the case made of the answer: the delivery has been answered.
    auto settled = settle(*round.batch, lines_, *wanted.settles);
    if (settled) round.wrote = true;
    if (!settled && settled.error().code == Errc::NotFound)
      log::run().warn("effect={} is not in the outbox: {}", wanted.settles->id.text(), settled.error().what);
    else if (!settled)
      round.whole = std::move(settled);
  }
  return std::move(lap.done);
}

Verdict Laps::ask(Lap& lap, const CaseFile& file, const Event& event) const {
  const Directory& directory = *lap.round.directory;
  const Policy& policy =
      file.id.empty() ? directory.policy_of(tenant_of(lap)) : directory.policy_of(file.tenant, file.policy_version);
  return parts_.workflow.decide({.file = file,
                                 .event = event,
                                 .directory = directory,
                                 .policy = policy,
                                 .same_device = lap.same_device,
                                 .audit_working = !parts_.audit_working || parts_.audit_working(),
                                 .target = lap.target.get()});
}

// Whose log a lap without a case belongs to: the hospital of the device that it is about.
OrganisationId Laps::tenant_of(const Lap& lap) const {
  if (lap.before) return lap.before->tenant;
  const Actor& actor = lap.event.actor;
  const Directory& directory = *lap.round.directory;
  const Device* device =
      directory.device(DeviceId{actor.kind == Role::device ? actor.id : text_at(lap.event.payload, "device")});
  if (device != nullptr) return device->tenant;
  const Organisation* employer = directory.organisation(actor.org);
  return employer != nullptr && employer->side == Side::hcf ? employer->id : OrganisationId{};
}

void Laps::refuse(Lap& lap, const Refusal& refusal) {
  Outcome& answer = lap.done.outcome;
  answer.kind = Outcome::Kind::refused;
  answer.refusal_kind = name_of(refusal.kind);
  answer.failed = refusal.failed;
  answer.problem = "refused";
  answer.number = lap.file().number;
  answer.state = lap.file().state;
  answer.version = lap.file().version;
  if (lap.round.batch == nullptr) {
    lap.end(Outcome::Kind::transient, "store-unavailable");
    return;
  }
  const std::string check = refusal.failed.empty() ? std::string("unnamed") : refusal.failed.front().name;
  auto line = lines_.refused(lines_.hospital_log(tenant_of(lap)), lap.event, check, lap.file().id);
  if (!line) {
    lap.unlucky(line.error());
    return;
  }
  lap.done.audit.push_back(std::move(*line));
  if (lap.wanted().timer_due != Instant{}) {
    // Refused or not, it has fired.
    lap.after = std::make_shared<CaseFile>(lap.file());
    std::erase_if(lap.after->timers, [&](const Timer& one) { return is_due(one, lap.wanted()); });
  }
  if (lap.opens) answer.case_id = CaseId{};
  write(lap);
}

// To a stranger the case does not exist. The attempt goes to the system log: a hospital's log does not tell it what
// other people tried by mistake, and nobody can fill it from outside.
void Laps::hide(Lap& lap) {
  Outcome& answer = lap.done.outcome;
  answer = Outcome{};
  answer.at = lap.event.at;
  answer.event = lap.wanted().event;
  answer.case_id = lap.wanted().case_id;
  lap.end(Outcome::Kind::not_found, "no-such-case");
  if (lap.round.batch == nullptr) return;

  const Instant minute = std::chrono::floor<std::chrono::minutes>(lap.event.at);
  if (minute != hidden_minute_) {
    if (hidden_ > hidden_per_minute_max)
      log::run().warn("{} attempts on other people's cases were not recorded", hidden_ - hidden_per_minute_max);
    hidden_minute_ = minute;
    hidden_ = 0;
  }
  if (++hidden_ > hidden_per_minute_max) return;
  const auto mark = lines_.mark();
  auto line = lines_.refused(lines_.system_log(), lap.event, std::string(not_a_participant), lap.event.case_id);
  auto done = line ? lap.round.batch->append_audit(*line) : Result<>(pass(line));
  if (done) {
    lap.round.wrote = true;
  } else {
    lines_.give_back(mark);
    log::run().warn("an attempt on another's case was not recorded: {}", done.error().what);
  }
}

void Laps::move(Lap& lap, Decision decision) {
  Outcome& answer = lap.done.outcome;
  if (lap.prepared.key_lost) {
    refuse(lap, {.kind = Refusal::Kind::guard, .failed = {{.name = "key_destroyed", .lifted_by = {}, .since = {}}}});
    return;
  }
  if (lap.opens && !open_case(lap, decision.next)) return;
  const bool opens_again =
      !lap.opens && !parts_.workflow.is_open(decision.from) && parts_.workflow.is_open(decision.next.state);
  if (opens_again && !make_keys(lap, decision.next.id)) return;
  if (!seal_texts(lap)) return;
  if (lap.wanted().timer_due != Instant{})
    std::erase_if(decision.next.timers, [&](const Timer& one) { return is_due(one, lap.wanted()); });

  answer.kind = Outcome::Kind::moved;
  answer.row = decision.row;
  answer.from = decision.from;
  if (!record(lap, lap.event, decision) || !take_others(lap, lap.event, decision)) return;
  std::ranges::move(decision.effects, std::back_inserter(lap.effects));
  lap.withdrawn = std::move(decision.withdrawn);
  lap.mails_now = decision.mails_now;
  lap.after = std::make_shared<CaseFile>(std::move(decision.next));
  announce(lap, *lap.after, decision.from);
  follow_up(lap);

  answer.case_id = lap.after->id;
  answer.number = lap.after->number;
  answer.state = lap.after->state;
  answer.version = lap.after->version;
  if (lap.fault) answer.occurrences = lap.after->fault.occurrences;
  if (lap.closing()) hurry(lap);
  if (lap.round.batch == nullptr) {
    lap.end(Outcome::Kind::transient, "store-unavailable");
    return;
  }
  write(lap);
}

bool Laps::open_case(Lap& lap, CaseFile& file) {
  if (lap.round.batch == nullptr) return lap.end(Outcome::Kind::transient, "store-unavailable");
  const auto number = lap.round.batch->next_case_number();
  if (!number) return lap.unlucky(number.error());
  file.number = case_number(year_of(lap.event.at), *number);
  return make_keys(lap, file.id);
}

bool Laps::make_keys(Lap& lap, const CaseId& id) {
  if (auto made = parts_.vault.create_keys(id); !made) return lap.unlucky(made.error());
  lap.round.made_keys = true;
  return true;
}

bool Laps::seal_texts(Lap& lap) {
  if (lap.prepared.sealed || lap.drafts.documents.empty()) return true;
  if (auto sealed = seal(lap.drafts, parts_.vault); !sealed) {
    if (sealed.error().code == Errc::Transient) return lap.unlucky(sealed.error());
    refuse(lap, {.kind = Refusal::Kind::guard, .failed = {{.name = "key_destroyed", .lifted_by = {}, .since = {}}}});
    return false;
  }
  lap.event.documents = lap.drafts.documents;
  return true;
}

bool Laps::take_others(Lap& lap, const Event& event, Decision& decision) {
  for (CaseFile& other : decision.others) {
    if (other.version == 1 && !open_case(lap, other)) return false;
    auto line = lines_.second(event, decision, other);
    if (!line) return lap.unlucky(line.error());
    if (other.version == 1) lap.done.outcome.opened = other.id;
    lap.done.audit.push_back(std::move(*line));
    const auto same = [&](const auto& one) { return one->id == other.id; };
    std::erase_if(lap.others, same);
    announce(lap, other, other.version == 1 ? std::string() : other.state);
    lap.others.push_back(std::make_shared<CaseFile>(std::move(other)));
  }
  return true;
}

bool Laps::record(Lap& lap, const Event& event, const Decision& decision) {
  auto line = lines_.step(event, decision);
  if (!line) {
    log::run().error("case={} event={} wrote what no record may hold: {}", event.case_id.text(), event.name,
                     line.error().what);
    if (!lap.closing()) return lap.end(Outcome::Kind::transient, "record-refused");
    line = lines_.bare_step(event, decision);
    if (!line) return lap.unlucky(line.error());
  }
  lap.done.audit.push_back(std::move(*line));
  return true;
}

void Laps::follow_up(Lap& lap) {
  for (int i = 0; i < follow_ups_max; ++i) {
    const auto next = parts_.workflow.follow_up(*lap.after);
    if (!next) return;
    Event event;
    event.name = *next;
    event.case_id = lap.after->id;
    event.actor = {
        .id = parts_.node, .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
    event.as = Role::sys;
    event.at = lap.event.at;
    const std::array<std::uint8_t, 1> which{static_cast<std::uint8_t>(i)};
    event.chance = sha256({bytes_of("kintsugi/follow-up\n"), lap.event.chance, which});
    Verdict verdict = ask(lap, *lap.after, event);
    if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
      log::run().warn("case={} automatic event={} refused: {}", event.case_id.text(), event.name,
                      refusal->failed.empty() ? "" : refusal->failed.front().name);
      return;
    }
    auto& decision = std::get<Decision>(verdict);
    const auto mark = lines_.mark();
    const auto lines = lap.done.audit.size();
    const auto others = lap.others;
    const auto effects = lap.effects.size();
    if (!record(lap, event, decision) || !take_others(lap, event, decision)) {
      // The lap itself stands; what should have followed will be asked for again after the next lap.
      lines_.give_back(mark);
      lap.done.audit.resize(lines);
      lap.others = others;
      lap.effects.resize(effects);
      lap.done.outcome.kind = Outcome::Kind::moved;
      lap.done.outcome.problem.clear();
      return;
    }
    lap.done.outcome.followed_by.push_back(decision.row);
    std::ranges::move(decision.effects, std::back_inserter(lap.effects));
    std::ranges::move(decision.withdrawn, std::back_inserter(lap.withdrawn));
    lap.mails_now = lap.mails_now || decision.mails_now;
    lap.after = std::make_shared<CaseFile>(std::move(decision.next));
    announce(lap, *lap.after, decision.from);
  }
  log::run().error("case={} automatic events go in a circle", lap.after->id.text());
}

void Laps::announce(Lap& lap, const CaseFile& after, const std::string& from) const {
  kintsugi::announce(parts_.workflow, *lap.round.directory, after, from, lap.event.at, lap.event.chance, lap.effects);
}

void Laps::hurry(Lap& lap) {
  lap.done.closed = true;
  for (const Effect& one : lap.effects) {
    if (!one.closing) continue;
    lap.done.orders.push_back(one);
    if (parts_.hurry) parts_.hurry(one);
  }
}

bool Laps::write(Lap& lap) {
  LapWrites writes;
  const auto changed = [&](const CaseFile& file, bool is_new) {
    writes.files.push_back({.file = &file, .is_new = is_new, .open = parts_.workflow.is_open(file.state)});
  };
  if (lap.after) changed(*lap.after, lap.opens);
  for (const auto& other : lap.others)
    changed(*other, other->version == 1);
  // A closing keeps its records: if the commit fails they go to the journal.
  if (lap.done.closed)
    writes.audit = lap.done.audit;
  else
    writes.audit = std::move(lap.done.audit);
  const bool moved = lap.done.outcome.kind == Outcome::Kind::moved;
  if (moved) {
    writes.effects = std::move(lap.effects);
    writes.documents = std::move(lap.event.documents);
    writes.withdrawn = std::move(lap.withdrawn);
    if (lap.mails_now) writes.hastened = lap.after->id;
    writes.at = lap.event.at;
  }
  if (lap.wanted().key)
    writes.reply = StoredReply{.key = *lap.wanted().key,
                               .request = lap.prepared.request,
                               .outcome = to_json_text(lap.done.outcome),
                               .at = lap.event.at};
  writes.used_step_up = lap.used_step_up;
  if (auto written = lap.round.batch->write(writes); !written) return lap.unlucky(written.error());

  lap.round.wrote = true;
  Conductor::Committed& news = lap.round.committed;
  news.effects = news.effects || !writes.effects.empty() || !writes.hastened.empty();
  for (const LapWrites::Changed& one : writes.files)
    if (const Instant due = one.file->next_due();
        due != Instant{} && (news.next_due == Instant{} || due < news.next_due))
      news.next_due = due;
  if (lap.after) lap.round.files[lap.after->id] = lap.after;
  for (const auto& other : lap.others)
    lap.round.files[other->id] = other;
  if (writes.reply) lap.round.replies.emplace(writes.reply->key, std::pair(lap.prepared.request, lap.done.outcome));
  if (moved)
    log::run().debug("case={} moved from={} to={} on={}", lap.after->id.text(), lap.done.outcome.from,
                     lap.after->state, lap.event.name);
  return true;
}

}  // namespace kintsugi
