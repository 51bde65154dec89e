#include "programs/demo/play.h"

#include "engine/base/bytes.h"
#include "engine/base/digest.h"

namespace kintsugi::demo {
namespace {

std::string text(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class Scene {
 public:
  Scene(const Json& seen, const Cast& cast, Instant now) : seen_(seen), cast_(cast), now_(now) {}

  void offer(Role role, std::string event, Json payload = Json::object()) {
    acts.push_back({role, std::move(event), std::move(payload)});
  }

  void request() {
    const Player* worker = cast_.with(Role::rsc_svc);
    const Player* attendant = cast_.with(Role::hcf_psm);
    Json payload = {
        {"purpose", "fault"},
        {"reason", "Tube cooling reports E-217; the log has to be read and the pump controller restarted."},
        {"work_plan", "Read the log, restart the controller, run the cooling test. Stop if the pressure drops."},
        {"effect_on_operation", "The CT cannot be used during the work."},
        {"substitute_measure", "Urgent patients go to CT no. 1."},
        {"needs_restart", true},
        {"level", "control"},
        {"window", {{"opens", to_text(now_)}, {"closes", to_text(now_ + std::chrono::hours(1))}}},
        {"sessions_max", 2},
        {"workers", Json::array({worker->id.text()})},
        {"attendant", attendant->id.text()},
        {"phi_seen", true},
        {"phi_taken", true},
        {"phi_classes", Json::array({"log"})},
        {"phi_reason", "The service log can only be read with the maker's tool; kept in the case's store."},
        {"hold_needed", true}};
    offer(Role::rsc_svc, "request_connection", std::move(payload));
  }

  void answers() {
    const auto request = seen_.find("request");
    if (request == seen_.end()) return;
    for (const Json& slot : request->value("open_slots", Json::array()))
      if (const auto role = from_name<Role>(text(slot, "slot")))
        offer(*role, "approve", {{"slot", name_of(*role)}, {"request_hash", text(*request, "hash")}});
  }

  void repair() {
    if (seen_.value("work_entries", 0) == 0)
      offer(Role::rsc_svc, "log_work", {{"kind", "command"}, {"entry", "read the service log of the cooling unit"}});
    const Json& items = seen_.at("items");
    if (items.empty())
      offer(Role::rsc_svc, "item_declared",
            {{"kind", "log"},
             {"phi", "unknown"},
             {"reason", "needed by second level to find the cause"},
             {"patients", "unknown"},
             {"planned_end", "erase"},
             {"medium", "shared_storage"}});
    for (const Json& item : items) {
      const std::string state = text(item, "state");
      if (state == "declared")
        offer(Role::hcf_sysadm, "authorise_export", {{"items", Json::array({item.at("id")})}, {"allow", true}});
      if (state == "authorised")
        offer(Role::rsc_svc, "take_data",
              {{"item", item.at("id")},
               {"content", to_base64(sha256(text(item, "id")))},
               {"size_bytes", 48'213},
               {"encrypted", true}});
    }
    offer(Role::rsc_svc, "repair_done",
          {{"test_result", "passed"}, {"summary", "pump controller restarted, cooling test passed"}});
  }

  void erase() {
    bool anything = false;
    for (const Json& item : seen_.at("items")) {
      const std::string state = text(item, "state");
      const Json id = item.at("id");
      anything = anything || state != "denied";
      if (state == "declared")
        offer(Role::hcf_sysadm, "authorise_export", {{"items", Json::array({id})}, {"allow", false}});
      if (state == "held_at_rsc")
        offer(Role::rsc_svc, "item_erased",
              {{"item", id},
               {"method", "crypto_erase"},
               {"medium", "shared_storage"},
               {"technique", "delete_and_key_destruction"},
               {"tool", "kintsugi"},
               {"evidence", "deletion log of the case store, key destroyed"}});
      if (state == "erased_claimed")
        offer(Role::rsc_netadm, "item_verified",
              {{"item", id},
               {"verification", "full"},
               {"searched", Json::array({"store", "mail", "backup", "terminal", "recycle_area"})},
               {"found", 0},
               {"certificate", "searched by name and hash, nothing found"}});
    }
    if (anything) return;
    offer(Role::rsc_svc, "nothing_taken",
          {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}});
    offer(Role::rsc_netadm, "countersign");
  }

  // What sign-off still lacks; something that is done is not offered again.
  void paperwork() {
    if (owes("report"))
      offer(Role::rsc_svc, "submit_report",
            {{"cause_code", "E-217"},
             {"cause", "the pump controller had stopped after a power dip"},
             {"work", "log read, controller restarted, cooling test run"},
             {"nature", "repair"},
             {"phi_accessed", false},
             {"tests", "cooling test passed: 18.2 l/min, 21 degrees"},
             {"output_may_have_changed", false},
             {"left_behind", "none"}});
    if (owes("report_approval")) offer(Role::hcf_sysadm, "approve_report", {{"read", true}});
    if (owes("log_review"))
      offer(Role::hcf_netadm, "review_log",
            {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}});
    for (const Json& obligation : seen_.at("obligations"))
      if (text(obligation, "kind") == "nonconformity" && !obligation.value("done", false))
        offer(Role::rsc_mgr, "answer_nonconformity",
              {{"about", text(obligation, "about")}, {"answer", "the line was interrupted; supervised since"}});
    if (seen_.at("hold").value("is_set", false)) offer(Role::hcf_clin, "lift_hold", {{"restricted_use", false}});
    offer(Role::hcf_sysadm, "sign_off");
  }

  std::vector<Act> acts;

 private:
  bool owes(const char* kind) const {
    for (const Json& one : seen_.at("obligations"))
      if (text(one, "kind") == kind && !one.value("done", false)) return true;
    return false;
  }

  const Json& seen_;
  const Cast& cast_;
  const Instant now_;
};

}  // namespace

std::vector<Act> worth_trying(const Json& seen, const Cast& cast, Instant now) {
  using enum Role;
  Scene scene(seen, cast, now);
  const std::string state = text(seen, "state");
  const bool held = seen.at("hold").value("is_set", false);
  if (state == "notified") {
    scene.offer(rsc_svc, "acknowledge");
  } else if (state == "acknowledged") {
    scene.request();
  } else if (state == "conn_requested") {
    scene.answers();
  } else if (state == "conn_rejected") {
    scene.offer(rsc_svc, "revise");
  } else if (state == "conn_approved") {
    if (!held) scene.offer(hcf_clin, "set_hold", {{"no_patient", true}});
    scene.offer(rsc_svc, "start_connection", {{"case_number", text(seen, "number")}, {"endpoint_healthy", true}});
    scene.offer(hcf_sysadm, "revoke");
  } else if (state == "connect_failed") {
    scene.offer(rsc_svc, "retry");
    scene.offer(rsc_svc, "give_up");
  } else if (state == "connected") {
    scene.repair();
  } else if (state == "conn_lost") {
    scene.offer(rsc_svc, "reconnect");
    scene.offer(hcf_sysadm, "revoke");
  } else if (state == "check_online" || state == "check_offline") {
    scene.offer(hcf_clin, "clinical_ok", {{"checks", Json::array()}, {"restricted_use", false}});
  } else if (state == "disc_unverified") {
    scene.offer(hcf_netadm, "manual_close",
                {{"hops", Json::array({"exit", "access_point", "route", "probe"})},
                 {"closed_at", to_text(now)},
                 {"accounts_disabled", true},
                 {"evidence", "uplink of the access point unplugged"}});
  } else if (state == "halted") {
    scene.offer(hcf_sysadm, "release", {{"cause", "drill"}});
  } else if (state == "data_deletion" || state == "deletion_failed") {
    scene.erase();
  } else if (state == "sign_off") {
    scene.paperwork();
  }
  return std::move(scene.acts);
}

}  // namespace kintsugi::demo
