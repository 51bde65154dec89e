#include "tests/drill/cast.h"
#include "tests/drill/onward.h"
#include "tests/drill/scene.h"
#include "tests/support/world.h"

#include <algorithm>
#include <map>
#include <string_view>

// What people, devices and boxes try where they may not.
namespace kintsugi::drill {
namespace {

using enum Role;
using Act = Scene::Act;

struct Temptation {
  std::string_view state;  // empty: any
  int weight = 1;
  Act (*act)(const Scene&) = nullptr;
};

Json answer_for(const Scene& s, Role slot) {
  return {{"slot", name_of(slot)}, {"request_hash", s.said_hash()}};
}

// ---- step 2 -------------------------------------------------------------------------------------------------------

Act approves_his_own(const Scene& s) {
  if (!s.file.request) return std::nullopt;
  const PersonId& who = s.file.request->by;
  for (const Role slot : s.policy().slots)
    if (s.holds(who, slot) && std::ranges::count(s.file.request->approvals, slot, &Approval::slot) == 0)
      return s.does(who, "approve", answer_for(s, slot));
  return std::nullopt;
}
Act worker_approves(const Scene& s) {
  const Role slot = s.open_slot();
  if (slot == none) return std::nullopt;
  for (const PersonId& who : s.file.request->workers)
    if (s.holds(who, slot)) return s.does(who, "approve", answer_for(s, slot));
  return std::nullopt;
}
Act approves_twice(const Scene& s) {
  const Role slot = s.open_slot();
  if (slot == none || s.file.request->approvals.empty()) return std::nullopt;
  return s.does(s.dice.pick(s.file.request->approvals).by, "approve", answer_for(s, slot));
}
Act vendor_fills_the_hospitals_slot(const Scene& s) {
  return s.file.request ? s.does(testing::person("vendor_psm"), "approve", answer_for(s, hcf_sysadm)) : Act{};
}
Act breaks_the_glass(const Scene& s) {
  if (s.file.priority != Priority::p1)
    return s.does(s.one(hcf_clin), "set_priority", {{"priority", "p1"}, {"reason", "the reason"}});
  if (s.proposal("break_glass") == nullptr) return s.does(s.one(rsc_netadm), "consent_break_glass");
  const PersonId joins = s.one_but(rsc_svc, {s.proposal("break_glass")->by});
  if (joins.empty()) return std::nullopt;
  return s.does_but(s.one(s.dice.one_in(2) ? hcf_sysadm : hcf_duty), "break_glass",
                    {{"workers", {joins.text()}}, {"window", s.window(40min)}});
}
Act names_another_rscs_device(const Scene& s) {
  return s.does(s.one(s.dice.one_in(2) ? rsc_svc : hcf_sysadm), "identify_device",
                {{"device", testing::device(s.dice.any_of({"ct-1", "mr-2", "us-9"})).text()}});
}

// The last yes comes when an earlier one has just lost its ground, and nobody has looked yet.
Act approves_beside_a_leaver(const Scene& s) {
  const Role slot = s.open_slot();
  if (slot == none || s.file.request->approvals.size() + 1 != s.policy().slots.size()) return std::nullopt;
  const PersonId who = s.one_but(slot, s.asked());
  if (who.empty()) return std::nullopt;
  roles_end(s.world, s.dice.pick(s.file.request->approvals).by, 1s);
  s.world.integrate();
  return s.does(who, "approve", answer_for(s, slot));
}

// ---- step 3 -------------------------------------------------------------------------------------------------------

Act types_another_number(const Scene& s) {
  return s.does(s.worker(), "start_connection", {{"case_number", "K26-0000000-0"}, {"endpoint_healthy", true}});
}
Act starts_with_a_password_only(const Scene& s) {
  auto asked = s.does(s.worker(), "start_connection", {{"case_number", s.file.number}, {"endpoint_healthy", true}});
  if (asked) asked->actor.auth = "pwd";
  return asked;
}
Act sends_what_nobody_looked_at(const Scene& s) {
  return s.does_but(s.worker(), "put_file", {{"malware_clean", false}});
}
Act wants_far_more_time(const Scene& s) {
  const Grant* grant = s.file.grant();
  if (grant == nullptr) return std::nullopt;
  const Json until = {{"until", to_text(grant->window.closes + 30h)}};
  return s.proposal("extension") == nullptr ? s.does_but(s.worker(), "request_extension", until)
                                            : s.does(s.one_but(hcf_netadm, s.asked()), "extend_window", until);
}
Act approver_joins_the_work(const Scene& s) {
  if (!s.file.request) return std::nullopt;
  if (s.file.request->approvals.empty()) return std::nullopt;
  return s.does_but(s.one(rsc_svc), "escalate_l2", {{"person", s.dice.pick(s.file.request->approvals).by.text()}});
}
// Proposed by one who could allow it himself for the vendor.
Act allows_what_he_proposed(const Scene& s) {
  const Proposal* asked = s.proposal("l2");
  if (asked != nullptr)
    return s.holds(asked->by, rsc_netadm) ? s.does(asked->by, "allow_l2", {{"person", asked->person.text()}}) : Act{};
  const PersonId who = s.one_with(rsc_svc, rsc_netadm);
  if (std::ranges::count(s.asked(), who) == 0) return std::nullopt;
  return s.does_but(who, "propose_l2", {{"person", s.one_but(rsc_l2, {}).text()}});
}
Act extends_unasked(const Scene& s) {
  const Grant* grant = s.file.grant();
  if (grant == nullptr) return std::nullopt;
  return s.does(s.one(hcf_sysadm), "extend_window", {{"until", to_text(grant->window.closes + 10min)}});
}
Act claims_without_work(const Scene& s) {
  return s.file.work_entries == 0 ? s.does(s.worker(), "repair_done") : Act{};
}
Act proposes_a_layman(const Scene& s) {
  return s.does_but(s.worker(), "propose_l2", {{"person", s.one(hcf_clin).text()}});
}
Act brings_somebody_along(const Scene& s) {
  return s.does_but(s.one(rsc_svc), "escalate_l2", {{"person", s.one_but(rsc_l2, s.asked()).text()}});
}
Act reconnects_while_it_writes(const Scene& s) {
  return s.file.write_running ? s.does(s.worker(), "reconnect") : Act{};
}
Act says_it_is_not_safe(const Scene& s) {
  return s.does(s.one(hcf_clin), "confirm_device_safe", {{"safe", false}});
}
Act leaves_a_check_out(const Scene& s) {
  return s.does_but(s.one(hcf_clin), "clinical_ok", {{"checks", Json::array()}});
}

// Nobody decides, and the window ends.
Act waits_past_the_end(const Scene& s) {
  if (const Grant* grant = s.file.grant(); grant != nullptr && grant->window.closes > s.now())
    s.world.pass(grant->window.closes - s.now() + 1s);
  return std::nullopt;
}
Act attests_half_of_it(const Scene& s) {
  return s.does_but(s.one_but(hcf_netadm, {}), "manual_close", {{"accounts_disabled", false}});
}

// ---- after the work -----------------------------------------------------------------------------------------------

// With the vendor's report and the hospital's hat.
Act author_approves(const Scene& s) {
  const PersonId two_hats = s.one_with(rsc_svc, hcf_sysadm);
  const auto report = std::find_if(s.file.obligations.rbegin(), s.file.obligations.rend(),
                                   [](const Obligation& one) { return one.kind == ObligationKind::report; });
  const bool his = report != s.file.obligations.rend() && report->done_by == two_hats;
  return his ? s.does(two_hats, "approve_report", {{"read", true}}) : s.does(two_hats, "submit_report");
}
Act worker_signs(const Scene& s) {
  for (const PersonId& who : s.asked())
    if (s.holds(who, hcf_sysadm)) return s.does(who, "sign_off", Json::object());
  return s.does(s.file.owner, "sign_off", Json::object());
}
Act signs_too_early(const Scene& s) {
  return s.does(s.one(hcf_sysadm), "sign_off", Json::object());
}
Act keeps_it_for_an_hour(const Scene& s) {
  const auto kept = s.items({ItemState::held_at_rsc});
  if (kept.empty()) return std::nullopt;
  return s.does_but(s.one(hcf_priv), "item_retained",
                    {{"item", kept.front()->id.text()}, {"until", to_text(s.now() + s.dice.between(1, 40) * 1h)}});
}

Act keeps_it_until_yesterday(const Scene& s) {
  const auto kept = s.items({ItemState::held_at_rsc});
  if (kept.empty()) return std::nullopt;
  return s.does_but(s.one(hcf_priv), "item_retained",
                    {{"item", kept.front()->id.text()}, {"until", to_text(s.now() - 24h)}});
}
Act lives_with_what_is_left(const Scene& s) {
  const auto left = s.items({ItemState::held_at_rsc, ItemState::erased_claimed});
  if (left.empty()) return std::nullopt;
  for (const Incident& one : s.file.incidents)
    if (one.state != IncidentState::open)
      return s.does_but(s.one_but(hcf_priv, {}), "accept_residual", {{"item", left.front()->id.text()}});
    else
      return s.does_but(s.one(hcf_priv), "assess_incident", {{"incident", one.id.text()}});
  return s.does(s.one(hcf_priv), "raise_incident");
}
Act tries_no_harder(const Scene& s) {
  const auto left = s.items({ItemState::held_at_rsc, ItemState::erased_claimed});
  if (left.empty()) return std::nullopt;
  if (s.dice.one_in(2)) return s.does(s.one(rsc_svc), "retry_or_stronger", Json::object());
  return s.does(s.one(rsc_svc), "retry_or_stronger", {{"item", left.front()->id.text()}, {"method", "clear"}});
}
Act cannot_erase_it(const Scene& s) {
  const auto left = s.items({ItemState::held_at_rsc, ItemState::erased_claimed});
  return left.empty() ? Act{} : s.does_but(s.one(rsc_svc), "erasure_failed", {{"item", left.front()->id.text()}});
}
Act holds_it_for_the_court(const Scene& s) {
  using enum ItemState;
  if (const auto kept = s.items({held}); !kept.empty())
    return s.does_but(s.one(hcf_priv), "lift_legal_hold", {{"items", {kept.front()->id.text()}}});
  const auto left = s.items({held_at_rsc});
  if (left.empty()) return std::nullopt;
  if (s.file.incidents.empty()) return s.does(s.one(hcf_priv), "open_incident");
  return s.does_but(s.one(hcf_priv), "legal_hold", {{"items", {left.front()->id.text()}}});
}

// ---- whoever speaks out of turn -----------------------------------------------------------------------------------

// A box says what only the engine tells itself.
Act box_plays_the_engine(const Scene& s) {
  Submission out;
  static const std::map<std::string, std::vector<std::string>, std::less<>> lines = {
      {"conn_requested", {"approval_lapsed", "t_approve_final"}},
      {"connecting", {"path_confirmed", "t_open_expired"}},
      {"connected", {"t_window_end", "t_idle_final"}},
      {"conn_lost", {"t_reconnect_expired"}},
      {"disconnecting", {"close_confirmed", "close_confirmed", "t_close_expired"}},
      {"disc_unverified", {"close_confirmed_late"}},
      {"data_deletion", {"all_accounted", "t_delete_overdue"}}};
  const auto line = lines.find(s.file.state);
  if (line == lines.end()) return std::nullopt;
  out.event = s.dice.pick(line->second);
  out.case_id = s.file.id;
  out.actor = gate_actor(s.file.tenant);
  return out;
}
Act line_is_lost(const Scene& s) {
  if (s.file.grant() == nullptr) return std::nullopt;
  Submission out;
  out.event = "connection_lost";
  out.case_id = s.file.id;
  out.actor = gate_actor(s.file.tenant);
  out.payload = {{"hop", "access_point"}, {"generation", s.file.grant()->generation}};
  return out;
}
// A device says itself what becomes of its report.
Act device_plays_the_desk(const Scene& s) {
  if (s.file.device.empty()) return std::nullopt;
  Submission out;
  out.event = s.dice.any_of({"notify", "notify_duplicate", "notify_second_fault"});
  out.actor = device_actor(s.world, s.file.device);
  if (out.event != "notify") out.case_id = s.file.id;
  const std::string code = s.dice.one_in(2) ? s.file.fault.code : "E-OTHER";
  out.payload = {{"action", "trigger"},
                 {"dedup_key", code},
                 {"device", s.file.device.text()},
                 {"code", code},
                 {"occurred_at", to_text(s.now())}};
  return out;
}

const std::vector<Temptation>& temptations() {
  static const std::vector<Temptation> all = {
      {"conn_requested", 12, approves_his_own},
      {"conn_requested", 4, worker_approves},
      {"conn_requested", 3, approves_twice},
      {"conn_requested", 2, approves_beside_a_leaver},
      {"conn_requested", 2, vendor_fills_the_hospitals_slot},
      {"acknowledged", 4, breaks_the_glass},
      {"conn_requested", 2, breaks_the_glass},
      {"notified", 2, names_another_rscs_device},
      {"acknowledged", 2, names_another_rscs_device},
      {"conn_approved", 2, types_another_number},
      {"conn_approved", 2, starts_with_a_password_only},
      {"connected", 2, sends_what_nobody_looked_at},
      {"connected", 3, wants_far_more_time},
      {"connected", 4, approver_joins_the_work},
      {"connected", 2, brings_somebody_along},
      {"connected", 3, allows_what_he_proposed},
      {"connected", 2, extends_unasked},
      {"connected", 2, claims_without_work},
      {"connected", 1, proposes_a_layman},
      {"connected", 4, line_is_lost},
      {"check_online", 3, line_is_lost},
      {"connecting", 2, line_is_lost},
      {"connecting", 4, box_plays_the_engine},
      {"disconnecting", 8, box_plays_the_engine},
      {"conn_lost", 4, reconnects_while_it_writes},
      {"conn_lost", 2, says_it_is_not_safe},
      {"check_online", 2, leaves_a_check_out},
      {"check_online", 3, waits_past_the_end},
      {"conn_lost", 1, waits_past_the_end},
      {"disc_unverified", 2, attests_half_of_it},
      {"check_offline", 2, leaves_a_check_out},
      {"sign_off", 4, author_approves},
      {"sign_off", 3, worker_signs},
      {"sign_off", 3, signs_too_early},
      {"data_deletion", 4, keeps_it_for_an_hour},
      {"data_deletion", 2, keeps_it_until_yesterday},
      {"data_deletion", 4, holds_it_for_the_court},
      {"data_deletion", 6, cannot_erase_it},
      {"deletion_failed", 6, lives_with_what_is_left},
      {"deletion_failed", 4, tries_no_harder},
      {"", 1, box_plays_the_engine},
      {"", 1, device_plays_the_desk},
  };
  return all;
}

}  // namespace

std::optional<Submission> tempted(World& world, const CaseFile& file, Dice& dice) {
  std::vector<std::pair<const Temptation*, int>> here;
  for (const Temptation& one : temptations())
    if (one.state.empty() || one.state == file.state) here.emplace_back(&one, one.weight);
  const Scene scene{world, file, dice};
  for (int tries = 0; tries < 3 && !here.empty(); ++tries)
    if (auto act = dice.weighted(here)->act(scene)) return act;
  return std::nullopt;
}

}  // namespace kintsugi::drill
