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
                                                   has("at", id("org")), has("at_name", text())})))});
}

Json check() {
  return object({has("name", word()), has("text", text()), has("lifted_by", list_of(ref("RoleName"))),
                 may_have("since", time())});
}

Json effect() {
  return object({has("id", id("effect")), has("case_id", text()), has("lane", text()),
                 has("state", name_in<EffectState>()), has("attempts", number()), has("decided_at", time()),
                 has("closing", yes_or_no()), may_have("due", time()), may_have("settled_at", time()),
                 may_have("last_error", text()), may_have("mail", text()), may_have("order", word()),
                 may_have("hop", word()), may_have("destroy_key", name_in<KeyClass>())});
}

}  // namespace

Json components() {
  return {{"Person", named("person")},
          {"Organisation", named("org")},
          {"RoleName", role_name()},
          {"SignedInPerson", signed_in_person()},
          {"Check", check()},
          {"Action", action_schema()},
          {"DocumentBrief", document_brief_schema()},
          {"Task", task_schema()},
          {"Case", case_schema()},
          {"CaseBrief", case_brief_schema()},
          {"Effect", effect()}};
}

}  // namespace kintsugi::http::described
