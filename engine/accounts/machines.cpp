#include "engine/accounts/accounts.h"
#include "engine/accounts/words.h"
#include "engine/base/digest.h"

#include <algorithm>

// Tokens and certificates of devices, access points and integrations.
namespace kintsugi {

using namespace accounts;

namespace {

Digest digest_of_subject(const std::string& subject) {
  return sha256("subject " + subject);
}

}  // namespace

Result<Actor> Accounts::machine_behind(const Credential& credential, const char* auth, const std::string& address) {
  if (!is_live(credential, clock_.now())) return fail(Errc::Refused, "the credential has ended");
  const auto directory = conductor_.directory();
  Actor out{.id = credential.owner,
            .kind = Role::sys,
            .person = {},
            .org = {},
            .auth = auth,
            .sign_in = to_hex(credential.secret),
            .address = address};
  if (const Device* device = directory->device(DeviceId{out.id})) {
    out.kind = Role::device;
    out.org = device->tenant;
    return out;
  }
  const AccessPoint* point = directory->access_point(AccessPointId{out.id});
  if (point == nullptr || point->owner.empty()) return fail(Errc::Refused, "nobody is called so any more");
  out.org = point->owner;
  return out;
}

Result<Actor> Accounts::actor_of(const ClientCertificate& certificate, const std::string& address) {
  // A connection may outlive the certificate that it began with.
  if (certificate.expires <= clock_.now()) return fail(Errc::Refused, "the certificate has expired");
  const std::pair<CredentialKind, Digest> ways[] = {
      {CredentialKind::certificate_key, certificate.key},
      {CredentialKind::certificate_subject, digest_of_subject(certificate.subject)}};
  for (const auto& [kind, digest] : ways) {
    const auto known = store_.credential_by_secret(kind, digest);
    if (!known) return pass(known);
    if (!*known) continue;
    auto machine = machine_behind(**known, "mtls", address);
    if (machine) note_use(digest);
    return machine;
  }
  return fail(Errc::Refused, "the certificate is bound to nothing");
}

// None of them lives longer than that; those that would end before keep their day.
Result<> Accounts::shorten(Batch& batch, CredentialKind kind, const std::string& owner, Instant until) {
  auto all = store_.credentials_of(kind, owner);
  if (!all) return pass(all);
  for (Credential& one : *all) {
    if (one.ended != Instant{} || (one.expires != Instant{} && one.expires <= until)) continue;
    one.expires = until;
    if (auto done = batch.put_credential(one); !done) return done;
  }
  return {};
}

Result<std::string> Accounts::new_token(CredentialKind kind, const std::string& owner, Duration overlap,
                                        const Actor& by) {
  const Instant now = clock_.now();
  const std::string token = new_secret();
  const Credential out{.kind = kind,
                       .owner = owner,
                       .secret = sha256(token),
                       .verifier = {},
                       .created = now,
                       .expires = now + machine_token_life};
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto old = shorten(batch, kind, owner, now + overlap); !old) return old;
    return batch.put_credential(out);
  });
  if (!done) return pass(done);
  if (auto told = record_credential(kind, owner, by); !told) return pass(told);
  return token;
}

Result<Integration> Accounts::integration_of(std::string_view token) {
  const Digest digest = sha256(token);
  const auto known = store_.credential_by_secret(CredentialKind::device_token, digest);
  if (!known) return pass(known);
  if (*known && is_live(**known, clock_.now())) {
    const auto directory = conductor_.directory();
    const Integration* found = directory->integration(IntegrationId{(*known)->owner});
    if (found != nullptr && found->enabled) {
      note_use(digest);
      return *found;
    }
  }
  return fail(Errc::Refused, "no such token");
}

Result<> Accounts::bind_certificate(const std::string& owner, const ClientCertificate& certificate, bool by_subject,
                                    Instant until, Duration overlap, const Actor& by) {
  const Instant now = clock_.now();
  const auto kind = by_subject ? CredentialKind::certificate_subject : CredentialKind::certificate_key;
  if (certificate.subject.empty()) return fail(Errc::Invalid, "the certificate names nobody");
  if (certificate.expires <= now) return fail(Errc::Invalid, "the certificate has expired");
  const Credential out{.kind = kind,
                       .owner = owner,
                       .secret = by_subject ? digest_of_subject(certificate.subject) : certificate.key,
                       .verifier = certificate.subject,
                       .created = now,
                       .expires = std::min(by_subject ? until : certificate.expires, now + machine_token_life)};
  if (out.expires <= now) return fail(Errc::Invalid, "a binding by subject needs an end in the future");
  const auto before = store_.credential_by_secret(kind, out.secret);
  if (!before) return pass(before);
  // Of another owner even when that binding is over: two rows of one certificate would be told apart by nobody.
  if (*before && (*before)->owner != owner)
    return fail(Errc::Conflict, "the certificate is, or was, bound to another machine");
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    for (const CredentialKind one : {CredentialKind::certificate_key, CredentialKind::certificate_subject})
      if (auto old = shorten(batch, one, owner, now + overlap); !old) return old;
    return batch.put_credential(out);
  });
  return done ? record_credential(kind, owner, by) : done;
}

Result<std::vector<Credential>> Accounts::machine_credentials(const std::string& owner) {
  std::vector<Credential> out;
  for (const CredentialKind kind : machine_kinds) {
    auto some = store_.credentials_of(kind, owner);
    if (!some) return some;
    for (Credential& one : *some) {
      one.used = std::max(one.used, uses_.last(one.secret));
      out.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(out, std::ranges::greater(), &Credential::created);
  return out;
}

Result<> Accounts::end_credential(const std::string& owner, std::string_view mark, const Actor& by) {
  auto all = machine_credentials(owner);
  if (!all) return pass(all);
  const auto found = std::ranges::find(*all, mark, mark_of);
  if (found == all->end()) return fail(Errc::NotFound, "no such credential");
  if (found->ended != Instant{}) return {};
  found->ended = clock_.now();
  if (auto done = conductor_.chore([&](Batch& batch) { return batch.put_credential(*found); }); !done) return done;
  return record_credential(found->kind, owner, by);
}

std::string Accounts::mark_of(const Credential& credential) {
  return to_hex(credential.secret).substr(0, mark_chars);
}

}  // namespace kintsugi
