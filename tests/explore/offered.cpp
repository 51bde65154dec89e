#include "tests/explore/bounds.h"
#include "workflows/fault_response/look.h"

#include <algorithm>
#include <initializer_list>
#include <map>

namespace kintsugi::explore {
namespace {

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::count(words, word) > 0;
}

// The engine submits these only when a file or the masters ask for it; they are played as what follows a step.
bool is_the_engines_own(std::string_view event) {
  return among(event,
               {"path_confirmed", "close_confirmed", "close_confirmed_late", "all_accounted", "approval_lapsed"});
}

// What would make a case grow without end, by the limits of the bound.
bool is_full(const Bound& bound, const CaseFile& file, const Move& move) {
  const bool asks = among(move.event, {"request_connection", "break_glass"});
  if (asks && file.grants.size() >= bound.grants_max) return true;
  const bool adds = move.event == "item_declared" || move.payload.contains("found_copy");
  if (adds && file.items.size() >= bound.items_max) return true;
  // What is withdrawn once is gone; after a refused repair it could be withdrawn for ever.
  if (move.event == "withdraw_device" && std::ranges::count(file.items, ItemClass::device_part, &DataItem::kind) > 0)
    return true;
  if (among(move.event, {"open_incident", "raise_incident"}) && file.incidents.size() >= bound.incidents_max)
    return true;
  if (move.event == "policy_violation" && file.incidents.size() >= bound.incidents_max) return true;
  if (move.event == "notify_second_fault" && !file.links.empty()) return true;
  if (move.event == "extend_window" || move.event == "request_extension")  // once
    return file.grant() != nullptr && file.grant()->window.length() > 2h;
  return move.event == "reopen" && file.reopened > 0;
}

// Of an answer of an end point: it does what was ordered last.
bool is_ordinary(const Moment& moment, const Move& move) {
  if (move.event != "report_hop")
    return among(move.with, {"", "no item", "item 1", "item 2", "incident 1"}) ||
           among(move.event, {"approve", "reject", "answer_nonconformity"});
  const std::string state = move.payload.value("state", "");
  if (move.payload.value("sessions", 0) > 0 || move.with.find(',') != std::string::npos) return false;
  if (moment.file.state == "connecting") return state == "open";
  return state == "closed" &&
         among(moment.file.state, {"disconnecting", "disc_unverified", "halted", "connect_failed"});
}

bool is_homeward(const Move& move) {
  if (!move.step_up) return false;
  if (move.event == "report_hop")
    return move.payload.value("state", "") == "closed" && move.payload.value("sessions", 0) == 0 &&
           move.with.find(',') == std::string::npos;
  if (among(move.event, {"post_approve", "answer_nonconformity"})) return true;
  if (move.event == "authorise_export") return !move.payload.value("allow", true);
  if (move.with == "no item") return true;
  return move.with.empty() || move.with.starts_with("item ") || move.with.starts_with("incident ");
}

const std::map<std::string, std::vector<std::string>, std::less<>>& ways_home() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> all = {
      {"notified", {"identify_device", "acknowledge", "cancel"}},
      {"acknowledged", {"cancel", "stop_after_access"}},
      {"conn_requested", {"amend_or_withdraw"}},
      {"conn_rejected", {"revise"}},
      {"conn_approved", {"revoke"}},
      {"connecting", {"revoke"}},
      {"connected", {"revoke"}},
      {"conn_lost", {"revoke"}},
      {"check_online", {"revoke"}},
      {"connect_failed", {"report_hop", "give_up"}},
      {"disconnecting", {"report_hop"}},
      {"disc_unverified", {"manual_close"}},
      {"halted", {"report_hop", "assess_incident", "abandon"}},
      {"onsite", {"withdraw_device"}},
      {"check_offline", {"clinical_ok"}},
      {"data_deletion",
       {"nothing_taken", "countersign", "authorise_export", "lift_legal_hold", "item_erased", "item_verified",
        "item_returned", "answer_nonconformity"}},
      {"deletion_failed", {"lift_legal_hold", "retry_or_stronger"}},
      {"sign_off",
       {"submit_report", "approve_report", "review_log", "post_approve", "answer_nonconformity",
        "submit_safety_report", "assess_incident", "lift_hold", "sign_off"}},
  };
  return all;
}

