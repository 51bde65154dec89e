#include "engine/accounts/accounts.h"

#include "engine/accounts/words.h"
#include "engine/audit/record.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/network.h"
#include "engine/run/registry.h"

#include <algorithm>

// Sign-ins: how they begin, hold and end.
namespace kintsugi {
namespace {

using namespace accounts;

bool has_left(const Person* person, Instant now) {
  return person != nullptr && person->left_at != Instant{} && person->left_at <= now;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, client_name_bytes_max))
    out += c >= ' ' && c < 127 ? c : '?';
  return out;
}

}  // namespace

Actor operator_actor() {
  return {.id = "accounts", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
}

Accounts::Accounts(Conductor& conductor, Store& store, Hasher& hasher, const Clock& clock, Entropy& entropy)
    : conductor_(conductor),
      store_(store),
      hasher_(hasher),
      clock_(clock),
      entropy_(entropy),
      nobodys_hash_(hasher.hash(new_secret())) {}

// A known client is familiar wherever it is; without one the network from which this person has signed in of late.
Attempts::Knock Accounts::knock_of(const PersonId& person, const std::string& mail, const Client& client) {
  const Instant now = clock_.now();
  Attempts::Knock out;
  out.who = to_hex(sha256(lower(mail)));
  out.network = out.place = network_of(client.address);
  if (!client.key.empty()) {
    const auto known = store_.credential_by_secret(CredentialKind::known_client, sha256(client.key));
    if (known && *known && (*known)->owner == person.text() && is_live(**known, now)) {
      out.place = "client " + to_hex((*known)->secret);
      out.familiar = true;
      return out;
    }
  }
  const auto before = store_.sign_ins_of(person, sign_ins_listed_max);
  out.familiar = before && std::ranges::any_of(*before, [&](const SignIn& one) {
                   return now - one.created < known_network_life && network_of(one.address) == out.network;
                 });
  return out;
}

Result<Accounts::Signed> Accounts::sign_in(const std::string& mail, std::string_view password, std::string_view code,
                                           const Client& client) {
  const Instant now = clock_.now();
  const auto directory = conductor_.directory();
  const Person* person = directory->person_by_mail(mail);
  const PersonId id = person == nullptr || has_left(person, now) ? PersonId{} : person->id;
  const Attempts::Knock knock = knock_of(id, mail, client);
  const auto proof = prove_at(knock, id, password, code);
  if (!proof) return pass(proof);
  if (!proof->right) return not_signed_in();

  const std::string token = new_secret();
  SignIn row;
  row.id = SignInId{new_id_text("signin", now, entropy_.digest(), 0)};
  row.person = id;
  row.token = sha256(token);
  row.created = row.used = now;
  row.expires = now + sign_in_life;
  row.with_code = proof->with_code;
  row.address = client.address;
  row.client = printable(client.name);
  const std::string client_key = client.remember && proof->with_code ? new_secret() : std::string();
  auto put_row = conductor_.chore([&](Batch& batch) -> Result<> {
    if (!client_key.empty())
      if (auto done = batch.put_credential({.kind = CredentialKind::known_client,
                                            .owner = id.text(),
                                            .secret = sha256(client_key),
                                            .verifier = {},
                                            .created = now,
                                            .expires = now + known_client_life});
          !done)
        return done;
    return batch.put_sign_in(row);
  });
  if (!put_row) return pass(put_row);
  auto actor = actor_of(token, client.address);
  if (!actor) return pass(actor);
  if (auto told = record("user.login", id, *actor, {}); !told) return pass(told);
  const auto spare = store_.credentials_of(CredentialKind::recovery_code, id.text());
  if (!spare) return pass(spare);
  return Signed{.token = token,
                .actor = std::move(*actor),
                .expires = row.expires,
                .client_key = client_key,
                .recovery_codes_left = static_cast<int>(
                    std::ranges::count_if(*spare, [&](const Credential& one) { return is_live(one, now); }))};
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

// ---- who is behind it -------------------------------------------------------------------------------------------

Result<Actor> Accounts::actor_of(std::string_view token, const std::string& address) {
  const Digest digest = sha256(token);
  const auto row = store_.sign_in_by_token(digest);
  if (!row) return pass(row);
  if (*row) {
    auto person = person_behind(**row, digest, address);
    if (person) note_use(digest);
    return person;
  }
  for (const CredentialKind kind : {CredentialKind::device_token, CredentialKind::gate_token}) {
    const auto known = store_.credential_by_secret(kind, digest);
    if (!known) return pass(known);
    if (!*known) continue;
    auto machine = machine_behind(**known, "token", address);
    if (machine) note_use(digest);
    return machine;
  }
  return fail(Errc::Refused, "no such token");
}

Result<Actor> Accounts::person_behind(const SignIn& row, const Digest& digest, const std::string& address) {
  const auto directory = conductor_.directory();
  const Person* person = directory->person(row.person);
  if (person == nullptr || has_left(person, clock_.now()) || !is_live(row))
    return fail(Errc::Refused, "the sign-in has ended");
  return Actor{.id = person->id.text(),
               .kind = Role::none,
               .person = person->id,
               .org = person->employer,
               .auth = row.with_code ? "pwd+otp" : "pwd",
               .sign_in = to_hex(digest),
               .address = address};
}

bool Accounts::is_live(const SignIn& sign_in) const {
  const Instant now = clock_.now();
  const Instant last = std::max({sign_in.created, sign_in.used, uses_.last(sign_in.token)});
  return sign_in.ended == Instant{} && now < sign_in.expires && now - last < sign_in_idle;
}

bool Accounts::still_holds(const Actor& actor) {
  if (actor.sign_in.empty()) return actor.kind == Role::sys && actor.org.empty();
  const auto bytes = from_hex(actor.sign_in);
  if (!bytes || bytes->size() != Digest{}.size()) return false;
  Digest digest{};
  std::ranges::copy(*bytes, digest.begin());
  if (!actor.person.empty()) {
    const auto row = store_.sign_in_by_token(digest);
    if (!row) return row.error().code == Errc::Transient;
    return *row && person_behind(**row, digest, actor.address).has_value();
  }
  for (const CredentialKind kind : machine_kinds) {
    const auto known = store_.credential_by_secret(kind, digest);
    if (!known && known.error().code == Errc::Transient) return true;
    if (known && *known) return machine_behind(**known, "token", actor.address).has_value();
  }
  return false;
}

void Accounts::note_use(const Digest& secret) {
  const Instant now = clock_.now();
  uses_.note(secret, now);
  const auto due = uses_.due(now);
  if (due.empty()) return;
  // Whoever was let in stays so when this cannot be written: the times are for people to look at.
  if (auto noted = conductor_.chore([&](Batch& batch) { return batch.note_uses(due); }); !noted)
    log::run().warn("last uses of {} tokens were not written: {}", due.size(), noted.error().what);
}

// ---- seeing and ending them ---------------------------------------------------------------------------------------

Result<std::vector<SignIn>> Accounts::sign_ins_of(const PersonId& person) {
  auto out = store_.sign_ins_of(person, sign_ins_listed_max);
  if (out)
    for (SignIn& one : *out)
      one.used = std::max(one.used, uses_.last(one.token));
  return out;
}

Result<> Accounts::end_sign_in(const PersonId& person, const SignInId& id, const Actor& by) {
  auto all = store_.sign_ins_of(person, sign_ins_listed_max);
  if (!all) return pass(all);
  const auto found = std::ranges::find(*all, id, &SignIn::id);
  if (found == all->end()) return fail(Errc::NotFound, "no such sign-in");
  if (found->ended != Instant{}) return {};
  found->ended = clock_.now();
  if (auto done = conductor_.chore([&](Batch& batch) { return batch.put_sign_in(*found); }); !done) return done;
  return record("user.logout", person, by,
                {{"person", audit::record_id(person.text())},
                 {"why", by.person == person ? "ended_by_himself" : "ended_by_administrator"}});
}

Result<> Accounts::end_sign_ins(const PersonId& person, const SignInId& spared, bool lost, const Actor& by) {
  const Instant now = clock_.now();
  auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    if (auto ended = batch.end_sign_ins(person, now, spared); !ended) return ended;
    return lost ? end_all(batch, CredentialKind::known_client, person.text(), now) : Result<>{};
  });
  if (!done) return done;
  return record("user.logout", person, by,
                {{"person", audit::record_id(person.text())},
                 {"why", by.person == person ? "ended_by_himself" : "ended_by_administrator"}});
}

