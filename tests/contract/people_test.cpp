#include "engine/base/digest.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

// What engine/ports/store.h promises about masters, credentials, sign-ins and step-ups, of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

namespace {

Digest secret(std::string_view text) {
  return sha256(text);
}

}  // namespace

TEMPLATE_TEST_CASE("masters are kept by kind and id, the last one put holds", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  REQUIRE(batch->put_master({"person", "person_b", "org_hcf", "{}"}));
  REQUIRE(batch->put_master({"person", "person_a", "org_hcf", "{}"}));
  REQUIRE(batch->put_master({"device", "person_a", "org_hcf", "{}"}));
  REQUIRE(batch->put_master({"person", "person_b", "org_rsc", R"({"id":"person_b"})"}));
  CHECK(store.masters()->empty());
  REQUIRE(batch->commit());
  const auto masters = *store.masters();
  REQUIRE(masters.size() == 3);
  CHECK(masters[0].kind == "device");
  CHECK(masters[1].id == "person_a");
  CHECK(masters[2].tenant == "org_rsc");
  CHECK(masters[2].body == R"({"id":"person_b"})");
}

TEMPLATE_TEST_CASE("a credential reads back, and putting it again changes it", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  Credential password{.kind = CredentialKind::password,
                      .owner = "person_a",
                      .verifier = "$argon2id$",
                      .created = noon,
                      .expires = noon + 1h,
                      .last_counter = 3,
                      .failures = 1,
                      .locked_until = noon + 2h};
  for (const int failures : {1, 2}) {
    password.failures = failures;
    auto batch = *store.begin();
    REQUIRE(batch->put_credential(password));
    REQUIRE(batch->commit());
    const auto read = *store.credential_of(CredentialKind::password, "person_a");
    REQUIRE(read);
    CHECK(read->failures == failures);
    CHECK(read->verifier == password.verifier);
    CHECK(read->created == noon);
    CHECK(read->expires == noon + 1h);
    CHECK(read->last_counter == 3);
    CHECK(read->locked_until == noon + 2h);
    CHECK(read->secret == Digest{});
  }
  CHECK_FALSE(*store.credential_of(CredentialKind::totp, "person_a"));
  CHECK_FALSE(*store.credential_of(CredentialKind::password, "person_b"));
  CHECK_FALSE(*store.credential_by_secret(CredentialKind::password, Digest{}));
}

TEMPLATE_TEST_CASE("an old token and its successor are good side by side", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  for (const auto& [text, at] : {std::pair{"new", noon + 1h}, std::pair{"old", noon}})
    REQUIRE(batch->put_credential(
        {.kind = CredentialKind::device_token, .owner = "device_a", .secret = secret(text), .created = at}));
  REQUIRE(batch->commit());
  CHECK((*store.credential_by_secret(CredentialKind::device_token, secret("old")))->owner == "device_a");
  CHECK((*store.credential_by_secret(CredentialKind::device_token, secret("new")))->created == noon + 1h);
  CHECK_FALSE(*store.credential_by_secret(CredentialKind::gate_token, secret("new")));
  CHECK_FALSE(*store.credential_by_secret(CredentialKind::device_token, secret("other")));
  CHECK((*store.credential_of(CredentialKind::device_token, "device_a"))->secret == secret("new"));
}

TEMPLATE_TEST_CASE("a person's sign-ins are ended all at once, the others' are not", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto sign_in = [](const std::string& id, const std::string& person) {
    return SignIn{.id = SignInId{id},
                  .person = PersonId{person},
                  .token = secret(id),
                  .created = noon,
                  .expires = noon + 8h,
                  .with_code = true};
  };
  auto batch = *store.begin();
  REQUIRE(batch->put_sign_in(sign_in("signin_1", "person_a")));
  REQUIRE(batch->put_sign_in(sign_in("signin_2", "person_a")));
  REQUIRE(batch->put_sign_in(sign_in("signin_3", "person_b")));
  auto ended_before = sign_in("signin_2", "person_a");
  ended_before.ended = noon + 1min;
  REQUIRE(batch->put_sign_in(ended_before));
  REQUIRE(batch->end_sign_ins(PersonId{"person_a"}, noon + 1h, {}));
  REQUIRE(batch->commit());
  const auto first = *store.sign_in_by_token(secret("signin_1"));
  REQUIRE(first);
  CHECK(first->ended == noon + 1h);
  CHECK(first->with_code);
  CHECK(first->expires == noon + 8h);
  CHECK((*store.sign_in_by_token(secret("signin_2")))->ended == noon + 1min);
  CHECK((*store.sign_in_by_token(secret("signin_3")))->ended == Instant{});
  CHECK_FALSE(*store.sign_in_by_token(secret("signin_4")));
}

