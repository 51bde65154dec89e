#include "adapters/http/described/case_schemas.h"
#include "adapters/http/described/words.h"
#include "engine/domain/role.h"
#include "engine/ports/records.h"

namespace kintsugi::http::described {
namespace {

Json named(std::string_view prefix) {
  return object({has("id", id(prefix)), has("name", text())});
}

Json role_name() {
  return object({has("role", name_in<Role>()), has("label", text())});
}

Json signed_in_person() {
  return object({has("id", id("person")), may_have("name", text()), may_have("employer", id("org")),
                 may_have("language", text()),
                 may_have("roles", list_of(object({has("role", name_in<Role>()), has("label", text()),
                                                   has("at", id("org")), has("at_name", text())}))),
                 may_have("expiring", list_of(ref("Expiry")))});
}

Json sign_in_row() {
  return object({has("id", id("signin")), has("created_at", time()), has("last_used_at", time()),
                 has("expires_at", time()), has("address", text()), has("client", text()),
                 has("with_code", yes_or_no()), has("live", yes_or_no()), has("current", yes_or_no()),
                 may_have("ended_at", time())});
}

Json machine_credential() {
  return object({has("mark", text()), has("kind", name_in<CredentialKind>()), has("created_at", time()),
                 has("live", yes_or_no()), has("expires_soon", yes_or_no()), may_have("last_used_at", time()),
                 may_have("expires_at", time()), may_have("ended_at", time()), may_have("subject", text()),
                 may_have("key_sha256", text())});
}

Json expiry() {
  return object({has("what", word()), has("text", text()), has("name", text()), has("over", yes_or_no()),
                 may_have("until", time()), may_have("person", id("person")), may_have("role", name_in<Role>()),
                 may_have("label", text()), may_have("deputy", id("person")), may_have("device", id("device")),
                 may_have("access_point", id("ap")), may_have("mark", text())});
}

Json check() {
  return object({has("name", word()), has("text", text()), has("lifted_by", list_of(ref("RoleName"))),
                 may_have("since", time())});
}

Json change() {
  return object({has("position", number()), has("case_id", id("case")), has("number", text()),
                 has("tenant", id("org")), has("event", word()),
                 has("from", says(text(), {"空なら案件が開いた", "empty: the case was opened"})),
                 has("state", word()), has("version", number()), has("at", time())});
}

Json effect() {
  return object({has("id", id("effect")), has("case_id", text()), has("lane", text()),
                 has("state", name_in<EffectState>()), has("attempts", number()), has("decided_at", time()),
                 has("closing", yes_or_no()), may_have("due", time()), may_have("settled_at", time()),
                 may_have("last_error", text()), may_have("told_in", id("effect")), may_have("mail", text()),
                 may_have("order", word()), may_have("hop", word()), may_have("destroy_key", name_in<KeyClass>()),
                 may_have("webhook", id("webhook")), may_have("change", text())});
}

}  // namespace

Json components() {
  return {{"Person", named("person")},
          {"Organisation", named("org")},
          {"RoleName", role_name()},
          {"SignedInPerson", signed_in_person()},
          {"SignIn", sign_in_row()},
          {"MachineCredential", machine_credential()},
          {"Expiry", expiry()},
          {"Check", check()},
          {"Action", action_schema()},
          {"DocumentBrief", document_brief_schema()},
          {"Task", task_schema()},
          {"Case", case_schema()},
          {"CaseBrief", case_brief_schema()},
          {"Change", change()},
          {"Effect", effect()}};
}

}  // namespace kintsugi::http::described