Result<> Accounts::see_out(Batch& batch, const PersonId& id) {
  const Instant now = clock_.now();
  if (auto ended = batch.end_sign_ins(id, now, {}); !ended) return ended;
  if (auto dropped = batch.drop_step_ups(id); !dropped) return dropped;
  for (const CredentialKind kind : personal_kinds)
    if (auto ended = end_all(batch, kind, id.text(), now); !ended) return ended;
  return {};
}

Result<int> Accounts::leave(const PersonId& id, const Actor& by) {
  const Instant now = clock_.now();
  if (conductor_.directory()->person(id) == nullptr) return fail(Errc::NotFound, "no such person");
  const auto end_everything = [&](Batch& batch) { return see_out(batch, id); };
  const auto make = [&](const Directory& before) -> Result<MastersChange> {
    Masters change;
    change.people.push_back(*before.person(id));
    Person& person = change.people.front();
    if (!has_left(&person, now)) person.left_at = now;
    MastersChange rows = rows_of(before, changed(before, change), change, ChangeReason::left);
    rows.also = end_everything;
    return rows;
  };
  const MastersAsked asked{
      .actor = by, .as = registrar_role(*conductor_.directory(), by, now), .key = std::nullopt, .request = {}};
  // Who has left already has no rights any more, but perhaps still what he signed in with.
  if (has_left(conductor_.directory()->person(id), now)) {
    if (auto done = conductor_.chore(end_everything); !done) return pass(done);
    return 0;
  }
  const auto done = conductor_.change_masters(asked, make);
  if (!done) return pass(done);
  return static_cast<int>(std::ranges::count(done->followed, "revoke", &Outcome::event));
}

