#include "tests/support/invariants.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <map>
#include <set>

// I5, I6, I13: who may say yes to what, what he said yes to, and that it is known who it was.
namespace kintsugi::testing {
namespace {

using Complaint = std::optional<std::string>;

const Obligation* latest(const CaseFile& file, ObligationKind kind) {
  const auto found = std::find_if(file.obligations.rbegin(), file.obligations.rend(),
                                  [&](const Obligation& one) { return one.kind == kind && one.done(); });
  return found == file.obligations.rend() ? nullptr : &*found;
}

// ---- I5 -----------------------------------------------------------------------------------------------------

Complaint nobody_approves_his_own(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !decision->next.request) return {};
  std::vector<const Request*> all{&*decision->next.request};
  for (const Request& one : decision->next.emergencies)
    all.push_back(&one);
  for (const Request* request : all)
    for (const Approval& one : request->approvals) {
      if (std::ranges::count(request->workers, one.by) > 0) return "a worker has approved";
      if (one.by == request->by && !request->break_glass) return "the requester has approved";
      // Whoever has said yes in one slot may still refuse in another.
      const auto own = std::ranges::count_if(
          request->approvals, [&](const Approval& other) { return other.by == one.by && other.approved; });
      const bool both_hcf = std::ranges::all_of(request->approvals, [&](const Approval& other) {
        return other.by != one.by || (other.combined && side_of(other.slot) == Side::hcf);
      });
      if (own > 1 && !(own == 2 && both_hcf && step.now.policy.allow_combined_hcf_slots))
        return "a person counts twice";
    }
  return {};
}

Complaint nobody_extends_his_own(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || step.event().name != "extend_window") return {};
  const PersonId& person = step.event().actor.person;
  for (const Proposal& one : step.before().proposals)
    if (one.what == "extension" && one.by == person) return "he asked for it";
  if (step.before().request && std::ranges::count(step.before().request->workers, person) > 0)
    return "he works on it";
  return {};
}

Complaint nobody_vouches_for_his_own(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const CaseFile& file = decision->next;
  for (const DataItem& one : file.items)
    if (!one.verified_by.empty() && one.verified_by == one.erased_by) return "he verified what he erased";
  if (!file.nothing_taken_countersigned_by.empty() && file.nothing_taken_countersigned_by == file.nothing_taken_by)
    return "he countersigned his own statement";
  const Obligation* report = latest(file, ObligationKind::report);
  if (step.event().name == "approve_report" && report != nullptr && report->done_by == step.event().actor.person)
    return "he approved his own report";
  return {};
}

Complaint nobody_signs_his_own_work(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || step.event().name != "sign_off") return {};
  const PersonId& signer = step.event().actor.person;
  const CaseFile& file = step.before();
  const Person* person = step.now.directory.person(signer);
  if (person == nullptr) return "nobody signed";
  const Organisation* employer = step.now.directory.organisation(person->employer);
  if (employer == nullptr || employer->side == Side::rsc) return "the vendor signed";
  const bool worked = file.owner == signer || std::ranges::count(file.team, signer) > 0 ||
                      (file.request && std::ranges::count(file.request->workers, signer) > 0);
  return worked ? Complaint("he did the work") : Complaint{};
}

// ---- I6 -----------------------------------------------------------------------------------------------------

Complaint an_approval_is_of_its_request(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !decision->next.request) return {};
  const Request& request = *decision->next.request;
  for (const Approval& one : request.approvals)
    if (one.hash != request.hash && !(request.break_glass && one.hash == Digest{}))
      return "an approval of another hash";
  return {};
}

// What the hash was made over; files, workers and an attendant can be added by rules of their own.
bool same_text(const Request& a, const Request& b) {
  return a.by == b.by && a.at == b.at && a.document == b.document && a.level == b.level && a.window == b.window &&
         a.purpose == b.purpose && a.sessions_max == b.sessions_max && a.attendance_waived == b.attendance_waived &&
         a.phi_seen == b.phi_seen && a.phi_taken == b.phi_taken && a.break_glass == b.break_glass;
}

