#include "tests/support/store_fixtures.h"

// What engine/ports/store.h promises about letters that share one, go first, wait or are withdrawn; of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

namespace {

using Ids = std::vector<std::string>;

Ids ids_of(const Result<std::vector<ClaimedEffect>>& claimed) {
  REQUIRE(claimed);
  Ids out;
  for (const auto& one : *claimed)
    out.push_back(one.effect.id.text());
  return out;
}
Ids claim(Store& store, Instant now, int limit = 10) {
  auto batch = *store.begin();
  auto out = ids_of(batch->claim(now, 1min, limit));
  REQUIRE(batch->commit());
  return out;
}
Ids claim_bundle(Store& store, const std::string& bundle, Instant now, int limit = 10) {
  auto batch = *store.begin();
  auto out = ids_of(batch->claim_bundle(bundle, now, 1min, limit));
  REQUIRE(batch->commit());
  return out;
}
Effect of_bundle(const std::string& id, const std::string& case_id, const std::string& bundle) {
  Effect out = an_effect(id, case_id);
  out.bundle = bundle;
  return out;
}
OutboxRow row(Store& store, const std::string& id) {
  const auto rows = store.outbox({.id = EffectId{id}});
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  return rows->front();
}
void put_off(Store& store, const std::string& id, Instant due) {
  auto batch = *store.begin();
  REQUIRE(batch->put_off(EffectId{id}, due));
  REQUIRE(batch->commit());
}

}  // namespace

TEMPLATE_TEST_CASE("urgent effects are claimed before all others, however long those have been due",
                   "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  Effect urgent = an_effect("effect_3", "case_3", "mail", noon + 1s);
  urgent.urgent = true;
  REQUIRE(commit_lap(store,
                     sends({an_effect("effect_1", "case_1"), an_effect("effect_2", "case_2"), std::move(urgent)})));
  CHECK(store.next_effect() == noon);
  CHECK(claim(store, noon + 1s, 2) == Ids{"effect_3", "effect_1"});
}

TEMPLATE_TEST_CASE("an effect that is due later is claimed then", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  Effect later = an_effect("effect_1", "case_1");
  later.due = noon + 7h;
  REQUIRE(commit_lap(store, sends({later})));
  CHECK(store.next_effect() == noon + 7h);
  CHECK(claim(store, noon + 6h) == Ids{});
  CHECK(claim(store, noon + 7h) == Ids{"effect_1"});
}

TEMPLATE_TEST_CASE("the rest of a bundle is claimed together, what waits for another first is not", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({of_bundle("effect_1", "case_1", "a"), of_bundle("effect_2", "case_2", "a"),
                                   of_bundle("effect_3", "case_2", "a"), of_bundle("effect_4", "case_3", "b"),
                                   of_bundle("effect_5", "case_3", "a"), an_effect("effect_6", "case_4")})));
  CHECK(claim_bundle(store, "", noon) == Ids{});
  // effect_5 stands behind effect_4, which is of another bundle; effect_3 stands behind its like.
  CHECK(claim_bundle(store, "a", noon) == Ids{"effect_1", "effect_2", "effect_3"});
  CHECK(claim_bundle(store, "a", noon) == Ids{});
  CHECK(claim(store, noon) == Ids{"effect_4", "effect_6"});
}

TEMPLATE_TEST_CASE("what is put off is untried and due then, and only what is leased can be", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({of_bundle("effect_1", "case_1", "a")})));
  put_off(store, "effect_1", noon + 1h);
  CHECK(row(store, "effect_1").due == noon);
  CHECK(claim(store, noon) == Ids{"effect_1"});
  put_off(store, "effect_1", noon + 60s);
  CHECK(row(store, "effect_1").state == EffectState::waiting);
  CHECK(claim_bundle(store, "a", noon + 59s) == Ids{});
  auto batch = *store.begin();
  const auto again = *batch->claim_bundle("a", noon + 60s, 1min, 1);
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 0);
}

TEMPLATE_TEST_CASE("a letter is withdrawn with the lap that ends its reason, unless it has been delivered",
                   "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1"), an_effect("effect_2", "case_2"),
                                   an_effect("effect_3", "case_3"), an_effect("effect_4", "case_1")})));
  CHECK(claim(store, noon).size() == 3);
  auto batch = *store.begin();
  REQUIRE(batch->settle({.id = EffectId{"effect_2"}, .state = EffectState::delivered, .at = noon}));
  LapWrites lap;
  lap.withdrawn = {EffectId{"effect_1"}, EffectId{"effect_2"}, EffectId{"effect_4"}, EffectId{"effect_none"}};
  lap.at = noon + 1s;
  REQUIRE(batch->write(lap));
  REQUIRE(batch->commit());
  CHECK(row(store, "effect_1").state == EffectState::withdrawn);
  CHECK(row(store, "effect_1").settled_at == noon + 1s);
  CHECK(row(store, "effect_2").state == EffectState::delivered);
  CHECK(row(store, "effect_4").state == EffectState::withdrawn);
  CHECK(claim(store, noon + 1h) == Ids{"effect_3"});
  // It was on its way already: what happened is said.
  auto late = *store.begin();
  REQUIRE(late->settle({.id = EffectId{"effect_1"}, .state = EffectState::waiting, .at = noon + 2s}));
  REQUIRE(late->settle({.id = EffectId{"effect_4"}, .state = EffectState::delivered, .at = noon + 2s}));
  REQUIRE(late->commit());
  CHECK(row(store, "effect_1").state == EffectState::withdrawn);
  CHECK(row(store, "effect_4").state == EffectState::delivered);
}

TEMPLATE_TEST_CASE("a hastened case's waiting mails are due at once, urgent and alone", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  Effect quiet = of_bundle("effect_1", "case_1", "a");
  quiet.lane = "mail_quiet";
  quiet.due = noon + 9h;
  Effect other = of_bundle("effect_2", "case_2", "a");
  other.due = noon + 9h;
  REQUIRE(commit_lap(store, sends({quiet, other, an_effect("effect_3", "case_3")})));
  auto batch = *store.begin();
  LapWrites lap;
  lap.hastened = CaseId{"case_1"};
  lap.at = noon + 1s;
  REQUIRE(batch->write(lap));
  REQUIRE(batch->commit());
  CHECK(claim_bundle(store, "a", noon + 9h) == Ids{"effect_2"});
  auto next = *store.begin();
  const auto claimed = *next->claim(noon + 1s, 1min, 10);
  CHECK(ids_of(claimed) == Ids{"effect_1", "effect_3"});
  CHECK(claimed[0].effect.urgent);
  CHECK(claimed[0].effect.bundle.empty());
}

TEMPLATE_TEST_CASE("a row keeps in whose letter it was told", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({of_bundle("effect_1", "case_1", "a"), of_bundle("effect_2", "case_2", "a")})));
  CHECK(claim(store, noon).size() == 2);
  auto batch = *store.begin();
  for (const char* id : {"effect_1", "effect_2"})
    REQUIRE(batch->settle({.id = EffectId{id},
                           .state = EffectState::delivered,
                           .at = noon,
                           .due = {},
                           .sent = {},
                           .letter = EffectId{"effect_1"},
                           .error = {}}));
  REQUIRE(batch->commit());
  CHECK(row(store, "effect_2").letter == EffectId{"effect_1"});
}

}  // namespace kintsugi::testing
