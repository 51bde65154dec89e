#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"

// Sign-ins that are seen and ended, enrolments, leaving, and what runs out.
namespace kintsugi::http::described {
namespace {

Parameter person_in_path() {
  return {.name = "person_id", .text = {"人の id", "Id of the person"}, .schema = id("person")};
}
Parameter sign_in_in_path() {
  return {.name = "sign_in_id", .text = {"サインインの id", "Id of the sign-in"}, .schema = id("signin")};
}
std::vector<Parameter> sign_in_query() {
  std::vector<Parameter> out = paged({}, {});
  out.push_back({.name = "all",
                 .text = {"true: 終わったものも", "true: those that are over, too"},
                 .schema = Json{{"type", "string"}, {"enum", {"true", "false"}}}});
  return out;
}

Answer sign_ins() {
  return {200,
          {"新しい順", "Newest first"},
          object({has("person", id("person")), has("sign_ins", list_of(ref("SignIn"))),
                  may_have("next_page_token", text())}),
          {"Link"}};
}
Answer ended() {
  return {204, {"次の要求から使えません", "Ended, from the next request on"}, Json()};
}
Answer secret() {
  return {201,
          {"秘密。表示はこの一度だけ", "The secret, shown this once"},
          object({has("otpauth_uri", text()), has("qr_svg", text())})};
}

}  // namespace

Description list_sign_ins() {
  return {.id = "list_sign_ins",
          .tag = "sign-ins",
          .summary = {"自分のサインインの一覧", "Where you are signed in"},
          .answers = {sign_ins()},
          .query = sign_in_query()};
}

Description end_sign_in() {
  return {.id = "end_sign_in",
          .tag = "sign-ins",
          .summary = {"自分のサインインを一つ終わらせる", "End one of your sign-ins"},
          .answers = {ended()},
          .path = {sign_in_in_path()},
          .problems = {"not_found"}};
}

Description end_other_sign_ins() {
  return {.id = "end_other_sign_ins",
          .tag = "sign-ins",
          .summary = {"これ以外の自分のサインインをすべて終わらせる", "End all of your sign-ins but this one"},
          .answers = {ended()}};
}

Description list_sign_ins_of() {
  return {.id = "list_sign_ins_of",
          .tag = "people",
          .summary = {"管理する人のサインインの一覧", "Where somebody is signed in whom you administer"},
          .answers = {sign_ins()},
          .path = {person_in_path()},
          .query = sign_in_query(),
          .problems = {"not_found", "forbidden"}};
}

Description end_sign_in_of() {
  return {.id = "end_sign_in_of",
          .tag = "people",
          .summary = {"その人のサインインを一つ終わらせる", "End one sign-in of somebody whom you administer"},
          .answers = {ended()},
          .path = {person_in_path(), sign_in_in_path()},
          .problems = {"not_found", "forbidden"}};
}

Description end_sign_ins_of() {
  return {.id = "end_sign_ins_of",
          .tag = "people",
          .summary = {"その人のサインインをすべて終わらせる (端末の紛失など)",
                      "End all sign-ins of somebody whom you administer, as for a lost laptop"},
          .answers = {ended()},
          .path = {person_in_path()},
          .problems = {"not_found", "forbidden"}};
}

Description enrol_code() {
  return {.id = "enrol_code",
          .tag = "sign-ins",
          .summary = {"認証アプリを替え始める", "Begin to change your generator of codes"},
          .answers = {secret()},
          .text = {"新しい秘密は最初のコードで確定します。それまでは古いものが有効です。",
                   "The new secret holds from its first code on; until then the old one does."},
          .body = schema_of<ProofBody>(),
          .problems = {"proof_refused"}};
}

Description confirm_code() {
  return {.id = "confirm_code",
          .tag = "sign-ins",
          .summary = {"新しい秘密を最初のコードで確定する", "Confirm the new secret with its first code"},
          .answers = {{204, {"新しい認証アプリが有効です", "The new generator holds"}, Json()}},
          .body = schema_of<CodeBody>(),
          .problems = {"proof_refused"}};
}

Description make_recovery_codes() {
  return {.id = "make_recovery_codes",
          .tag = "sign-ins",
          .summary = {"リカバリーコードを作る", "Make recovery codes"},
          .answers = {{201,
                       {"一度だけ表示。それぞれ一度だけコードの代わりになる",
                        "Shown this once; each is good once in place of a code"},
                       object({has("recovery_codes", list_of(text()))})}},
          .text = {"古いものは使えなくなります。", "The old ones end."},
          .body = schema_of<ProofBody>(),
          .problems = {"proof_refused"}};
}

Description invite_person() {
  return {.id = "invite_person",
          .tag = "people",
          .summary = {"自組織の人に招待コードを出す",
                      "A one-time code for somebody of your side: new, or without password or generator"},
          .answers = {{201,
                       {"本人に渡すコード。表示はこの一度だけ", "The code to hand over, shown this once"},
                       object({has("person", id("person")), has("mail", text()), has("one_time_code", text()),
                               has("expires_at", time())})}},
          .path = {person_in_path()},
          .body = schema_of<ProofBody>(),
          .problems = {"not_found", "forbidden", "proof_refused"}};
}

Description leave() {
  return {
      .id = "leave",
      .tag = "people",
      .summary = {"自組織の人が退職した", "Somebody of your side has left"},
      .answers = {{200,
                   {"サインインは終わり、その人を載せた許可は取り消されました",
                    "His sign-ins have ended, and grants that list him are revoked"},
                   object({has("person", id("person")), has("left_at", time()), has("grants_revoked", number())})}},
      .path = {person_in_path()},
      .problems = {"not_found", "forbidden"}};
}

Description list_expiries() {
  return {
      .id = "list_expiries",
      .tag = "people",
      .summary = {"まもなく期限が切れるもの", "What runs out soon"},
      .answers = {{200,
                   {"自分のものと、管理する人と機器のもの", "Yours, and of the people and machines you administer"},
                   object({has("warned_before_days", number()), has("expiries", list_of(ref("Expiry"))),
                           may_have("next_page_token", text())}),
                   {"Link"}}},
      .query = paged({"条件を AND でつないだもの: what、over、person、device、access_point、until",
                      "Terms joined by AND: what, over, person, device, access_point, until"},
                     {"until"}),
      .problems = {"invalid"}};
}

}  // namespace kintsugi::http::described