Complaint a_changed_request_has_no_approvals(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !decision->next.request || !step.before().request) return {};
  const Request& was = *step.before().request;
  const Request& is = *decision->next.request;
  if (was.hash == is.hash) return same_text(was, is) ? Complaint{} : Complaint("the text changed under its hash");
  // A consent to an emergency names no hash: given anew in the same instant, it looks like the one before.
  const auto given_anew = [&](const Approval& one) {
    return one.hash == Digest{} && std::ranges::any_of(step.before().proposals, [&](const Proposal& consent) {
             return consent.what == "break_glass" && consent.by == one.by && consent.at == one.at;
           });
  };
  const bool kept = std::ranges::any_of(is.approvals, [&](const Approval& one) {
    return std::ranges::count(was.approvals, one) > 0 && !given_anew(one);
  });
  return kept ? Complaint("an approval outlived the text") : Complaint{};
}

Complaint workers_join_by_the_rules(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !decision->next.request || !step.before().request) return {};
  const Request& was = *step.before().request;
  const Request& is = *decision->next.request;
  if (was.hash != is.hash || was.workers == is.workers) return {};
  return decision->row == "F36" ? Complaint{} : "workers changed by " + decision->row;
}

Complaint what_is_dead_stays_dead(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !step.before().request || !decision->next.request) return {};
  const Request& was = *step.before().request;
  const Request& is = *decision->next.request;
  if (!was.dead || was.hash != is.hash) return {};
  if (!is.dead) return "a dead request lives again";
  const auto yes = [](const Request& one) {
    return std::ranges::count_if(one.approvals, [](const Approval& a) { return !a.after_the_fact; });
  };
  return yes(was) == yes(is) ? Complaint{} : Complaint("a dead request was answered");
}

// ---- I13 ----------------------------------------------------------------------------------------------------

const std::set<Role>& roles_of_row(const std::string& row, const std::string& event) {
  static const auto all = [] {
    std::map<std::pair<std::string, std::string>, std::set<Role>> out;
    for (const ArcInfo& arc : fault_response::fault_response().arcs)
      out[{arc.row, arc.event}].insert(arc.by.begin(), arc.by.end());
    return out;
  }();
  static const std::set<Role> none;
  const auto found = all.find({row, event});
  return found == all.end() ? none : found->second;
}

Complaint it_is_known_who_it_was(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  if (decision->row.empty()) return "no row is named";
  if (!roles_of_row(decision->row, step.event().name).contains(decision->as))
    return std::string(name_of(decision->as)) + " is no role of " + decision->row;
  const Actor& actor = step.event().actor;
  if (actor.kind == Role::sys || actor.kind == Role::device)
    return decision->as == actor.kind ? Complaint{} : Complaint("a machine acted as somebody else");
  const Person* person = step.now.directory.person(actor.person);
  if (person == nullptr) return "nobody did it";
  const CaseFile& file = decision->next;
  const OrganisationId& at = side_of(decision->as) == Side::rsc ? file.rsc : file.tenant;
  const auto roles = step.now.directory.roles_of(*person, at, step.event().at);
  return std::ranges::count(roles, decision->as) > 0 ? Complaint{} : Complaint("he does not hold the role");
}

Complaint it_is_known_when_and_on_what(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const CaseFile& was = step.before();
  const CaseFile& is = decision->next;
  if (decision->from != was.state) return "it says that the case stood in " + decision->from;
  if (is.version != was.version + 1) return "the version did not rise by one";
  const Instant since = is.state == was.state ? was.state_since : step.event().at;
  return is.state_since == since ? Complaint{} : Complaint("since when it stands there is wrong");
}

}  // namespace

std::vector<StepInvariant> people_invariants() {
  return {
      {"I5", "nobody approves what he asked for or works on, and a person counts once", nobody_approves_his_own},
      {"I5", "nobody extends what he asked for or works on", nobody_extends_his_own},
      {"I5", "nobody vouches for what he erased, stated or reported", nobody_vouches_for_his_own},
      {"I5", "nobody signs his own work, and never the vendor", nobody_signs_his_own_work},
      {"I6", "an approval holds for the hash of its request", an_approval_is_of_its_request},
      {"I6", "a changed request has no approvals", a_changed_request_has_no_approvals},
      {"I6", "a worker joins only by the rule for it", workers_join_by_the_rules},
      {"I6", "a dead request is answered no more", what_is_dead_stays_dead},
      {"I13", "a change carries who did it, in a role that he holds and the row takes", it_is_known_who_it_was},
      {"I13", "a change carries when, from where to where, and on which version", it_is_known_when_and_on_what},
  };
}

}  // namespace kintsugi::testing
