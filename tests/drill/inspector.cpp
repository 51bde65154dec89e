#include "tests/drill/inspector.h"

#include "engine/audit/record.h"
#include "tests/drill/acts.h"
#include "tests/drill/told.h"
#include "tests/drill/world.h"
#include "tests/support/invariants.h"
#include "workflows/fault_response/invariants.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi::drill {
namespace {

constexpr int rows_at_once = 4096;

// Rows that go on opening what a person opened: the path stands (F27), the session is resumed as he asked (F93).
bool goes_on_opening(std::string_view event) {
  return event == "path_confirmed" || event == "close_confirmed";
}
bool lets_in(Access access) {
  return access == Access::armed || access == Access::opening || access == Access::open;
}

}  // namespace

Inspector::Inspector(World& world) : world_(world), members_(audit::event_members(world.workflow())) {}

void Inspector::demand(bool holds, const std::string& check, const std::string& what) {
  if (!holds) throw Broken{check, what};
  ++world_.totals().held[check];
}

// ---- told by the store and the workflow -----------------------------------------------------------------------

void Inspector::batch_begun() {
  if (!staged_.files.empty()) doubtful_.push_back(std::move(staged_));
  staged_ = {};
}

void Inspector::lap_written(const LapWrites& lap) {
  for (const LapWrites::Changed& one : lap.files) {
    const CaseId& id = one.file->id;
    const auto staged = staged_.files.find(id);
    const auto known = files_.find(id);
    const CaseFile before = staged != staged_.files.end() ? staged->second
                            : known != files_.end()       ? known->second
                                                          : CaseFile{};
    staged_.steps.emplace_back(before, *one.file);
    staged_.files.insert_or_assign(id, *one.file);
  }
  for (const Effect& one : lap.effects)
    staged_.effects.push_back(one.id);
  for (const Document& one : lap.documents)
    staged_.documents.emplace_back(one.id, sha256(one.ciphertext));
}

void Inspector::committed() {
  for (auto& [before, after] : staged_.steps) {
    if (after.version > before.version) before.version = after.version - 1;  // automatic laps are in it
    if (after.version == before.version) continue;                           // a timer that was refused is gone
    for (const std::string& broken : fault_response::broken_between(before, after))
      if (overdue_.empty()) overdue_ = broken + " in " + shortened(after.id.text());
  }
  for (auto& [id, file] : staged_.files) {
    touched_.insert(id);
    files_.insert_or_assign(id, std::move(file));
  }
  effects_.insert(staged_.effects.begin(), staged_.effects.end());
  documents_.insert(staged_.documents.begin(), staged_.documents.end());
  staged_ = {};
  doubtful_.clear();
}

// Every decision is held against the invariants where it is made, whatever becomes of it.
void Inspector::decided(const Situation& situation, const Verdict& verdict) {
  Totals& totals = world_.totals();
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    for (const FailedCheck& one : refusal->failed)
      ++totals.refused[one.name];
    return;
  }
  ++totals.rows[std::get<Decision>(verdict).row];
  const testing::Step step{situation, verdict};
  for (const testing::StepInvariant& one : testing::step_invariants()) {
    if (const auto found = one.complaint(step); found && overdue_.empty())
      overdue_ = fmt::format("{}: {} ({})", one.name, one.says, *found);
    ++totals.held[std::string(one.name)];
  }
}

// ---- told by whoever acts ---------------------------------------------------------------------------------------

void Inspector::answered(const Submission& asked, const Outcome& outcome) {
  demand(outcome.problem != "record-refused", "recorded", "what was decided cannot be recorded: " + asked.event);
  if (outcome.kind == Outcome::Kind::moved && !outcome.replayed)
    acknowledged_.push_back({outcome.case_id, outcome.version, outcome.state, outcome.event});
  if (!asked.key || (outcome.kind != Outcome::Kind::moved && outcome.kind != Outcome::Kind::refused)) return;
  const std::string key = asked.key->owner + " " + asked.key->key;
  const auto [first, fresh] = replies_.try_emplace(key, to_json_text(outcome));
  if (!fresh)
    demand(outcome.replayed && first->second == to_json_text(outcome), "once",
           "the same key got another answer: " + told(outcome));
}

// ---- what changed -------------------------------------------------------------------------------------------------

void Inspector::look(bool whole) {
  if (!overdue_.empty()) throw Broken{overdue_.substr(0, overdue_.find(':')), overdue_};
  look_at_violations();
  read_new_records();
  for (const auto& [id, file] : files_) {
    const bool is_open = world_.workflow().is_open(file.state);
    // What is due cannot be done while nothing can be stored.
    if (touched_.contains(id) || (whole && is_open))
      look_at_case(file, world_.store_works() ? world_.now() : Instant{});
    if (!file.grants.empty()) look_at_doors(file);
  }
  touched_.clear();
  look_at_devices();
  look_at_letters();
}

void Inspector::read_new_records() {
  for (;;) {
    const auto rows = world_.store().audit_after(position_, rows_at_once);
    demand(rows.has_value(), "readable", rows ? "" : rows.error().what);
    for (const AuditRow& row : *rows) {
      position_ = row.position;
      ++world_.totals().records;
      const auto record = audit::read_record(row.body, members_);
      demand(record.has_value(), "I13", row.body + (record ? "" : ": " + record.error().what));
      demand(row.leaf == audit::leaf_hash(row.body), "leaf", "the leaf hash is not that of " + row.body);
      demand(record->log == row.log, "leaf", "a record stands in another log: " + row.body);
      demand(row.body.find(typed_marker) == std::string::npos, "I10", "a typed text stands in " + row.body);
      if (record->is_step) follow(row, *record);
    }
    if (static_cast<int>(rows->size()) < rows_at_once) return;
  }
}

