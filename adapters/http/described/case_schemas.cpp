#include "adapters/http/described/case_schemas.h"

#include "adapters/http/described/shown.h"
#include "engine/domain/case_file.h"
#include "engine/domain/workflow.h"
#include "engine/ports/records.h"

namespace kintsugi::http::described {
namespace {

Json with(Json object, std::initializer_list<Member> more) {
  for (const Member& one : more) {
    object["properties"][one.name] = one.schema;
    if (one.always) object["required"].push_back(one.name);
  }
  return object;
}

Json device_schema() {
  return {{"anyOf",
           {object({has("id", id("device")), has("nickname", text()), has("model", text()), has("location", text())}),
            {{"type", "null"}}}}};
}

Json with_state(Json object) {
  return with(std::move(object),
              {has("state", says(word(), {"状態の名前。変わりません。", "Name of the state; for ever."})),
               has("state_since", time()), has("label", says(text(), {"状態の表示名", "The state in words"})),
               has("step", says(number(),
                                {"指針の 5 段階のどれか。外なら 0", "Which of the guideline's five; 0 beside them"})),
               has("access", name_in<Access>()), has("access_label", text()), has("end", yes_or_no())});
}

Json request_schema() {
  Json out = with(shown_schema<Request>(),
                  {has("purpose_label", text()), has("level_label", text()),
                   has("open_slots", list_of(object({has("slot", name_in<Role>()), has("label", text())})))});
  Json& approval = out["properties"]["approvals"]["items"];
  approval = with(std::move(approval), {has("slot_label", text())});
  return out;
}

Json grant_schema() {
  Json out = with(shown_schema<Grant>(), {has("end_label", text())});
  Json& hop = out["properties"]["hops"]["items"];
  hop = with(std::move(hop), {has("label", text()), has("state_label", text())});
  return out;
}

Json reached(std::initializer_list<Member> more) {
  return with(object({has("people", list_of(ref("Person"))), has("desks", list_of(ref("Organisation")))}), more);
}

Json ladder_schema() {
  const Json level = says(number(), {"段階。1 が最初", "The rung; 1 is the first"});
  return object({has("what", says(word(), {"切れた期限", "The time that runs out"})), has("label", text()),
                 has("asked", says(list_of(reached({has("at", time()), has("level", level), has("by", word()),
                                                    may_have("letter", id("effect"))})),
                                   {"いつ誰に依頼したか", "Who was asked when"})),
                 has("next", says(reached({has("level", level), has("at", time())}),
                                  {"次に誰に、いつ", "Who is next, and when"})),
                 has("call", says(list_of(object({has("level", level), may_have("person", ref("Person")),
                                                  may_have("desk", ref("Organisation")), has("telephone", text())})),
                                  {"電話の順", "Whom to call, in order"}))});
}

Json letters_schema() {
  return list_of(reached({has("effect", id("effect")), has("mail", text()), has("state", name_in<EffectState>()),
                          has("decided_at", time()), may_have("settled_at", time()), may_have("due", time()),
                          may_have("told_in", says(id("effect"), {"まとめて送ったときの手紙",
                                                                  "The letter that told of several cases"}))}));
}

Json attachment_schema() {
  return object({has("number", says(number(), {"案件の中での番号", "Its number within the case"})),
                 has("kind", name_in<AttachmentKind>()), has("judged", yes_or_no()),
                 has("phi", says(name_in<Phi>(), {"患者情報の有無。unknown はまだ判定されていない",
                                                  "Patient data in it; unknown: nobody has judged it"})),
                 has("phi_label", text()), may_have("judged_by", ref("Person")), may_have("judged_at", time())});
}

}  // namespace

Json action_schema() {
  return object({has("event", word()), has("label", text()), has("allowed", yes_or_no()),
                 may_have("needs_step_up", yes_or_no()), may_have("closing", yes_or_no()),
                 may_have("blocked_by", list_of(ref("Check"))),
                 has("href", says(text(), {"POST 先", "Where to POST"}))});
}

Json document_brief_schema() {
  return object({has("id", id("doc")),
                 has("place", says(text(), {"イベント名/項目名", "event/member it was typed as"})),
                 has("label", text()), has("kind", text()), has("key", name_in<KeyClass>()), has("length", number()),
                 has("at", time()), has("href", text()), may_have("by", ref("Person")),
                 may_have("attachment", says(attachment_schema(), {"電子メールの添付ファイルなら、その判定",
                                                                   "Of what hung on a mail: how it was judged"}))});
}

Json task_schema() {
  Json out = object({has("task", word()), has("label", text()), has("effect", id("effect")), has("since", time()),
                     has("attempts", number()), has("can_be_done_by", list_of(ref("RoleName"))),
                     has("allowed", yes_or_no()), has("href", text()), may_have("last_error", text())});
  return with(std::move(out), {may_have("mail", text()), may_have("order", word()), may_have("hop", word()),
                               may_have("destroy_key", name_in<KeyClass>()), may_have("webhook", id("webhook")),
                               may_have("change", text())});
}

Json case_brief_schema() {
  return with_state(object({has("id", id("case")), has("number", text()), has("version", number()),
                            has("priority", name_in<Priority>()), has("tenant", ref("Organisation")),
                            has("device", device_schema()), has("fault_code", text()), has("opened_at", time()),
                            has("open", yes_or_no()),
                            may_have("due", says(time(), {"いちばん早い期限", "The earliest deadline that runs"}))}));
}

Json case_schema() {
  Json item = with(shown_schema<DataItem>(),
                   {has("final", yes_or_no()), has("kind_label", text()), has("state_label", text())});
  Json obligation = with(shown_schema<Obligation>(), {has("label", text()), has("done", yes_or_no())});
  Json incident = with(shown_schema<Incident>(), {has("label", text()), has("state_label", text())});
  Json began = with(shown_schema<Beginning>(), {has("label", text()), may_have("why_label", text())});
  Json hold = with(shown_schema<DeviceHold>(), {has("is_set", yes_or_no())});
  Json out = with_state(
      object({has("id", id("case")), has("number", text()), has("version", number()), has("workflow", word()),
              has("tenant", ref("Organisation")), may_have("rsc", ref("Organisation")),
              has("priority", name_in<Priority>()), has("opened_at", time()), may_have("closed_at", time()),
              has("device", device_schema()), may_have("contract", id("contract")), may_have("owner", ref("Person")),
              may_have("next", word()), may_have("resolution", word())}));
  return with(
      std::move(out),
      {has("began", says(std::move(began), {"今の状態はどう始まったか。by がなければ装置かエンジン",
                                            "How the present state began; without `by`: by a device or the engine"})),
       has("fault", with(shown_schema<Fault>(), {has("care_label", text())})), has("hold", std::move(hold)),
       has("work_entries", number()), has("write_running", yes_or_no()),
       has("nothing_taken", object({has("claimed", yes_or_no()), has("countersigned", yes_or_no())})),
       may_have("request", request_schema()), may_have("emergencies", list_of(request_schema())),
       has("grants", list_of(grant_schema())), has("items", list_of(std::move(item))),
       has("obligations", list_of(std::move(obligation))), has("incidents", list_of(std::move(incident))),
       has("links", list_of(shown_schema<Link>())),
       has("deadlines", list_of(object({has("event", word()), has("label", text()), has("due", time()),
                                        may_have("about", text())}))),
       has("actions", says(list_of(ref("Action")), {"この人が今できることと、できない理由",
                                                    "What this person may do now, and what blocks the rest"})),
       has("documents", list_of(ref("DocumentBrief"))), has("tasks", list_of(ref("Task"))),
       may_have("ladder", ladder_schema()), has("letters", letters_schema())});
}

}  // namespace kintsugi::http::described
