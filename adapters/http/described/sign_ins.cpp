#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"

namespace kintsugi::http::described {

Description sign_in() {
  return {
      .id = "sign_in",
      .tag = "sign-ins",
      .summary = {"サインイン", "Sign in"},
      .answers = {{201,
                   {"トークンは以後の要求の Authorization に", "The token goes into Authorization of what follows"},
                   object({has("token", text()), has("expires_at", time()), has("person", ref("SignedInPerson")),
                           has("recovery_codes_left", number()),
                           may_have("client_key", says(text(), {"次のサインインで client_key に入れる鍵",
                                                                "Send it as client_key of the next sign-in"}))})}},
      .text = {"パスワードとワンタイムコードで。どれが違っても答えは同じです。",
               "With password and one-time code. Whatever is wrong, the answer is the same."},
      .body = schema_of<SignInBody>(),
      .problems = {"sign_in_refused"}};
}

Description sign_out() {
  return {.id = "sign_out",
          .tag = "sign-ins",
          .summary = {"サインアウト", "Sign out"},
          .answers = {{204, {"サインインを終えました", "The sign-in has ended"}, Json()}}};
}

Description show_sign_in() {
  return {
      .id = "show_sign_in",
      .tag = "sign-ins",
      .summary = {"自分のサインイン", "Your sign-in"},
      .answers = {{200,
                   {"誰として、いつまで", "Who you are, and until when"},
                   object({has("person", ref("SignedInPerson")), has("id", id("signin")), has("created_at", time()),
                           has("last_used_at", time()), has("expires_at", time()), has("address", text()),
                           has("client", text()), has("with_code", yes_or_no()), has("live", yes_or_no()),
                           has("current", yes_or_no()), may_have("ended_at", time())})}}};
}

Description step_up() {
  return {.id = "step_up",
          .tag = "sign-ins",
          .summary = {"ひとつの操作のための本人確認", "Confirm that it is you, for one act"},
          .answers = {{201,
                       {"Step-Up ヘッダーに入れるトークン", "The token for the header Step-Up"},
                       object({has("token", text()), has("good_for_s", number())})}},
          .body = schema_of<StepUpBody>(),
          .problems = {"proof_refused"}};
}

Description accept_invitation() {
  return {.id = "accept_invitation",
          .tag = "sign-ins",
          .summary = {"招待を受ける", "Accept an invitation"},
          .answers = {{201,
                       {"ワンタイムコードの登録アドレス", "The address that enrols the one-time codes"},
                       object({has("person", ref("SignedInPerson")), has("otpauth_uri", text()),
                               has("qr_svg", text())})}},
          .body = schema_of<InvitationBody>(),
          .problems = {"sign_in_refused"}};
}

}  // namespace kintsugi::http::described
