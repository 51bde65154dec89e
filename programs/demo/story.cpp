#include "programs/demo/story.h"

#include <algorithm>

namespace kintsugi::demo {
namespace {

using enum Role;

// The hospital's network administrator says no to the first request.
void is_rejected_first(Scene& scene) {
  const auto asked = scene.seen.find("request");
  if (scene.state() == "conn_requested" && asked != scene.seen.end())
    scene.once(hcf_netadm, "reject",
               {{"slot", name_of(hcf_netadm)},
                {"request_hash", Scene::text_in(*asked, "hash")},
                {"reason", "The firewall is being changed until noon. Ask again for the afternoon."}});
}

// The clinician needs the scanner and presses the red button in the middle of the repair.
void is_cut(Scene& scene) {
  if (scene.state() == "connected" && scene.seen.value("work_entries", 0) > 0)
    scene.once(hcf_clin, "emergency_disconnect");
}

// The remote repair fails; a visit brings a stick of log files along, which is owed like any other data.
void needs_a_visit(Scene& scene) {
  if (scene.state() == "connected" && scene.seen.value("work_entries", 0) > 0)
    scene.once(rsc_svc, "repair_impossible", {{"reason", "The pump itself is worn and has to be replaced."}});
  if (scene.state() == "onsite" && scene.seen.at("items").empty())
    scene.offer(hcf_psm, "item_declared",
                {{"kind", "medium"},
                 {"phi", "unknown"},
                 {"reason", "log files on a stick for the factory"},
                 {"patients", "unknown"},
                 {"planned_end", "erase"},
                 {"medium", "removable"}});
}

// Care has stopped at night: the vendor's administrator and the duty officer open the door, and everybody who was
// passed over answers later.
void breaks_the_glass(Scene& scene) {
  if (scene.state() == "acknowledged") {
    scene.once(rsc_netadm, "consent_break_glass");
    scene.once(
        hcf_duty, "break_glass",
        {{"purpose", "fault"},
         {"reason", "The only scanner of the emergency department has stopped; nobody else can be reached."},
         {"level", "control"},
         {"window", {{"opens", to_text(scene.now)}, {"closes", to_text(scene.now + std::chrono::minutes(50))}}},
         {"workers", Json::array({scene.id_of(rsc_svc)})},
         {"attendant", scene.id_of(hcf_psm)},
         {"phi_seen", true},
         {"phi_taken", true}});
  }
  if (scene.state() != "sign_off" || scene.owes("report") || scene.owes("report_approval") ||
      scene.owes("log_review"))
    return;
  if (scene.owes("post_approval")) scene.show_refusal(hcf_sysadm, "sign_off");
  for (const Json& one : scene.seen.at("obligations"))
    if (Scene::text_in(one, "kind") == "post_approval" && !one.value("done", false))
      if (const auto slot = from_name<Role>(Scene::text_in(one, "slot")))
        scene.offer(*slot, "post_approve",
                    {{"slot", name_of(*slot)}, {"request_hash", Scene::text_in(one, "about")}});
}

// Of the ward, whoever is in danger is helped by telephone at once.
void is_helped_by_telephone(Scene& scene) {
  if (scene.state() == "acknowledged")
    scene.once(rsc_svc, "resolved_without_access",
               {{"advice", "Switched off at the wall for ten seconds; self test passed, curves are back."}});
}

}  // namespace

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {.name = "straight",
       .title = {"まっすぐ: 通知から署名まで", "straight: from the notice to the signature"},
       .watch = {"承認 3 件が揃うまで何も開かず、切断が証明されるまで終わりません",
                 "nothing opens before three approvals, nothing ends before the closing is proved"},
       .care = CareEffect::degraded,
       .departs = nullptr},
      {.name = "reject",
       .title = {"却下: 病院が断り、申請し直す", "reject: the hospital says no, and the vendor asks again"},
       .watch = {"却下された申請の承認は無効になり、すべての枠が新しい申請に答えます",
                 "what was approved before the no is void; every slot answers the new request"},
       .care = CareEffect::degraded,
       .departs = is_rejected_first},
      {.name = "emergency",
       .title = {"緊急切断: 修理の途中で医師が赤いボタンを押す", "emergency: the clinician presses the red button"},
       .watch = {"切断は何も尋ねず、再開は病院だけが決め、新しい承認が要ります",
                 "the cut asks nothing; only the hospital lets work go on, and with new approvals"},
       .care = CareEffect::degraded,
       .departs = is_cut},
      {.name = "onsite",
       .title = {"現地対応: 遠隔で直らず、USBメモリを持ち帰る",
                 "onsite: a visit, and a stick that leaves the hospital"},
       .watch = {"現地で取得したメモリも、消去が確認されるまで終結を止めます",
                 "the stick keeps the case open until its end is verified by somebody else"},
       .care = CareEffect::degraded,
       .departs = needs_a_visit},
      {.name = "break-glass",
       .title = {"ブレークグラス: 夜間に診療が止まる", "break-glass: care has stopped, at night"},
       .watch = {"二人で開け、飛ばした承認が揃うまで署名できません",
                 "two people open the door; nobody can sign before the approvals that were skipped"},
       .care = CareEffect::stopped,
       .departs = breaks_the_glass},
      {.name = "storm",
       .title = {"嵐: 数百台のモニターが数秒で通知する", "storm: hundreds of monitors report within seconds"},
       .watch = {"一台に一案件、重複は数えるだけ、止まった診療が先頭です",
                 "one case a device, repeats only counted, stopped care first"},
       .care = CareEffect::stopped,
       .departs = is_helped_by_telephone,
       .storm = true},
  };
  return all;
}

const Story* story_named(std::string_view name) {
  const auto found = std::ranges::find(stories(), name, &Story::name);
  return found == stories().end() ? nullptr : &*found;
}

}  // namespace kintsugi::demo
