#include "programs/demo/play.h"

#include "engine/base/bytes.h"
#include "engine/base/digest.h"

namespace kintsugi::demo {
namespace {

using enum Role;

void request(Scene& scene) {
  scene.offer(
      rsc_svc, "request_connection",
      {{"purpose", "fault"},
       {"reason", "Tube cooling reports E-217; the log has to be read and the pump controller restarted."},
       {"work_plan", "Read the log, restart the controller, run the cooling test. Stop if the pressure drops."},
       {"effect_on_operation", "The CT cannot be used during the work."},
       {"substitute_measure", "Urgent patients go to CT no. 1."},
       {"needs_restart", true},
       {"level", "control"},
       {"window", {{"opens", to_text(scene.now)}, {"closes", to_text(scene.now + std::chrono::hours(1))}}},
       {"sessions_max", 2},
       {"workers", Json::array({scene.id_of(rsc_svc)})},
       {"attendant", scene.id_of(hcf_psm)},
       {"phi_seen", true},
       {"phi_taken", true},
       {"phi_classes", Json::array({"log"})},
       {"phi_reason", "The service log can only be read with the maker's tool; kept in the case's store."},
       {"hold_needed", true}});
}

void answers(Scene& scene) {
  const auto asked = scene.seen.find("request");
  if (asked == scene.seen.end()) return;
  for (const Json& slot : asked->value("open_slots", Json::array()))
    if (const auto role = from_name<Role>(Scene::text_in(slot, "slot")))
      scene.offer(*role, "approve", {{"slot", name_of(*role)}, {"request_hash", Scene::text_in(*asked, "hash")}});
}

void repair(Scene& scene) {
  if (scene.seen.value("work_entries", 0) == 0)
    scene.offer(rsc_svc, "log_work", {{"kind", "command"}, {"entry", "read the service log of the cooling unit"}});
  const Json& items = scene.seen.at("items");
  if (items.empty())
    scene.offer(rsc_svc, "item_declared",
                {{"kind", "log"},
                 {"phi", "unknown"},
                 {"reason", "needed by second level to find the cause"},
                 {"patients", "unknown"},
                 {"planned_end", "erase"},
                 {"medium", "shared_storage"}});
  for (const Json& item : items) {
    const std::string state = Scene::text_in(item, "state");
    if (state == "declared")
      scene.offer(hcf_sysadm, "authorise_export", {{"items", Json::array({item.at("id")})}, {"allow", true}});
    if (state == "authorised")
      scene.offer(rsc_svc, "take_data",
                  {{"item", item.at("id")},
                   {"content", to_base64(sha256(Scene::text_in(item, "id")))},
                   {"size_bytes", 48'213},
                   {"encrypted", true}});
  }
  scene.offer(rsc_svc, "repair_done",
              {{"test_result", "passed"}, {"summary", "pump controller restarted, cooling test passed"}});
}

void visit(Scene& scene) {
  scene.once(hcf_psm, "onsite_progress", {{"progress", "arrived"}, {"note", "at the gantry with a spare pump"}});
  scene.offer(
      hcf_psm, "onsite_done",
      {{"report", "Pump replaced, cooling circuit filled and tested, cabinet closed."}, {"items_registered", true}});
}

Json erasure_of(const Json& item) {
  const bool stick = Scene::text_in(item, "kind") == "medium";
  return {{"item", item.at("id")},
          {"method", stick ? "destroy" : "crypto_erase"},
          {"medium", stick ? "removable" : "shared_storage"},
          {"technique", stick ? "shred" : "delete_and_key_destruction"},
          {"tool", "kintsugi"},
          {"evidence",
           stick ? "stick shredded before a witness, photo kept" : "deletion log of the case store, key destroyed"}};
}

void erase(Scene& scene) {
  bool anything = false;
  for (const Json& item : scene.seen.at("items")) {
    const std::string state = Scene::text_in(item, "state");
    anything = anything || state != "denied";
    if (state == "declared")
      scene.offer(hcf_sysadm, "authorise_export", {{"items", Json::array({item.at("id")})}, {"allow", false}});
    if (state == "held_at_rsc") scene.offer(rsc_svc, "item_erased", erasure_of(item));
    if (state == "erased_claimed")
      scene.offer(rsc_netadm, "item_verified",
                  {{"item", item.at("id")},
                   {"verification", "full"},
                   {"searched", Json::array({"store", "mail", "backup", "terminal", "recycle_area"})},
                   {"found", 0},
                   {"certificate", "searched by name and hash, nothing found"}});
  }
  if (anything) return;
  if (scene.seen.at("nothing_taken").value("claimed", false)) return scene.offer(rsc_netadm, "countersign");
  scene.offer(rsc_svc, "nothing_taken",
              {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}});
}

// What sign-off still lacks; something that is done is not offered again.
void paperwork(Scene& scene) {
  if (scene.owes("report"))
    scene.offer(rsc_svc, "submit_report",
                {{"cause_code", "E-217"},
                 {"cause", "the pump controller had stopped after a power dip"},
                 {"work", "log read, controller restarted, cooling test run"},
                 {"nature", "repair"},
                 {"phi_accessed", false},
                 {"tests", "cooling test passed: 18.2 l/min, 21 degrees"},
                 {"output_may_have_changed", false},
                 {"left_behind", "none"}});
  if (scene.owes("report_approval")) scene.offer(hcf_sysadm, "approve_report", {{"read", true}});
  if (scene.owes("log_review"))
    scene.offer(hcf_netadm, "review_log",
                {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}});
  if (scene.owes("nonconformity"))
    scene.offer(
        rsc_mgr, "answer_nonconformity",
        {{"about", scene.owed_about("nonconformity")}, {"answer", "the line was interrupted; supervised since"}});
  if (scene.seen.at("hold").value("is_set", false)) scene.offer(hcf_clin, "lift_hold", {{"restricted_use", false}});
  scene.offer(hcf_sysadm, "sign_off");
}

void straight_way(Scene& scene) {
  const std::string state = scene.state();
  const bool held = scene.seen.at("hold").value("is_set", false);
  if (state == "notified") {
    scene.offer(rsc_svc, "acknowledge");
  } else if (state == "acknowledged") {
    request(scene);
  } else if (state == "conn_requested") {
    answers(scene);
  } else if (state == "conn_rejected") {
    scene.offer(rsc_svc, "revise");
  } else if (state == "conn_approved") {
    if (!held) scene.offer(hcf_clin, "set_hold", {{"no_patient", true}});
    scene.offer(rsc_svc, "start_connection",
                {{"case_number", scene.text("number")}, {"terminal", "RSC-WS-07"}, {"endpoint_healthy", true}});
    scene.offer(hcf_sysadm, "revoke");
  } else if (state == "connect_failed") {
    scene.offer(rsc_svc, "retry");
    scene.offer(rsc_svc, "give_up");
  } else if (state == "connected") {
    repair(scene);
  } else if (state == "conn_lost") {
    scene.offer(rsc_svc, "reconnect");
    scene.offer(hcf_sysadm, "revoke");
  } else if (state == "check_online" || state == "check_offline") {
    scene.offer(hcf_clin, "clinical_ok", {{"checks", Json::array()}, {"restricted_use", false}});
  } else if (state == "disc_unverified") {
    scene.offer(hcf_netadm, "manual_close",
                {{"hops", Json::array({"exit", "access_point", "route", "probe"})},
                 {"closed_at", to_text(scene.now)},
                 {"accounts_disabled", true},
                 {"evidence", "uplink of the access point unplugged"}});
  } else if (state == "halted") {
    scene.offer(hcf_sysadm, "release", {{"cause", "a patient had to be scanned at once; the room is free again"}});
  } else if (state == "onsite") {
    visit(scene);
  } else if (state == "data_deletion" || state == "deletion_failed") {
    erase(scene);
  } else if (state == "sign_off") {
    paperwork(scene);
  }
}

}  // namespace

std::vector<Act> worth_trying(const Story& story, const Json& seen, const Cast& cast, Instant now) {
  Scene scene{.seen = seen, .cast = cast, .now = now};
  if (story.departs != nullptr) story.departs(scene);
  straight_way(scene);
  return std::move(scene.acts);
}

}  // namespace kintsugi::demo