// An approval is owed after the fact, and whoever holds its slot asked for it, worked or has answered for another.
bool nobody_is_left(const Moment& moment) {
  const CaseFile& file = moment.file;
  return std::ranges::any_of(file.obligations, [&](const Obligation& one) {
    const Request* owed = fault_response::request_owed(file, one.slot, {});
    if (file.state != "sign_off" || one.kind != ObligationKind::post_approval || owed == nullptr) return false;
    const Directory& directory = masters(moment.masters);
    return std::ranges::all_of(directory.holders(one.slot, file.tenant, moment.now), [&](const PersonId& id) {
      return directory.person(id)->employer != file.tenant || id == owed->by ||
             std::ranges::count(owed->workers, id) > 0 || std::ranges::count(owed->approvals, id, &Approval::by) > 0;
    });
  });
}

Move world_move(const char* what) {
  return {.who = "world", .event = what, .with = ""};
}

}  // namespace

std::vector<Move> offered(const Bound& bound, const Moment& moment) {
  std::vector<Move> out;
  for (const std::string& event : bound.events) {
    if (is_the_engines_own(event)) continue;
    for (const std::string& who : who_could(moment, event)) {
      if (who == "sys" && among(event, {"revoke", "give_up"})) continue;
      for (Move& move : said(moment, event, who))
        if (!is_full(bound, moment.file, move) && (!bound.ordinary || is_ordinary(moment, move)))
          out.push_back(std::move(move));
    }
  }
  return out;
}

std::vector<Move> world_moves(const Bound& bound, const Moment& moment) {
  std::vector<Move> out;
  const auto add = [&](const char* what) { out.push_back(world_move(what)); };
  // Not past a clock that is due and has not rung yet.
  const bool waits = std::ranges::any_of(
      moment.file.timers, [&](const Timer& one) { return acts(moment, one) && one.due <= moment.now; });
  if (!waits && (next_stop(moment) != Instant{} || !moment.file.timers.empty())) add("the clock moves on");
  if (bound.log) add(moment.audit_working ? "the audit log fails" : "the audit log works again");
  if (bound.other) {
    const Grant* grant = moment.file.grant();
    const bool ours = grant != nullptr && !grant->proved_closed();
    if (moment.other_has_grant) add("the other case gives its grant back");
    if (!moment.other_has_grant && !ours) add("the other case of the device takes a grant");
  }
  if (bound.masters && moment.masters == Masters::as_begun) {
    add("ada loses her role to ben");
    add("cho leaves and eve comes");
    if (bound.joins) add("hal comes");
  }
  return out;
}

std::vector<std::vector<Move>> homewards(const Bound& bound, const Moment& moment) {
  std::vector<std::vector<Move>> out;
  const bool focus = bound.focus.contains(moment.file.state);
  const auto way = ways_home().find(moment.file.state);
  if (way == ways_home().end()) return out;
  for (const std::string& event : way->second) {
    // Where only ordinary payloads are offered, the one that leads home may be another.
    if (focus && !bound.ordinary && std::ranges::count(bound.events, event) > 0) continue;
    std::map<std::string, std::vector<Move>> by_payload;
    for (const std::string& who : who_could(moment, event))
      if (who != "sys" || event != "give_up")
        for (Move& move : said(moment, event, who))
          if (is_homeward(move)) by_payload[move.with].push_back(std::move(move));
    for (auto& [with, moves] : by_payload)
      out.push_back(std::move(moves));
  }
  if (nobody_is_left(moment)) out.push_back({world_move("gil is appointed")});
  return out;
}

}  // namespace kintsugi::explore