TEMPLATE_TEST_CASE("credentials of one owner are listed, newest first, with their ends", "[store][people]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto token = [&](const char* text, Instant created) {
    return Credential{.kind = CredentialKind::certificate_key,
                      .owner = "device_a",
                      .secret = secret(text),
                      .verifier = "CN=ct-1",
                      .created = created,
                      .expires = noon + 48h};
  };
  {
    auto batch = *store.begin();
    REQUIRE(batch->put_credential(token("old", noon)));
    REQUIRE(batch->put_credential(token("new", noon + 1h)));
    Credential ended = token("old", noon);
    ended.ended = noon + 2h;
    REQUIRE(batch->put_credential(ended));
    REQUIRE(batch->commit());
  }
  auto& again = store;
  const auto all = *again.credentials_of(CredentialKind::certificate_key, "device_a");
  REQUIRE(all.size() == 2);
  CHECK(all[0].secret == secret("new"));
  CHECK(all[0].ended == Instant{});
  CHECK(all[1].ended == noon + 2h);
  CHECK(all[1].verifier == "CN=ct-1");
  CHECK(again.credentials_of(CredentialKind::certificate_subject, "device_a")->empty());
  CHECK(again.credentials_of(CredentialKind::certificate_key, "device_b")->empty());
  CHECK((*again.credential_by_secret(CredentialKind::certificate_key, secret("old")))->ended == noon + 2h);
}

TEMPLATE_TEST_CASE("a batch reads back what it has put, for itself alone", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  Credential totp{.kind = CredentialKind::totp, .owner = "person_a", .created = noon};
  {
    auto batch = *store.begin();
    CHECK_FALSE(*batch->credential(totp.kind, totp.owner, {}));
    REQUIRE(batch->put_credential(totp));
    totp.last_counter = 7;
    REQUIRE(batch->put_credential(totp));
    CHECK((*batch->credential(totp.kind, totp.owner, {}))->last_counter == 7);
    CHECK_FALSE(*store.credential_of(totp.kind, totp.owner));
  }
  auto batch = *store.begin();
  CHECK_FALSE(*batch->credential(totp.kind, totp.owner, {}));
}

TEMPLATE_TEST_CASE("a person's sign-ins are listed with where they came from, and all but one ended",
                   "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto sign_in = [](const std::string& id, Instant created) {
    return SignIn{.id = SignInId{id},
                  .person = PersonId{"person_a"},
                  .token = secret(id),
                  .created = created,
                  .expires = noon + 8h,
                  .used = created,
                  .address = "192.0.2.1",
                  .client = "test/1"};
  };
  auto batch = *store.begin();
  REQUIRE(batch->put_sign_in(sign_in("signin_1", noon)));
  REQUIRE(batch->put_sign_in(sign_in("signin_2", noon + 1h)));
  REQUIRE(batch->put_sign_in(sign_in("signin_3", noon + 2h)));
  REQUIRE(batch->end_sign_ins(PersonId{"person_a"}, noon + 3h, SignInId{"signin_2"}));
  REQUIRE(batch->commit());
  const auto all = *store.sign_ins_of(PersonId{"person_a"}, 10);
  REQUIRE(all.size() == 3);
  CHECK(all[0].id.text() == "signin_3");
  CHECK(all[0].ended == noon + 3h);
  CHECK(all[1].ended == Instant{});
  CHECK(all[2].address == "192.0.2.1");
  CHECK(all[2].client == "test/1");
  CHECK(all[2].used == noon);
  CHECK(store.sign_ins_of(PersonId{"person_a"}, 2)->size() == 2);
  CHECK(store.sign_ins_of(PersonId{"person_b"}, 10)->empty());
}

