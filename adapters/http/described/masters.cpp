#include "engine/masters/masters.h"

#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"
#include "engine/run/registry.h"

namespace kintsugi::http::described {
namespace {

// How one kind is called in a client's function names and in words.
struct Called {
  std::string one, many;
  Text words;
};
template <class T>
Called called() {
  const auto is = [](MasterKind kind) { return std::get<MasterList<T>>(master_lists).kind == kind; };
  using enum MasterKind;
  if (is(organisation)) return {"organisation", "organisations", {"組織", "organisation"}};
  if (is(site)) return {"site", "sites", {"場所", "site"}};
  if (is(person)) return {"person", "people", {"人", "person"}};
  if (is(access_point)) return {"access_point", "access_points", {"アクセスポイント", "access point"}};
  if (is(device)) return {"device", "devices", {"装置", "device"}};
  if (is(contract)) return {"contract", "contracts", {"契約", "contract"}};
  if (is(roster)) return {"roster", "rosters", {"当番表", "roster"}};
  if (is(duty)) return {"duty", "duties", {"当番", "duty"}};
  return {"policy", "policies", {"方針", "policy"}};
}

// As the other routes below this place call it.
template <class T>
Parameter master_id() {
  const Called it = called<T>();
  if constexpr (std::is_same_v<T, Policy>)
    return {.name = "policy_id",
            .text = {"病院の id (有効な版)、または病院の id と版 (org_….3)",
                     "The hospital's id (the one in force), or that and a version (org_….3)"},
            .schema = text()};
  else
    return {.name = it.one + "_id", .text = {it.words.ja + "の id", "Id of the " + it.words.en}, .schema = text()};
}

Parameter reason() {
  return {.name = "reason", .text = {"記録に残す理由", "Why, for the record"}, .schema = name_in<ChangeReason>()};
}

template <class T>
Answer master(int status) {
  return {status, {"マスタ", "The master"}, schema_of<T>(), {"ETag"}};
}
template <class T>
Answer changed_master(int status) {
  Answer out{status, {"確定しました", "Done, and durable"}, schema_of<T>(), {"ETag"}};
  if (status == 201) out.headers.emplace_back("Location");
  return out;
}

const std::vector<std::string_view> change_problems{"invalid",         "forbidden",     "malformed_header",
                                                    "masters_blocked", "masters_moved", "key_reused"};

Json any() {
  return Json::object();
}

Json plan() {
  return object(
      {has("digest", digest()),
       has("blocked", says(yes_or_no(), {"このままでは反映できない", "It cannot be done now"})),
       has("differences", list_of(object({has("kind", name_in<MasterKind>()), has("id", text()), has("how", word()),
                                          has("name", text()),
                                          has("members", list_of(object({has("member", word()), has("before", any()),
                                                                         has("after", any())})))}))),
       has("consequences", list_of(object({has("name", word()), has("blocks", yes_or_no()), has("text", text()),
                                           has("facts", Json{{"type", "object"}, {"additionalProperties", text()}}),
                                           may_have("case_id", id("case")), may_have("number", text())}))),
       has("all_cases_seen", yes_or_no()), has("changes", schema_of<Masters>())});
}

}  // namespace

template <class T>
Description list_masters() {
  const Called it = called<T>();
  return {.id = "list_" + it.many,
          .tag = "masters",
          .summary = {it.words.ja + "の一覧", "Every " + it.words.en + " that you may see"},
          .answers = {{200,
                       {"1 ページ分", "One page"},
                       page_of(std::string(std::get<MasterList<T>>(master_lists).name), schema_of<T>()),
                       {"Link"}}},
          .query = paged({"項目名=値 を AND でつないだもの", "Members of it, as name=value, joined by AND"}, {"id"}),
          .problems = {"invalid"}};
}

template <class T>
Description show_master() {
  const Called it = called<T>();
  return {.id = "show_" + it.one,
          .tag = "masters",
          .summary = {it.words.ja, "One " + it.words.en},
          .answers = {master<T>(200)},
          .path = {master_id<T>()},
          .problems = {"not_found"}};
}

template <class T>
Description add_master() {
  const Called it = called<T>();
  return {.id = "add_" + it.one,
          .tag = "masters",
          .summary = {it.words.ja + "を加える", "A new " + it.words.en},
          .answers = {changed_master<T>(201)},
          .query = {reason()},
          .body = schema_of<T>(),
          .problems = change_problems};
}

template <class T>
Description put_master() {
  const Called it = called<T>();
  Description out{.id = "put_" + it.one,
                  .tag = "masters",
                  .summary = {it.words.ja + "を書き換える", "Change one " + it.words.en},
                  .answers = {changed_master<T>(200)},
                  .path = {master_id<T>()},
                  .query = {reason()},
                  .headers = {"If-Match", "Idempotency-Key"},
                  .body = schema_of<T>(),
                  .problems = change_problems};
  out.answers.front().headers.emplace_back("Idempotency-Replayed");
  out.problems.insert(out.problems.end(), {"not_found", "if_match_required"});
  return out;
}

template <class T>
Description retire_master() {
  const Called it = called<T>();
  Description out{.id = "retire_" + it.one,
                  .tag = "masters",
                  .summary = {it.words.ja + "を終わらせる", "One " + it.words.en + " ends now"},
                  .answers = {changed_master<T>(200)},
                  .path = {master_id<T>()},
                  .query = {reason()},
                  .problems = change_problems};
  out.problems.emplace_back("not_found");
  return out;
}

Description export_masters() {
  return {.id = "export_masters",
          .tag = "masters",
          .summary = {"自分が管理するマスタ", "The masters that you administer"},
          .answers = {{200, {"そのまま計画に渡せます", "As a plan takes it"}, schema_of<Masters>()}}};
}

Description plan_masters() {
  return {.id = "plan_masters",
          .tag = "masters",
          .summary = {"変更の計画: 差分と影響", "What a change would alter, and what that would do"},
          .answers = {{200, {"計画。何も変わりません", "The plan; nothing is changed"}, plan()}},
          .query = {{.name = "only_new",
                     .text = {"true: 追加の計画。すでにあるものは誤りです",
                              "true: all of it is new; what is there is a mistake"},
                     .schema = yes_or_no()}},
          .body = schema_of<Masters>(),
          .problems = {"invalid", "forbidden"}};
}

Description apply_masters() {
  return {.id = "apply_masters",
          .tag = "masters",
          .summary = {"計画を反映する", "Make it as planned"},
          .answers = {{200, {"反映した計画", "The plan as it was made"}, plan()}},
          .text = {"計画の digest が今も同じときだけ反映します。", "Only if the plan would still have this digest."},
          .body = object({has("digest", digest()),
                          has("changes", says(schema_of<Masters>(), {"計画の changes", "`changes` of the plan"})),
                          may_have("reason", name_in<ChangeReason>())}),
          .problems = change_problems};
}

Description show_master_schemas() {
  return {.id = "show_master_schemas",
          .tag = "masters",
          .summary = {"マスタの項目 (JSON Schema)", "What each kind of master consists of, as JSON Schema"},
          .answers = {{200, {"種類ごとの JSON Schema", "A schema for each kind"}, Json{{"type", "object"}}}}};
}

template Description list_masters<Organisation>();
template Description show_master<Organisation>();
template Description put_master<Organisation>();
template Description list_masters<Site>();
template Description show_master<Site>();
template Description put_master<Site>();
template Description add_master<Site>();
template Description retire_master<Site>();
template Description list_masters<Person>();
template Description show_master<Person>();
template Description put_master<Person>();
template Description add_master<Person>();
template Description retire_master<Person>();
template Description list_masters<AccessPoint>();
template Description show_master<AccessPoint>();
template Description put_master<AccessPoint>();
template Description add_master<AccessPoint>();
template Description retire_master<AccessPoint>();
template Description list_masters<Device>();
template Description show_master<Device>();
template Description put_master<Device>();
template Description add_master<Device>();
template Description retire_master<Device>();
template Description list_masters<Contract>();
template Description show_master<Contract>();
template Description put_master<Contract>();
template Description add_master<Contract>();
template Description retire_master<Contract>();
template Description list_masters<Roster>();
template Description show_master<Roster>();
template Description put_master<Roster>();
template Description add_master<Roster>();
template Description list_masters<Duty>();
template Description show_master<Duty>();
template Description put_master<Duty>();
template Description add_master<Duty>();
template Description retire_master<Duty>();
template Description list_masters<Policy>();
template Description show_master<Policy>();
template Description put_master<Policy>();
template Description add_master<Policy>();
template Description retire_master<Policy>();

}  // namespace kintsugi::http::described