void Inspector::follow(const AuditRow& row, const audit::RecordView& record) {
  Seen& seen = seen_[std::string(record.case_id)];
  demand(record.cn == seen.next_cn && record.from == seen.state, "recorded",
         fmt::format("after {} in '{}' comes {}", seen.next_cn - 1, seen.state, row.body));
  if (const StateInfo* before = world_.workflow().state(seen.state); before != nullptr && before->end)
    demand(record.from == record.to || record.event == "reopen", "final", "an end was left: " + row.body);
  opens_by_people(record);
  seen.next_cn = record.cn + 1;
  seen.state = record.to;
  states_[{std::string(record.case_id), record.cn}] = record.to;
}

// Silence, notices and devices open nothing (I7, I14).
void Inspector::opens_by_people(const audit::RecordView& record) {
  const StateInfo* to = world_.workflow().state(record.to);
  if (to == nullptr || !lets_in(to->access) || record.from == record.to) return;
  demand(!record.event.starts_with("t_"), "I7", fmt::format("{} opened {}", record.event, record.to));
  demand(record.actor.starts_with("u-") || goes_on_opening(record.event), "I14",
         fmt::format("{} by {} opened {}", record.event, record.actor, record.to));
}

void Inspector::look_at_case(const CaseFile& file, Instant at) {
  const std::string here = shortened(file.id.text()) + " in " + file.state;
  const auto stored = world_.store().read_case(file.id);
  demand(stored.has_value() && *stored == file, "stored", here + " is not what was committed");
  const Seen& seen = seen_[audit::record_id(file.id.text())];
  demand(
      seen.next_cn == file.version && seen.state == file.state, "recorded",
      fmt::format("{} at version {}, its records end with {} in '{}'", here, file.version, seen.next_cn, seen.state));
  const Policy& policy = world_.directory()->policy_of(file.tenant, file.policy_version);
  for (const fault_response::Invariant& one : fault_response::invariants())
    demand(one.holds(file, policy, at), std::string(one.name), here + ": " + std::string(one.says));
  everybody_can_cut(file);
}

void Inspector::look_at_devices() {
  std::map<DeviceId, int> live;
  for (const auto& [id, file] : files_)
    for (const Grant& grant : file.grants)
      if (grant.proved_closed_at == Instant{} && !file.device.empty())
        demand(++live[file.device] <= 1, "I3",
               "two grants live for one device, the second in " + shortened(file.id.text()) + " in " + file.state);
}

// What the doors really are. A door that has lied is nobody's fault but its own.
void Inspector::look_at_doors(const CaseFile& file) {
  access_point::SimulatedSite& site = world_.doors().site();
  const Access access = world_.workflow().state(file.state)->access;
  for (const Grant& grant : file.grants) {
    const bool may_be_open = &grant == file.grant() && access != Access::closed && access != Access::armed;
    if (may_be_open || lied_.contains(grant.id)) continue;
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
      demand(!site.is_open(hop, grant.id), "door",
             fmt::format("{} is open for {} in {}", name_of(hop), shortened(file.id.text()), file.state));
  }
}

// I4, for one person of the hospital after another.
void Inspector::everybody_can_cut(const CaseFile& file) {
  const Access access = world_.workflow().state(file.state)->access;
  if (access == Access::closed || file.state == "halted") return;
  const auto directory = world_.directory();
  using enum Role;
  static const std::vector<Role> roles{hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty};
  const Role role = roles[static_cast<std::size_t>(file.version) % roles.size()];
  const auto holders = directory->holders(role, file.tenant, world_.now());
  if (holders.empty()) return;
  Event event;
  event.name = "emergency_disconnect";
  event.case_id = file.id;
  event.at = world_.now();
  event.actor = {.id = holders.front().text(), .kind = none, .person = holders.front(), .auth = "pwd+otp"};
  const Verdict verdict =
      fault_response::fault_response().decide({.file = file,
                                               .event = event,
                                               .directory = *directory,
                                               .policy = directory->policy_of(file.tenant, file.policy_version),
                                               .same_device = {},
                                               .audit_working = false});
  demand(std::holds_alternative<Decision>(verdict), "I4",
         fmt::format("{} cannot cut {} in {}", name_of(role), shortened(file.id.text()), file.state));
}

void Inspector::look_at_letters() {
  for (const Letter& one : world_.post().fresh())
    demand((one.subject + one.body).find(typed_marker) == std::string::npos, "I10",
           "a typed text stands in the letter " + one.subject);
}

void Inspector::look_at_violations() {
  const auto& all = world_.doors().site().violations();
  using Rule = access_point::SimulatedSite::Violation::Rule;
  for (; violations_ < all.size(); ++violations_) {
    const auto& one = all[violations_];
    if (one.rule == Rule::closed_only_in_words) lied_.insert(one.grant);
    const std::string where = fmt::format("{} generation {}", name_of(one.hop), one.generation);
    demand(one.rule != Rule::opened_after_fence, "fence", "an order was obeyed after its fence: " + where);
    demand(one.rule != Rule::open_after_not_after, "I9", "a door stayed open past its window: " + where);
  }
  ++world_.totals().held["fence"];
}

}  // namespace kintsugi::drill
