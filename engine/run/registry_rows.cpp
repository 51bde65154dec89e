#include "engine/audit/record.h"
#include "engine/masters/mistakes.h"
#include "engine/run/registry.h"

#include <algorithm>
#include <set>

namespace kintsugi {
namespace {

std::string stored_id(const Policy& one) {
  return one.tenant.text() + "/" + std::to_string(one.version);
}
template <class T>
std::string stored_id(const T& one) {
  return one.id.text();
}

class Rows {
 public:
  Rows(const Directory& before, const Directory& after, ChangeReason reason)
      : before_(before), after_(after), reason_(reason) {}

  MastersChange of(const Masters& change) {
    for_each_list([&](const auto& list) {
      for (const auto& one : change.*list.at) {
        out_.masters.push_back({.kind = std::string(name_of(list.kind)),
                                .id = stored_id(one),
                                .tenant = owner_of(one).text(),
                                .body = to_json_text(one),
                                .salt = {}});
        record(list.kind, one);
      }
    });
    return std::move(out_);
  }

 private:
  using Members = std::map<std::string, Json>;

  // A hospital's own log; what belongs to no hospital goes to the system's.
  OrganisationId log_of(const OrganisationId& id) const {
    const Organisation* one = after_.organisation(id);
    return one != nullptr && one->side == Side::hcf ? id : OrganisationId{};
  }
  void add(const char* event, const OrganisationId& log, Members x) {
    if (reason_ != ChangeReason::none && !x.contains("why")) x["why"] = name_of(reason_);
    out_.records.push_back({.event = event, .tenant = log, .x = std::move(x), .about = out_.masters.size() - 1});
  }
  template <class T>
  void record(MasterKind kind, const T& one) {
    add("config.changed", log_of(owner_of(one)), {{"master", name_of(kind)}});
  }
  void record(MasterKind kind, const Device& one) {
    add("config.changed", log_of(one.tenant),
        {{"master", name_of(kind)}, {"device", audit::record_id(one.id.text())}});
  }
  void record(MasterKind kind, const Organisation& one) {
    add("config.changed", log_of(one.id), {{"master", name_of(kind)}});
    const Organisation* was = before_.organisation(one.id);
    if (was == nullptr || was->policy_version != one.policy_version)
      add("policy.changed", log_of(one.id), {{"policy", one.policy_version}});
  }

  // Each role that came or went in the log of the organisation where it is held; everything else in the employer's.
  void record(MasterKind, const Person& one) {
    static const Person nobody;
    const Person* known = before_.person(one.id);
    const Person& was = known == nullptr ? nobody : *known;
    const std::string id = audit::record_id(one.id.text());
    for (const RoleHeld& held : one.roles)
      if (!std::ranges::count(was.roles, held)) {
        Members x{{"person", id}, {"grant_role", name_of(held.role)}};
        if (held.until != Instant{}) x["until"] = to_text(held.until);
        add("user.changed", log_of(held.at), std::move(x));
      }
    for (const RoleHeld& held : was.roles)
      if (!std::ranges::count(one.roles, held))
        add("user.changed", log_of(held.at), {{"person", id}, {"lost_role", name_of(held.role)}});
    Person rest = was;
    rest.roles = one.roles;
    if (rest == one) return;
    Members x{{"person", id}};
    if (was.left_at != one.left_at && one.left_at != Instant{}) {
      x["until"] = to_text(one.left_at);
      x["why"] = name_of(ChangeReason::left);
    }
    // A hospital where he holds a role hears of his leaving, whoever employs him.
    std::set<OrganisationId> logs{log_of(one.employer)};
    if (x.contains("until"))
      for (const RoleHeld& held : one.roles)
        logs.insert(log_of(held.at));
    for (const OrganisationId& log : logs)
      add("user.changed", log, x);
  }

  const Directory& before_;
  const Directory& after_;
  const ChangeReason reason_;
  MastersChange out_;
};

}  // namespace

MastersChange rows_of(const Directory& before, const Directory& after, const Masters& change, ChangeReason reason) {
  return Rows(before, after, reason).of(change);
}

Role registrar_role(const Directory& directory, const Actor& actor, Instant now) {
  const Person* person = directory.person(actor.person);
  if (person == nullptr) return Role::sys;
  const auto roles = directory.roles_of(*person, person->employer, now);
  for (const Role role : {Role::hcf_sysadm, Role::rsc_mgr, Role::hcf_netadm, Role::rsc_netadm})
    if (std::ranges::count(roles, role)) return role;
  return roles.empty() ? Role::auditor : roles.front();
}

}  // namespace kintsugi
