#include "engine/accounts/accounts.h"
#include "engine/accounts/enrolment.h"
#include "engine/accounts/recovery.h"
#include "engine/accounts/words.h"
#include "engine/base/digest.h"

#include <array>

// Passwords, secrets of codes, recovery codes and invitations: how people get what they prove themselves with.
namespace kintsugi {

using namespace accounts;

namespace {

Credential credential(CredentialKind kind, const PersonId& person, Instant now, Duration life = {}) {
  return {.kind = kind,
          .owner = person.text(),
          .secret = {},
          .verifier = {},
          .created = now,
          .expires = life == Duration{} ? Instant{} : now + life};
}

Result<> check_password(std::string_view password) {
  if (password.size() < password_bytes_min || password.size() > password_bytes_max)
    return fail(Errc::Invalid, "a password has 12 to 256 bytes");
  return {};
}

}  // namespace

Result<> Accounts::set_password(const PersonId& person, std::string_view password, const Actor& by) {
  if (auto good = check_password(password); !good) return good;
  Credential out = credential(CredentialKind::password, person, clock_.now());
  out.verifier = hasher_.hash(password);
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto put_one = batch.put_credential(out); !put_one) return put_one;
    return batch.end_sign_ins(person, out.created, {});
  });
  return done ? record_credential(out.kind, out.owner, by) : done;
}

// The secret takes the place of an older one that still waits.
Credential Accounts::new_totp(const PersonId& person, std::string& uri) {
  std::array<std::uint8_t, totp_secret_bytes> secret{};
  entropy_.fill(secret);
  Credential out = credential(CredentialKind::totp_pending, person, clock_.now(), enrolment_life);
  out.verifier = to_base64(hasher_.seal(secret));
  const auto directory = conductor_.directory();
  const Person* known = directory->person(person);
  uri = enrolment_uri(known == nullptr ? person.text() : known->mail, secret);
  return out;
}

Result<std::string> Accounts::enrol_code(const PersonId& person, const Actor& by) {
  if (conductor_.directory()->person(person) == nullptr) return fail(Errc::NotFound, "no such person");
  std::string uri;
  const Credential out = new_totp(person, uri);
  if (auto done = conductor_.chore([&](Batch& batch) { return batch.put_credential(out); }); !done) return pass(done);
  if (auto told = record_credential(out.kind, out.owner, by); !told) return pass(told);
  return uri;
}

// The attempts of one sign-in are counted like those of a step-up.
Result<> Accounts::confirm_code(const Actor& actor, std::string_view code) {
  const Instant now = clock_.now();
  const Attempts::Knock knock{
      .who = actor.person.text(), .network = {}, .place = "sign-in " + actor.sign_in, .familiar = true};
  if (!attempts_.may_try(knock, now)) return not_signed_in();
  const auto waiting = store_.credential_of(CredentialKind::totp_pending, actor.person.text());
  if (!waiting) return pass(waiting);
  bool right = false;
  if (*waiting && is_live(**waiting, now)) {
    const auto sealed = from_base64((*waiting)->verifier);
    if (!sealed) return pass(sealed);
    const auto secret = hasher_.open(*sealed);
    if (!secret) return pass(secret);
    std::int64_t counter = (*waiting)->last_counter;
    right = hasher_.code_matches(std::string(text_of(*secret)), code, now, counter);
    if (right)
      if (auto spent = conductor_.chore([&](Batch& batch) { return spend_code(batch, **waiting, counter, right); });
          !spent)
        return spent;
  }
  if (!right) {
    attempts_.failed(knock, now);
    return not_signed_in();
  }
  attempts_.succeeded(knock);
  return record_credential(CredentialKind::totp, actor.person.text(), actor);
}

Result<std::vector<std::string>> Accounts::new_recovery_codes(const PersonId& person, const Actor& by) {
  const Instant now = clock_.now();
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < recovery_codes; ++i)
    codes.push_back(new_recovery_code(entropy_));
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto ended = end_all(batch, CredentialKind::recovery_code, person.text(), now); !ended) return ended;
    for (const std::string& code : codes) {
      Credential one = credential(CredentialKind::recovery_code, person, now);
      one.secret = *recovery_digest(code);
      if (auto put_one = batch.put_credential(one); !put_one) return put_one;
    }
    return {};
  });
  if (!done) return pass(done);
  if (auto told = record_credential(CredentialKind::recovery_code, person.text(), by); !told) return pass(told);
  return codes;
}

Result<std::string> Accounts::invite(const PersonId& person, const Actor& by) {
  const Instant now = clock_.now();
  const std::string code = new_secret();
  Credential out = credential(CredentialKind::one_time_code, person, now, invitation_life);
  out.secret = sha256(code);
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto ended = end_all(batch, CredentialKind::one_time_code, person.text(), now); !ended) return ended;
    return batch.put_credential(out);
  });
  if (!done) return pass(done);
  if (auto told = record_credential(out.kind, out.owner, by); !told) return pass(told);
  return code;
}

Result<std::string> Accounts::accept_invitation(const std::string& mail, std::string_view one_time_code,
                                                std::string_view password) {
  const Instant now = clock_.now();
  const auto directory = conductor_.directory();
  const Person* person = directory->person_by_mail(mail);
  const auto known = store_.credential_by_secret(CredentialKind::one_time_code, sha256(one_time_code));
  if (!known) return pass(known);
  const bool left = person != nullptr && person->left_at != Instant{} && person->left_at <= now;
  if (person == nullptr || left || !*known || (*known)->owner != person->id.text() || !is_live(**known, now))
    return not_signed_in();
  if (auto good = check_password(password); !good) return pass(good);

  const PersonId id = person->id;
  Credential first = credential(CredentialKind::password, id, now);
  first.verifier = hasher_.hash(password);
  std::string uri;
  const Credential secret = new_totp(id, uri);
  bool spent = false;
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    const auto present = batch.credential(CredentialKind::one_time_code, id.text(), (*known)->secret);
    if (!present) return pass(present);
    spent = !*present || (*present)->ended != Instant{};
    if (spent) return {};
    for (const CredentialKind kind : personal_kinds)
      if (auto ended = end_all(batch, kind, id.text(), now); !ended) return ended;
    if (auto put_one = batch.put_credential(first); !put_one) return put_one;
    if (auto put_one = batch.put_credential(secret); !put_one) return put_one;
    return batch.end_sign_ins(id, now, {});
  });
  if (!done) return pass(done);
  if (spent) return not_signed_in();
  for (const CredentialKind kind : {CredentialKind::password, CredentialKind::totp_pending})
    if (auto told = record_credential(kind, id.text(), operator_actor()); !told) return pass(told);
  return uri;
}

}  // namespace kintsugi
