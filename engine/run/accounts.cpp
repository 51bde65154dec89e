#include "engine/run/accounts.h"

#include "engine/audit/record.h"
#include "engine/base/digest.h"
#include "engine/run/enrolment.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

namespace kintsugi {
namespace {

constexpr Duration sign_in_life = 12h;
constexpr Duration step_up_life = 120s;
constexpr Duration invitation_life = 72h;
constexpr Duration device_token_life = 5 * 365 * 24h;
constexpr int failures_free = 5;  // wrong passwords before the account has to wait
constexpr Duration lock_first = 30s;
constexpr Duration lock_max = 1h;
constexpr int address_failures_max = 50;  // in `address_window`, over all accounts
constexpr Duration address_window = 10min;
constexpr std::size_t addresses_max = 10'000;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226: as long as SHA-1's output
constexpr std::size_t password_chars_min = 12;
constexpr std::size_t password_chars_max = 1024;

// One text for every cause, so that none can be told from another.
tl::unexpected<Error> not_signed_in() {
  return fail(Errc::Refused, "mail address, password or code is wrong, or there were too many attempts");
}

std::string base64url(BytesView bytes) {
  std::string out = to_base64(bytes);
  for (char& c : out)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

Duration lock_after(int failures) {
  if (failures < failures_free) return {};
  Duration out = lock_first;
  for (int i = failures_free; i < failures && out < lock_max; ++i)
    out *= 2;
  return std::min(out, lock_max);
}

Actor engine_actor() {
  return {.id = "accounts", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
}

bool is_over(Instant expires, Instant now) {
  return expires != Instant{} && expires <= now;
}

}  // namespace

// Somebody who tries one password on many accounts locks none of them, but his address stands out.
class Accounts::Attempts {
 public:
  bool too_many(const std::string& address, Instant now) {
    const std::scoped_lock lock(mutex_);
    const auto found = failures_.find(address);
    if (found == failures_.end()) return false;
    if (now - found->second.since >= address_window) {
      failures_.erase(found);
      return false;
    }
    return found->second.count >= address_failures_max;
  }
  void failed(const std::string& address, Instant now) {
    const std::scoped_lock lock(mutex_);
    if (failures_.size() >= addresses_max && !failures_.contains(address))
      std::erase_if(failures_, [&](const auto& one) { return now - one.second.since >= address_window; });
    if (failures_.size() >= addresses_max && !failures_.contains(address)) failures_.clear();
    Failures& one = failures_[address];
    if (one.count == 0 || now - one.since >= address_window) one = {.since = now, .count = 0};
    ++one.count;
  }

 private:
  struct Failures {
    Instant since{};
    int count = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

Accounts::Accounts(Conductor& conductor, Store& store, Hasher& hasher, const Clock& clock, Entropy& entropy)
    : conductor_(conductor),
      store_(store),
      hasher_(hasher),
      clock_(clock),
      entropy_(entropy),
      attempts_(std::make_unique<Attempts>()),
      nobodys_hash_(hasher.hash(new_secret())) {}

Accounts::~Accounts() = default;

std::string Accounts::new_secret() {
  std::array<std::uint8_t, secret_bytes> bytes{};
  entropy_.fill(bytes);
  return base64url(bytes);
}

Result<> Accounts::put(const Credential& credential) {
  return conductor_.chore([&](Batch& batch) { return batch.put_credential(credential); });
}

Result<> Accounts::record(const std::string& name, const PersonId& about, const Actor& by,
                          std::map<std::string, Json> x) {
  const auto directory = conductor_.directory();
  const Person* person = directory->person(about);
  const Organisation* employer = person == nullptr ? nullptr : directory->organisation(person->employer);
  const bool hospital = employer != nullptr && employer->side == Side::hcf;
  Role as = by.kind;
  if (as == Role::none && employer != nullptr) {
    const auto roles = directory->roles_of(*person, employer->id, clock_.now());
    as = roles.empty() ? Role::auditor : roles.front();  // signed in, but may do nothing here
  }
  return conductor_.record(name, hospital ? employer->id : OrganisationId{}, by, as, std::move(x));
}

// Who set it is not known here: the program did, for a person or for the command line.
Result<> Accounts::record_credential(CredentialKind kind, const std::string& owner) {
  const auto directory = conductor_.directory();
  std::map<std::string, Json> x{{"why", std::string(name_of(kind))}};
  if (const Device* device = directory->device(DeviceId{owner})) {
    x["device"] = audit::record_id(owner);
    return conductor_.record("credential.changed", device->tenant, engine_actor(), Role::sys, std::move(x));
  }
  if (const AccessPoint* point = directory->access_point(AccessPointId{owner})) {
    const Organisation* at = directory->organisation(point->owner);
    const bool hospital = at != nullptr && at->side == Side::hcf;
    return conductor_.record("credential.changed", hospital ? at->id : OrganisationId{}, engine_actor(), Role::sys,
                             std::move(x));
  }
  x["person"] = audit::record_id(owner);
  return record("credential.changed", PersonId{owner}, engine_actor(), std::move(x));
}

// Password and, if one is enrolled, code. Counts failures; a code is good for one use.
Result<> Accounts::prove(const PersonId& person, std::string_view password, std::string_view code, bool& with_code) {
  const Instant now = clock_.now();
  auto known = store_.credential_of(CredentialKind::password, person.text());
  if (!known) return pass(known);
  const bool there = !person.empty() && known->has_value();
  const bool right = hasher_.verify(there ? (*known)->verifier : nobodys_hash_, password);
  if (!there) return not_signed_in();
  if ((*known)->locked_until > now) return not_signed_in();

  auto totp = store_.credential_of(CredentialKind::totp, person.text());
  if (!totp) return pass(totp);
  bool code_right = true;
  with_code = totp->has_value();
  if (with_code) {
    const auto sealed = from_base64((*totp)->verifier);
    if (!sealed) return pass(sealed);
    const auto secret = hasher_.open(*sealed);
    if (!secret) return pass(secret);
    std::int64_t counter = (*totp)->last_counter;
    code_right =
        hasher_.code_matches(std::string(text_of(*secret)), code, now, counter) && counter > (*totp)->last_counter;
    if (right && code_right) (*totp)->last_counter = counter;
  }

  Credential after = **known;
  if (right && code_right) {
    after.failures = 0;
    after.locked_until = {};
  } else {
    ++after.failures;
    const Duration wait = lock_after(after.failures);
    after.locked_until = wait == Duration{} ? Instant{} : now + wait;
  }
  bool raced = false;
  auto noted = conductor_.chore([&](Batch& batch) -> Result<> {
    raced = false;
    if (with_code && right && code_right) {
      // Two who show the same code at once: the writer is where one of them is second.
      auto present = store_.credential_of(CredentialKind::totp, person.text());
      if (!present) return pass(present);
      if (!*present || (*present)->last_counter >= (*totp)->last_counter) {
        raced = true;
        return {};
      }
      if (auto put_code = batch.put_credential(**totp); !put_code) return put_code;
    }
    if (after.failures == (*known)->failures && after.locked_until == (*known)->locked_until) return {};
    return batch.put_credential(after);
  });
  if (!noted) return noted;
  if (after.locked_until != (*known)->locked_until && after.locked_until != Instant{})
    if (auto told = record("user.locked", person, engine_actor(),
                           {{"person", audit::record_id(person.text())}, {"until", to_text(after.locked_until)}});
        !told)
      return told;
  if (!right || !code_right || raced) return not_signed_in();
  return {};
}

Result<Accounts::Signed> Accounts::sign_in(const std::string& mail, std::string_view password, std::string_view code,
                                           const std::string& address) {
  const Instant now = clock_.now();
  const auto directory = conductor_.directory();
  const Person* person = directory->person_by_mail(mail);
  const bool left = person != nullptr && person->left_at != Instant{} && person->left_at <= now;
  if (attempts_->too_many(address, now)) return not_signed_in();
  bool with_code = false;
  const PersonId id = person == nullptr || left ? PersonId{} : person->id;
  if (auto proved = prove(id, password, code, with_code); !proved) {
    if (proved.error().code == Errc::Refused) attempts_->failed(address, now);
    return pass(proved);
  }

  const std::string token = new_secret();
  SignIn row;
  row.id = SignInId{new_id_text("signin", now, entropy_.digest(), 0)};
  row.person = id;
  row.token = sha256(token);
  row.created = now;
  row.expires = now + sign_in_life;
  row.with_code = with_code;
  if (auto put_row = conductor_.chore([&](Batch& batch) { return batch.put_sign_in(row); }); !put_row)
    return pass(put_row);
  auto actor = actor_of(token, address);
  if (!actor) return pass(actor);
  if (auto told = record("user.login", id, *actor, {}); !told) return pass(told);
  return Signed{.token = token, .actor = std::move(*actor), .expires = row.expires};
}

Result<> Accounts::sign_out(std::string_view token) {
  auto row = store_.sign_in_by_token(sha256(token));
  if (!row) return pass(row);
  if (!*row || (*row)->ended != Instant{}) return {};
  const auto actor = actor_of(token, {});
  (*row)->ended = clock_.now();
  if (auto done = conductor_.chore([&](Batch& batch) { return batch.put_sign_in(**row); }); !done) return done;
  return actor ? record("user.logout", (*row)->person, *actor, {{"why", "signed_out"}}) : Result<>{};
}

Result<Actor> Accounts::actor_of(std::string_view token, const std::string& address) {
  const Instant now = clock_.now();
  const Digest digest = sha256(token);
  const auto directory = conductor_.directory();
  const auto row = store_.sign_in_by_token(digest);
  if (!row) return pass(row);
  if (*row) {
    const Person* person = directory->person((*row)->person);
    const bool left = person != nullptr && person->left_at != Instant{} && person->left_at <= now;
    if (person == nullptr || left || (*row)->ended != Instant{} || is_over((*row)->expires, now))
      return fail(Errc::Refused, "the sign-in has ended");
    return Actor{.id = person->id.text(),
                 .kind = Role::none,
                 .person = person->id,
                 .org = person->employer,
                 .auth = (*row)->with_code ? "pwd+otp" : "pwd",
                 .sign_in = to_hex(digest),
                 .address = address};
  }
  for (const CredentialKind kind : {CredentialKind::device_token, CredentialKind::gate_token}) {
    const auto known = store_.credential_by_secret(kind, digest);
    if (!known) return pass(known);
    if (!*known || is_over((*known)->expires, now)) continue;
    Actor out{.id = (*known)->owner,
              .kind = Role::sys,
              .person = {},
              .org = {},
              .auth = "token",
              .sign_in = to_hex(digest),
              .address = address};
    if (kind == CredentialKind::device_token) {
      const Device* device = directory->device(DeviceId{out.id});
      if (device == nullptr) continue;
      out.kind = Role::device;
      out.org = device->tenant;
    } else {
      const AccessPoint* point = directory->access_point(AccessPointId{out.id});
      if (point == nullptr) continue;
      out.org = point->owner;
    }
    return out;
  }
  return fail(Errc::Refused, "no such token");
}

Result<std::string> Accounts::step_up(const Actor& actor, std::string_view password, std::string_view code,
                                      const CaseId& case_id, const std::string& event, const Digest& request_hash) {
  if (actor.person.empty()) return fail(Errc::Refused, "only people can prove themselves again");
  bool with_code = false;
  if (auto proved = prove(actor.person, password, code, with_code); !proved) return pass(proved);
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

Result<> Accounts::set_password(const PersonId& person, std::string_view password) {
  if (password.size() < password_chars_min || password.size() > password_chars_max)
    return fail(Errc::Invalid, "a password has 12 to 1024 bytes");
  Credential out{.kind = CredentialKind::password,
                 .owner = person.text(),
                 .secret = {},
                 .verifier = {},
                 .created = clock_.now(),
                 .expires = {}};
  out.verifier = hasher_.hash(password);
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto put_one = batch.put_credential(out); !put_one) return put_one;
    return batch.end_sign_ins(person, out.created, {});
  });
  return done ? record_credential(out.kind, out.owner) : done;
}

Result<std::string> Accounts::enrol_code(const PersonId& person) {
  const auto directory = conductor_.directory();
  const Person* known = directory->person(person);
  if (known == nullptr) return fail(Errc::NotFound, "no such person");
  std::array<std::uint8_t, totp_secret_bytes> secret{};
  entropy_.fill(secret);
  const Credential out{.kind = CredentialKind::totp,
                       .owner = person.text(),
                       .secret = {},
                       .verifier = to_base64(hasher_.seal(secret)),
                       .created = clock_.now(),
                       .expires = {}};
  if (auto done = put(out); !done) return pass(done);
  if (auto told = record_credential(out.kind, out.owner); !told) return pass(told);
  return enrolment_uri(known->mail, secret);
}

Result<std::string> Accounts::new_token(CredentialKind kind, const std::string& owner, Duration overlap) {
  const Instant now = clock_.now();
  auto before = store_.credential_of(kind, owner);
  if (!before) return pass(before);
  const std::string token = new_secret();
  const Credential out{.kind = kind,
                       .owner = owner,
                       .secret = sha256(token),
                       .verifier = {},
                       .created = now,
                       .expires = now + device_token_life};
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (*before) {
      Credential old = **before;
      if (!is_over(old.expires, now + overlap)) old.expires = now + overlap;
      if (auto put_old = batch.put_credential(old); !put_old) return put_old;
    }
    return batch.put_credential(out);
  });
  if (!done) return pass(done);
  if (auto told = record_credential(kind, owner); !told) return pass(told);
  return token;
}

Result<std::string> Accounts::invite(const PersonId& person) {
  const Instant now = clock_.now();
  const std::string code = new_secret();
  const Credential out{.kind = CredentialKind::one_time_code,
                       .owner = person.text(),
                       .secret = sha256(code),
                       .verifier = {},
                       .created = now,
                       .expires = now + invitation_life};
  if (auto done = put(out); !done) return pass(done);
  if (auto told = record_credential(out.kind, out.owner); !told) return pass(told);
  return code;
}

Result<> Accounts::accept_invitation(const std::string& mail, std::string_view one_time_code,
                                     std::string_view password) {
  const Instant now = clock_.now();
  const auto directory = conductor_.directory();
  const Person* person = directory->person_by_mail(mail);
  const auto known = store_.credential_by_secret(CredentialKind::one_time_code, sha256(one_time_code));
  if (!known) return pass(known);
  if (person == nullptr || !*known || (*known)->owner != person->id.text() || is_over((*known)->expires, now))
    return not_signed_in();
  if (auto done = set_password(person->id, password); !done) return done;
  Credential used = **known;
  used.expires = now;
  return put(used);
}

}  // namespace kintsugi
