#include "engine/accounts/accounts.h"
#include "engine/accounts/recovery.h"
#include "engine/accounts/words.h"
#include "engine/audit/record.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"

#include <algorithm>

// What is compared when somebody says who he is, and what a success or a failure leaves behind.
namespace kintsugi {

using namespace accounts;

namespace {

Duration code_wait_after(int failures) {
  if (failures < stranger_codes_free) return {};
  Duration out = stranger_codes_wait_first;
  for (int i = stranger_codes_free; i < failures && out < stranger_codes_wait_max; ++i)
    out *= 2;
  return std::min(out, stranger_codes_wait_max);
}

}  // namespace

// The secret that holds, else the one that waits for its first code. One that waited too long still asks for a code,
// which nobody can give: then it takes a new invitation.
Result<std::optional<Credential>> Accounts::second_factor_of(const PersonId& person) {
  for (const CredentialKind kind : {CredentialKind::totp, CredentialKind::totp_pending}) {
    auto known = store_.credential_of(kind, person.text());
    if (!known || (*known && (*known)->ended == Instant{})) return known;
  }
  return std::nullopt;
}

// The writer decides: of two who show one code at once, the second is too late.
Result<> Accounts::spend_code(Batch& batch, const Credential& secret, std::int64_t counter, bool& right) {
  const auto present = batch.credential(secret.kind, secret.owner, secret.secret);
  if (!present) return pass(present);
  const bool spent = !*present || (*present)->ended != Instant{};
  right = !spent && (secret.kind == CredentialKind::recovery_code || (*present)->last_counter < counter);
  if (!right) return {};
  const Instant now = clock_.now();
  Credential after = **present;
  after.used = now;
  if (secret.kind != CredentialKind::totp) after.ended = now;
  after.last_counter = counter;
  after.failures = 0;
  after.locked_until = {};
  if (auto done = batch.put_credential(after); !done) return done;
  if (secret.kind != CredentialKind::totp_pending) return {};
  after.kind = CredentialKind::totp;
  after.ended = after.expires = {};
  return batch.put_credential(after);
}

// Somebody strange knows the password: only who does can come here, so it shuts out nobody by his mail address. It is
// stored, and told.
Result<> Accounts::count_code(const Credential& secret, const PersonId& person) {
  const Instant now = clock_.now();
  Instant until{};
  auto counted = conductor_.chore([&](Batch& batch) -> Result<> {
    const auto present = batch.credential(secret.kind, secret.owner, secret.secret);
    if (!present) return pass(present);
    if (!*present) return {};
    Credential after = **present;
    ++after.failures;
    const Duration wait = code_wait_after(after.failures);
    after.locked_until = until = wait == Duration{} ? Instant{} : now + wait;
    return batch.put_credential(after);
  });
  if (!counted || until == Instant{}) return counted;
  return record("user.locked", person, operator_actor(),
                {{"person", audit::record_id(person.text())}, {"until", to_text(until)}});
}

Result<Accounts::Proof> Accounts::prove(const PersonId& person, std::string_view password, std::string_view code,
                                        bool familiar) {
  const Instant now = clock_.now();
  const auto known = store_.credential_of(CredentialKind::password, person.text());
  if (!known) return pass(known);
  const bool there = !person.empty() && *known && (*known)->ended == Instant{};
  const bool password_right = hasher_.verify(there ? (*known)->verifier : nobodys_hash_, password) && there;
  const auto second = second_factor_of(person);
  if (!second) return pass(second);
  if (!*second) return Proof{.right = password_right, .with_code = false};

  Credential shown = **second;
  const bool closed = !familiar && shown.locked_until > now;
  bool code_right = false;
  std::int64_t counter = shown.last_counter;
  if (const auto recovery = recovery_digest(code)) {
    const auto spare = store_.credential_by_secret(CredentialKind::recovery_code, *recovery);
    if (!spare) return pass(spare);
    code_right = *spare && (*spare)->owner == person.text() && is_live(**spare, now);
    if (code_right) shown = **spare;
  } else if (is_live(shown, now)) {
    const auto sealed = from_base64(shown.verifier);
    if (!sealed) return pass(sealed);
    const auto secret = hasher_.open(*sealed);
    if (!secret) return pass(secret);
    code_right =
        hasher_.code_matches(std::string(text_of(*secret)), code, now, counter) && counter > shown.last_counter;
  }

  Proof out{.right = password_right && code_right && !closed, .with_code = true};
  if (out.right) {
    if (auto spent = conductor_.chore([&](Batch& batch) { return spend_code(batch, shown, counter, out.right); });
        !spent)
      return pass(spent);
    if (out.right && shown.kind != CredentialKind::totp)
      if (auto told = record_credential(shown.kind, person.text(), operator_actor()); !told) return pass(told);
  } else if (password_right && !code_right && !familiar && !closed) {
    if (auto counted = count_code(**second, person); !counted) return pass(counted);
  }
  return out;
}

Result<Accounts::Proof> Accounts::prove_at(const Attempts::Knock& knock, const PersonId& person,
                                           std::string_view password, std::string_view code) {
  const Instant now = clock_.now();
  if (!attempts_.may_try(knock, now)) return Proof{};
  auto proof = prove(person, password, code, knock.familiar);
  if (!proof) return proof;
  if (proof->right && !proof->with_code && !knock.familiar && attempts_.closed_to_strangers(knock.who, now))
    proof->right = false;
  if (proof->right) {
    attempts_.succeeded(knock);
    return proof;
  }
  const Instant until = attempts_.failed(knock, now);
  if (until != Instant{} && !person.empty() && attempts_.may_tell(knock.who, now))
    if (auto told = record("user.locked", person, operator_actor(),
                           {{"person", audit::record_id(person.text())}, {"until", to_text(until)}});
        !told)
      return pass(told);
  return proof;
}

Result<> Accounts::prove_again(const Actor& actor, std::string_view password, std::string_view code) {
  if (actor.person.empty()) return fail(Errc::Refused, "only people can prove themselves again");
  const auto directory = conductor_.directory();
  const Person* person = directory->person(actor.person);
  if (person == nullptr) return not_signed_in();
  const Attempts::Knock knock{.who = to_hex(sha256(lower(person->mail))),
                              .network = {},
                              .place = "sign-in " + actor.sign_in,
                              .familiar = true};
  const auto proof = prove_at(knock, actor.person, password, code);
  if (!proof) return pass(proof);
  return proof->right ? Result<>{} : Result<>(not_signed_in());
}

Result<std::string> Accounts::step_up(const Actor& actor, std::string_view password, std::string_view code,
                                      const CaseId& case_id, const std::string& event, const Digest& request_hash) {
  if (auto proved = prove_again(actor, password, code); !proved) return pass(proved);
  const Instant now = clock_.now();
  const std::string token = new_secret();
  const StoredStepUp row{.token = sha256(token),
                         .person = actor.person,
                         .case_id = case_id,
                         .event = event,
                         .request_hash = request_hash,
                         .created = now,
                         .expires = now + step_up_life};
  if (auto put_row = conductor_.chore([&](Batch& batch) { return batch.put_step_up(row); }); !put_row)
    return pass(put_row);
  return token;
}

}  // namespace kintsugi
