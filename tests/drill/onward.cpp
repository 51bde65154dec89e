#include "tests/drill/onward.h"

#include "tests/drill/plans.h"
#include "tests/drill/scene.h"

#include <algorithm>
#include <map>

namespace kintsugi::drill {
namespace {

using enum Role;
using Act = Scene::Act;

// Now and then somebody with two hats asks for a colleague: then he can be tempted to approve it as well.
Act asks_for_connection(const Scene& s) {
  const PersonId two_hats = s.dice.one_in(2) ? s.one_with(rsc_svc, rsc_netadm) : PersonId{};
  const PersonId who = two_hats.empty() ? s.one(rsc_svc) : two_hats;
  const PersonId works = two_hats.empty() ? who : s.one_but(rsc_svc, {who});
  const Contract* contract = s.world.directory()->contract_of(s.file.device, s.now());
  if (who.empty() || works.empty() || contract == nullptr) return std::nullopt;
  Json words = payload_of(s.world, "request_connection", s.file, who, s.dice);
  Duration longest = std::min(contract->window_max, s.policy().site_window_max);
  // As long as may be, or so that it can be extended, or so that its end is near.
  if (s.dice.one_in(2)) longest = std::min<Duration>(longest, std::chrono::minutes(s.dice.between(8, 100)));
  words["window"] = s.window(longest);
  words["sessions_max"] = contract->sessions_max;
  words["workers"] = {works.text()};
  return s.does(who, "request_connection", std::move(words));
}

Act approves(const Scene& s) {
  const Role slot = s.open_slot();
  if (slot == none) return std::nullopt;
  PersonId who = s.one_but(slot, s.asked());
  if (who.empty() && s.policy().allow_combined_hcf_slots) who = s.one(slot);
  return s.does(who, "approve", {{"slot", name_of(slot)}, {"request_hash", s.said_hash()}});
}

Act starts(const Scene& s) {
  if (!s.file.hold.is_set()) return s.does(s.one(hcf_clin), "set_hold", {{"no_patient", true}});
  if (s.file.request && s.file.request->attendant.empty() && s.policy().attendance_required)
    return s.does(s.one(hcf_psm), "assign_attendant", {{"attendant", s.one(hcf_clin).text()}});
  return s.does(s.worker(), "start_connection", {{"case_number", s.file.number}, {"endpoint_healthy", true}});
}

Act lets_second_level_in(const Scene& s) {
  const Proposal* asked = s.proposal("l2");
  if (asked == nullptr) {
    const PersonId joins = s.one_but(rsc_l2, s.asked());
    return joins.empty() ? Act{}
                         : s.does_but(s.worker(), "propose_l2", {{"person", joins.text()}, {"reason", "the reason"}});
  }
  const Json joins = {{"person", asked->person.text()}};
  if (s.proposal("l2_hcf") == nullptr) return s.does(s.one_but(hcf_sysadm, s.asked()), "allow_l2", joins);
  if (s.proposal("l2_rsc") == nullptr)
    return s.does(s.one_but(rsc_netadm, {asked->by, s.file.request->by}), "allow_l2", joins);
  return s.does_but(s.one(rsc_svc), "escalate_l2", joins);
}

Act takes_data(const Scene& s) {
  using enum ItemState;
  if (const auto free = s.items({authorised}); !free.empty())
    return s.does_but(s.worker(), "take_data", {{"item", s.dice.pick(free)->id.text()}});
  if (const auto waiting = s.items({declared}); !waiting.empty())
    return s.does(s.one(hcf_priv), "authorise_export", {{"items", {waiting.front()->id.text()}}, {"allow", true}});
  return s.does(s.worker(), "item_declared");
}

Act sends_a_file(const Scene& s) {
  if (!s.file.request) return std::nullopt;
  if (s.file.request->files.empty()) return s.does(s.one_but(hcf_sysadm, s.asked()), "approve_file");
  return s.does_but(s.worker(), "put_file",
                    {{"content", to_base64(s.file.request->files.front())},
                     {"signature_ok", s.dice.percent(80)},
                     {"malware_clean", true}});
}

Act in_session(const Scene& s) {
  // What was begun goes on.
  if (s.proposal("l2") != nullptr && s.dice.one_in(2)) return lets_second_level_in(s);
  if (s.proposal("extension") != nullptr && s.dice.one_in(3))
    return s.does_but(s.one_but(hcf_netadm, s.asked()), "extend_window",
                      {{"until", to_text(s.proposal("extension")->until)}});
  if (!s.items({ItemState::declared, ItemState::authorised}).empty() && s.dice.one_in(2)) return takes_data(s);
  switch (s.dice.below(12)) {
    case 0: return lets_second_level_in(s);
    case 9:
    case 1:
    case 2: return takes_data(s);
    case 3: return sends_a_file(s);
    case 4:
      if (!s.file.write_running) return s.does(s.worker(), "write_started");
      return s.dice.one_in(2) ? s.does(s.one(hcf_clin), "consent_grace") : s.does(s.worker(), "write_finished");
    case 5: return s.does(s.worker(), "disconnect_for_now");
    case 10: return s.dice.one_in(3) ? s.does(s.worker(), "repair_impossible") : s.does(s.worker(), "log_work");
    case 6:
      return s.proposal("extension") == nullptr ? s.does(s.worker(), "request_extension")
                                                : s.does(s.one_but(hcf_netadm, s.asked()), "extend_window");
    case 7:
    case 8: return s.does(s.worker(), "log_work");
    default: return s.does(s.worker(), s.file.work_entries > 0 ? "repair_done" : "log_work");
  }
}

Act comes_back(const Scene& s) {
  if (s.file.write_running && !s.file.device_said_safe)
    return s.does(s.one(hcf_clin), "confirm_device_safe", {{"safe", true}});
  return s.does(s.worker(), "reconnect");
}

Act checks(const Scene& s) {
  if (s.file.write_running && s.dice.one_in(2)) return s.does(s.one(hcf_clin), "consent_grace");
  return s.does(s.one(hcf_clin), s.dice.one_in(3) ? "clinical_ng" : "clinical_ok");
}

Act ends_the_halt(const Scene& s) {
  for (const Incident& one : s.file.incidents)
    if (one.state == IncidentState::open)
      return s.does_but(s.one(hcf_priv), "assess_incident", {{"incident", one.id.text()}});
  return s.does(s.one_but(hcf_sysadm, {}), s.dice.any_of({"release", "abandon", "dispatch_onsite"}));
}

Act notices(const Scene& s) {
  if (s.file.device.empty()) return s.does(s.one(hcf_sysadm), "identify_device");
  return s.does(s.one(rsc_svc), "acknowledge");
}

// What the incidents of a case go on to, whatever else becomes of it.
Act goes_on_with_incidents(const Scene& s) {
  for (const Incident& one : s.file.incidents) {
    const Json named = {{"incident", one.id.text()}};
    if (one.state == IncidentState::open) return s.does_but(s.one(hcf_priv), "assess_incident", named);
    if (one.state == IncidentState::assessed) return s.does_but(s.one(hcf_priv), "report_incident", named);
    if (one.state == IncidentState::reported) return s.does_but(s.one(hcf_sec), "close_incident", named);
  }
  return std::nullopt;
}

Act does_a_duty(const Scene& s) {
  const auto duties = duties_of(s.world, s.file, s.dice);
  if (duties.empty()) return std::nullopt;
  const Duty& duty = duties[static_cast<std::size_t>(s.dice.below(std::min(2, static_cast<int>(duties.size()))))];
  const PersonId who = s.one(duty.role);
  if (duty.event == "manual_close") s.world.doors().unplug(s.file);
  return duty.payload.is_null() ? s.does(who, duty.event) : s.does(who, duty.event, duty.payload);
}

}  // namespace

std::optional<Submission> onward(World& world, const CaseFile& file, Dice& dice) {
  static const std::map<std::string, Act (*)(const Scene&), std::less<>> ways = {
      {"notified", notices},
      {"acknowledged", asks_for_connection},
      {"conn_requested", approves},
      {"conn_approved", starts},
      {"connect_failed", [](const Scene& s) { return s.does(s.one(rsc_svc), "retry"); }},
      {"connected", in_session},
      {"conn_lost", comes_back},
      {"check_online", checks},
      {"halted", ends_the_halt},
      {"connecting", [](const Scene&) { return Act{}; }},
      {"conn_rejected", [](const Scene& s) { return s.does(s.one(rsc_svc), "revise"); }},
      {"closed", [](const Scene& s) { return s.dice.one_in(3) ? s.does(s.one(hcf_clin), "reopen") : Act{}; }},
  };
  const Scene scene{world, file, dice};
  if (!file.incidents.empty() && dice.one_in(4)) return goes_on_with_incidents(scene);
  const auto way = ways.find(file.state);
  return way == ways.end() ? does_a_duty(scene) : way->second(scene);
}

std::vector<Instant> moments_of(World& world, const CaseFile& file) {
  std::vector<Instant> out;
  const auto add = [&](Instant at) {
    if (at > world.now()) out.push_back(at);
  };
  if (file.request && !file.request->dead) add(file.request->window.closes);
  if (const Grant* grant = file.grant(); grant != nullptr && !grant->proved_closed()) {
    add(grant->window.opens);
    add(grant->window.closes);
  }
  for (const Timer& one : file.timers)
    add(one.due);
  return out;
}

}  // namespace kintsugi::drill