// ---- common
// ---------------------------------------------------------------------------------------------------------

bool Accounts::is_live(const Credential& credential, Instant now) {
  return credential.ended == Instant{} && (credential.expires == Instant{} || now < credential.expires);
}

std::string Accounts::new_secret() {
  std::array<std::uint8_t, secret_bytes> bytes{};
  entropy_.fill(bytes);
  return base64url(bytes);
}

Result<> Accounts::end_all(Batch& batch, CredentialKind kind, const std::string& owner, Instant now) {
  auto all = store_.credentials_of(kind, owner);
  if (!all) return pass(all);
  for (Credential& one : *all) {
    if (one.ended != Instant{}) continue;
    one.ended = now;
    if (auto done = batch.put_credential(one); !done) return done;
  }
  return {};
}

Result<> Accounts::record(const std::string& name, const PersonId& about, const Actor& by,
                          std::map<std::string, Json> x) {
  const auto directory = conductor_.directory();
  const auto employer_of = [&](const Person* person) {
    return person == nullptr ? nullptr : directory->organisation(person->employer);
  };
  const Organisation* employer = employer_of(directory->person(about));
  const bool hospital = employer != nullptr && employer->side == Side::hcf;
  Role as = by.kind;
  if (as == Role::none)
    if (const Organisation* own = employer_of(directory->person(by.person))) {
      const auto roles = directory->roles_of(*directory->person(by.person), own->id, clock_.now());
      as = roles.empty() ? Role::auditor : roles.front();  // signed in, but may do nothing here
    }
  return conductor_.record(name, hospital ? employer->id : OrganisationId{}, by, as, std::move(x));
}

Result<> Accounts::record_credential(CredentialKind kind, const std::string& owner, const Actor& by) {
  const auto directory = conductor_.directory();
  std::map<std::string, Json> x{{"why", std::string(name_of(kind))}};
  OrganisationId concerned;
  if (const Device* device = directory->device(DeviceId{owner})) {
    x["device"] = audit::record_id(owner);
    concerned = device->tenant;
  } else if (const AccessPoint* point = directory->access_point(AccessPointId{owner})) {
    concerned = point->owner;
  } else if (const Integration* integration = directory->integration(IntegrationId{owner})) {
    x["why"] = "integration_token";
    concerned = integration->tenant;
  } else {
    x["person"] = audit::record_id(owner);
    return record("credential.changed", PersonId{owner}, by, std::move(x));
  }
  const Organisation* at = directory->organisation(concerned);
  const Person* person = directory->person(by.person);
  Role as = by.kind;
  if (person != nullptr) {
    const auto roles = directory->roles_of(*person, concerned, clock_.now());
    as = roles.empty() ? Role::auditor : roles.front();
  }
  return conductor_.record("credential.changed", at != nullptr && at->side == Side::hcf ? at->id : OrganisationId{},
                           by, as, std::move(x));
}

}  // namespace kintsugi