TEMPLATE_TEST_CASE("last uses are noted and never go back", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto note = [&](std::vector<Use> uses) {
    auto batch = *store.begin();
    REQUIRE(batch->note_uses(uses));
    REQUIRE(batch->commit());
  };
  {
    auto batch = *store.begin();
    REQUIRE(batch->put_sign_in(
        {.id = SignInId{"signin_1"}, .person = PersonId{"person_a"}, .token = secret("s"), .created = noon}));
    REQUIRE(batch->put_credential(
        {.kind = CredentialKind::device_token, .owner = "device_a", .secret = secret("d"), .created = noon}));
    REQUIRE(batch->commit());
  }
  note({{secret("s"), noon + 2min}, {secret("d"), noon + 3min}, {secret("unknown"), noon}});
  note({{secret("s"), noon + 1min}});
  CHECK(store.sign_ins_of(PersonId{"person_a"}, 1)->front().used == noon + 2min);
  CHECK(store.credentials_of(CredentialKind::device_token, "device_a")->front().used == noon + 3min);
}

TEMPLATE_TEST_CASE("a step-up is spent once, with the lap that uses it", "[store][people]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const StoredStepUp step_up{.token = secret("t"),
                             .person = PersonId{"person_a"},
                             .case_id = CaseId{"case_1"},
                             .event = "approve",
                             .request_hash = secret("r"),
                             .created = noon,
                             .expires = noon + 120s};
  {
    auto batch = *store.begin();
    REQUIRE(batch->put_step_up(step_up));
    REQUIRE(batch->commit());
  }
  const auto there = [&] {
    auto batch = *store.begin();
    return *batch->step_up_of(secret("t"));
  };
  const auto given = there();
  REQUIRE(given);
  CHECK(given->person == step_up.person);
  CHECK(given->case_id == step_up.case_id);
  CHECK(given->event == "approve");
  CHECK(given->request_hash == step_up.request_hash);
  CHECK(given->expires == step_up.expires);
  LapWrites lap;
  lap.used_step_up = secret("t");
  SECTION("but not by a lap that is not committed") {
    {
      auto batch = *store.begin();
      REQUIRE(batch->write(lap));
      CHECK_FALSE(*batch->step_up_of(secret("t")));
    }
    CHECK(there());
    REQUIRE(commit_lap(store, lap));
  }
  SECTION("but not by a lap that fails in a batch that goes on") {
    const CaseFile unknown = a_case("case_unknown");
    LapWrites failing = moves(unknown);
    failing.used_step_up = secret("t");
    auto batch = *store.begin();
    REQUIRE_FALSE(batch->write(failing));
    CHECK(*batch->step_up_of(secret("t")));
    REQUIRE(batch->write(lap));
    REQUIRE(batch->commit());
  }
  SECTION("by a lap") {
    REQUIRE(commit_lap(store, lap));
  }
  SECTION("or dropped with its person, and only with him") {
    auto batch = *store.begin();
    REQUIRE(batch->drop_step_ups(PersonId{"person_b"}));
    CHECK(*batch->step_up_of(secret("t")));
    REQUIRE(batch->drop_step_ups(PersonId{"person_a"}));
    REQUIRE(batch->commit());
  }
  SECTION("or forgotten") {
    auto batch = *store.begin();
    REQUIRE(batch->forget({.step_ups = noon + 120s}, 10));
    CHECK(*batch->step_up_of(secret("t")));
    CHECK(batch->forget({.step_ups = noon + 121s}, 10)->step_ups == 1);
    REQUIRE(batch->commit());
  }
  CHECK_FALSE(there());
}

TEMPLATE_TEST_CASE("sign-ins are forgotten by when they were over, and then unknown at once", "[store][people]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  const auto put = [&](const char* id, Instant expires, Instant ended) {
    REQUIRE(batch->put_sign_in({.id = SignInId{id},
                                .person = PersonId{"person_a"},
                                .token = secret(id),
                                .created = noon,
                                .expires = expires,
                                .ended = ended}));
  };
  put("signin_1", noon + 12h, noon + 1h);
  put("signin_2", noon + 12h, {});
  put("signin_3", noon + 2h, noon + 20h);  // ended after it had run out
  REQUIRE(batch->commit());
  REQUIRE(*store.sign_in_by_token(secret("signin_1")));
  batch = *store.begin();
  CHECK(batch->forget({.sign_ins = noon + 1h}, 10)->sign_ins == 0);
  CHECK(batch->forget({.sign_ins = noon + 3h}, 10)->sign_ins == 2);
  REQUIRE(batch->commit());
  CHECK_FALSE(*store.sign_in_by_token(secret("signin_1")));
  CHECK(*store.sign_in_by_token(secret("signin_2")));
  CHECK(store.sign_ins_of(PersonId{"person_a"}, 10)->size() == 1);
}

}  // namespace kintsugi::testing
