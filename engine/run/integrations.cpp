#include "engine/run/integrations.h"

#include "engine/base/digest.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr Duration token_life = std::chrono::hours(5 * 365 * 24);

Actor self() {
  return {
      .id = "integrations", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
}

bool is_over(const Credential& one, Instant now) {
  return one.expires != Instant{} && one.expires <= now;
}

}  // namespace

Result<Integration> Integrations::add(Integration wanted) {
  const auto directory = conductor_.directory();
  const Organisation* hospital = directory->organisation(wanted.tenant);
  if (hospital == nullptr || hospital->side != Side::hcf)
    return fail(Errc::NotFound, "no hospital " + wanted.tenant.text());
  wanted.id = IntegrationId{new_id_text("integration", clock_.now(), entropy_.digest(), 0)};
  const MastersAsked asked{.actor = self(), .as = Role::sys, .key = std::nullopt, .request = {}};
  const auto done = conductor_.change_masters(asked, [&](const Directory&) -> Result<MastersChange> {
    return MastersChange{.masters = {{.kind = "integration",
                                      .id = wanted.id.text(),
                                      .tenant = wanted.tenant.text(),
                                      .body = to_json_text(wanted),
                                      .salt = {}}},
                         .records = {{.event = "config.changed",
                                      .tenant = wanted.tenant,
                                      .x = {{"master", "integration"}},
                                      .about = 0}},
                         .reply = {}};
  });
  if (!done) return pass(done);
  return wanted;
}

Result<std::string> Integrations::new_token(const IntegrationId& id, Duration overlap) {
  const auto directory = conductor_.directory();
  const Integration* integration = directory->integration(id);
  if (integration == nullptr) return fail(Errc::NotFound, "no integration " + id.text());
  const auto before = store_.credential_of(CredentialKind::device_token, id.text());
  if (!before) return pass(before);
  const Instant now = clock_.now();
  const std::string token = to_hex(entropy_.digest());
  Credential made{.kind = CredentialKind::device_token,
                  .owner = id.text(),
                  .secret = sha256(token),
                  .verifier = {},
                  .created = now,
                  .expires = now + token_life};
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (*before && !is_over(**before, now + overlap)) {
      Credential old = **before;
      old.expires = now + overlap;
      if (auto put = batch.put_credential(old); !put) return put;
    }
    return batch.put_credential(made);
  });
  if (!done) return pass(done);
  if (auto told = conductor_.record("credential.changed", integration->tenant, self(), Role::sys,
                                    {{"why", "integration_token"}});
      !told)
    return pass(told);
  return token;
}

Result<Integration> Integrations::of_token(std::string_view token) const {
  const auto known = store_.credential_by_secret(CredentialKind::device_token, sha256(token));
  if (!known) return pass(known);
  if (*known && !is_over(**known, clock_.now())) {
    const auto directory = conductor_.directory();
    const Integration* found = directory->integration(IntegrationId{(*known)->owner});
    if (found != nullptr && found->enabled) return *found;
  }
  return fail(Errc::Refused, "no such token");
}

}  // namespace kintsugi
