#include "engine/base/digest.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

// What engine/ports/store.h promises about the outbox, of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

namespace {

std::vector<std::string> ids_of(const Result<std::vector<ClaimedEffect>>& claimed) {
  REQUIRE(claimed);
  std::vector<std::string> out;
  for (const auto& one : *claimed)
    out.push_back(one.effect.id.text());
  return out;
}
using Ids = std::vector<std::string>;

std::vector<std::string> claim(Store& store, Instant now, int limit = 10) {
  auto batch = *store.begin();
  auto out = ids_of(batch->claim(now, 1min, limit));
  REQUIRE(batch->commit());
  return out;
}

Result<std::optional<OutboxRow>> settle(Store& store, const std::string& id, EffectState state, Instant at,
                                        Instant due = {}) {
  auto batch = *store.begin();
  auto done = batch->settle({.id = EffectId{id}, .state = state, .at = at, .due = due, .sent = {}, .error = "e"});
  REQUIRE(batch->commit());
  return done;
}

}  // namespace

TEMPLATE_TEST_CASE("an effect is claimed once while its lease holds, and again when it ran out", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  CHECK(store.next_effect() == Instant{});
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1")})));
  CHECK(store.next_effect() == noon);
  CHECK(claim(store, noon - 1s) == Ids{});
  CHECK(claim(store, noon) == Ids{"effect_1"});
  CHECK(store.next_effect() == noon + 1min);
  CHECK(claim(store, noon + 59s) == Ids{});
  CHECK(claim(store, noon + 1min) == Ids{"effect_1"});
}

TEMPLATE_TEST_CASE("a claimed effect carries everything that was written", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto effect = an_effect("effect_1", "case_1", "access_point");
  effect.mail.reset();
  effect.closing = true;
  effect.order = Order{.order = OrderKind::close, .hop = Hop::route, .generation = 7, .window = {noon, noon + 1h}};
  REQUIRE(commit_lap(store, sends({effect})));
  auto batch = *store.begin();
  const auto claimed = *batch->claim(noon, 1min, 1);
  REQUIRE(claimed.size() == 1);
  CHECK(to_json_text(claimed[0].effect) == to_json_text(effect));
  CHECK(claimed[0].attempts == 0);
}

TEMPLATE_TEST_CASE("effects of one case and lane are claimed in their order, one at a time", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_9", "case_1"), an_effect("effect_1", "case_1"),
                                   an_effect("effect_2", "case_1", "exit"), an_effect("effect_3", "case_2")})));
  CHECK(claim(store, noon) == Ids{"effect_9", "effect_2", "effect_3"});
  REQUIRE(settle(store, "effect_9", EffectState::waiting, noon + 1s, noon + 1h));
  CHECK(claim(store, noon + 2s) == Ids{});
  CHECK(store.next_effect() == noon + 1min);
  REQUIRE(settle(store, "effect_2", EffectState::delivered, noon));
  REQUIRE(settle(store, "effect_3", EffectState::delivered, noon));
  // effect_1 has been due all the time and still waits for effect_9.
  CHECK(store.next_effect() == noon + 1h);
  CHECK(claim(store, noon + 1h) == Ids{"effect_9"});
  REQUIRE(settle(store, "effect_9", EffectState::delivered, noon + 1h));
  CHECK(claim(store, noon + 1h) == Ids{"effect_1"});
}

TEMPLATE_TEST_CASE("effects of one lap of one lane that are claimed in one batch come one at a time",
                   "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto batch = *fixture.store().begin();
  REQUIRE(batch->write(sends({an_effect("effect_1", "case_1"), an_effect("effect_2", "case_1")})));
  CHECK(ids_of(batch->claim(noon, 1min, 10)) == Ids{"effect_1"});
  CHECK(ids_of(batch->claim(noon, 1min, 10)) == Ids{});
  REQUIRE(batch->settle({.id = EffectId{"effect_1"}, .state = EffectState::delivered, .at = noon}));
  CHECK(ids_of(batch->claim(noon, 1min, 10)) == Ids{"effect_2"});
}

TEMPLATE_TEST_CASE("a claim takes the earliest due, and no more than it may", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1", "mail", noon + 3s),
                                   an_effect("effect_2", "case_2", "mail", noon + 1s),
                                   an_effect("effect_3", "case_3", "mail", noon + 2s)})));
  CHECK(claim(store, noon + 5s, 2) == Ids{"effect_2", "effect_3"});
  CHECK(claim(store, noon + 5s, 0) == Ids{});
  CHECK(claim(store, noon + 5s, 2) == Ids{"effect_1"});
}

TEMPLATE_TEST_CASE("an effect that was given up holds nobody back", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1"), an_effect("effect_2", "case_1")})));
  CHECK(claim(store, noon) == Ids{"effect_1"});
  REQUIRE(settle(store, "effect_1", EffectState::gave_up, noon + 1s));
  CHECK(claim(store, noon + 1s) == Ids{"effect_2"});
  REQUIRE(settle(store, "effect_2", EffectState::delivered, noon + 1s));
  CHECK(store.next_effect() == Instant{});
  CHECK(claim(store, noon + 24h) == Ids{});
}

TEMPLATE_TEST_CASE("giving up hands the row back once, so that it can be recorded once", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1")})));
  const auto later = settle(store, "effect_1", EffectState::waiting, noon, noon + 1s);
  REQUIRE(later);
  CHECK_FALSE(*later);
  const auto given_up = settle(store, "effect_1", EffectState::gave_up, noon + 2s);
  REQUIRE(given_up);
  REQUIRE(*given_up);
  CHECK((*given_up)->effect.id == EffectId{"effect_1"});
  CHECK((*given_up)->effect.tenant == OrganisationId{"org_hcf"});
  CHECK((*given_up)->state == EffectState::gave_up);
  CHECK((*given_up)->attempts == 2);
  CHECK((*given_up)->settled_at == noon + 2s);

  // A delivery that outlived its lease reports late: it cannot take back that a person must act, nor say it twice.
  for (const auto late : {EffectState::gave_up, EffectState::waiting}) {
    const auto again = settle(store, "effect_1", late, noon + 3s, noon + 4s);
    REQUIRE(again);
    CHECK_FALSE(*again);
    CHECK(store.outbox({.id = EffectId{"effect_1"}})->at(0).state == EffectState::gave_up);
  }
  // But what it has delivered is delivered.
  const auto after_all = settle(store, "effect_1", EffectState::delivered, noon + 5s);
  REQUIRE(after_all);
  CHECK_FALSE(*after_all);
  CHECK(store.outbox({.id = EffectId{"effect_1"}})->at(0).state == EffectState::delivered);
}

TEMPLATE_TEST_CASE("how a delivery ended is kept", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1")})));
  CHECK(claim(store, noon) == Ids{"effect_1"});
  REQUIRE(settle(store, "effect_1", EffectState::waiting, noon + 1s, noon + 10s));
  {
    const auto row = store.outbox({})->front();
    CHECK(row.state == EffectState::waiting);
    CHECK(row.attempts == 1);
    CHECK(row.due == noon + 10s);
    CHECK(row.settled_at == Instant{});
    CHECK(row.last_error == "e");
  }
  auto batch = *store.begin();
  const auto again = *batch->claim(noon + 10s, 1min, 1);
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 1);
  const auto sent = sha256(std::string_view("letter"));
  REQUIRE(
      batch->settle({.id = EffectId{"effect_1"}, .state = EffectState::delivered, .at = noon + 11s, .sent = sent}));
  // A second report of the same delivery changes nothing.
  REQUIRE(batch->settle({.id = EffectId{"effect_1"}, .state = EffectState::waiting, .at = noon + 90s}));
  REQUIRE(batch->commit());
  const auto row = store.outbox({.state = EffectState::delivered})->front();
  CHECK(row.attempts == 2);
  CHECK(row.settled_at == noon + 11s);
  CHECK(row.sent == sent);
  CHECK(row.last_error.empty());
}

TEMPLATE_TEST_CASE("settling an effect that does not exist is not found", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  CHECK(settle(fixture.store(), "effect_none", EffectState::delivered, noon).error().code == Errc::NotFound);
}

TEMPLATE_TEST_CASE("an effect that was given up can be given another life", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1")})));
  auto batch = *store.begin();
  CHECK(batch->redrive(EffectId{"effect_1"}, noon).error().code == Errc::Refused);
  CHECK(batch->redrive(EffectId{"effect_none"}, noon).error().code == Errc::NotFound);
  REQUIRE(batch->settle({.id = EffectId{"effect_1"}, .state = EffectState::gave_up, .at = noon}));
  const auto before = batch->redrive(EffectId{"effect_1"}, noon + 1h);
  REQUIRE(before);
  CHECK(before->effect.id == EffectId{"effect_1"});
  CHECK(before->state == EffectState::gave_up);
  CHECK(before->attempts == 1);
  CHECK(batch->redrive(EffectId{"effect_1"}, noon + 1h).error().code == Errc::Refused);
  CHECK(ids_of(batch->claim(noon + 59min, 1min, 10)) == Ids{});
  const auto claimed = *batch->claim(noon + 1h, 1min, 10);
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].attempts == 0);
}

TEMPLATE_TEST_CASE("the outbox is listed newest first, by state and by case", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_3", "case_1"), an_effect("effect_2", "case_2"),
                                   an_effect("effect_1", "case_1")})));
  REQUIRE(settle(store, "effect_2", EffectState::gave_up, noon));
  const auto ids = [&](const OutboxFilter& filter) {
    Ids out;
    const auto rows = store.outbox(filter);
    REQUIRE(rows);
    for (const auto& row : *rows)
      out.push_back(row.effect.id.text());
    return out;
  };
  CHECK(ids({}) == Ids{"effect_1", "effect_2", "effect_3"});
  CHECK(ids({.case_id = CaseId{"case_1"}}) == Ids{"effect_1", "effect_3"});
  CHECK(ids({.case_id = CaseId{"case_1"}, .limit = 1}) == Ids{"effect_1"});
  CHECK(ids({.state = EffectState::gave_up}) == Ids{"effect_2"});
  CHECK(ids({.state = EffectState::gave_up, .case_id = CaseId{"case_1"}}) == Ids{});
  // A page begins behind the last row of the one before.
  const auto newest = store.outbox({})->front().position;
  CHECK(ids({.before = newest}) == Ids{"effect_2", "effect_3"});
  CHECK(ids({.case_id = CaseId{"case_1"}, .before = newest}) == Ids{"effect_3"});
  CHECK(ids({.state = EffectState::gave_up, .before = newest}) == Ids{"effect_2"});
}

TEMPLATE_TEST_CASE("what was not handed over counts as no attempt", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  REQUIRE(commit_lap(store, sends({an_effect("effect_1", "case_1")})));
  for (const bool tried : {false, true, false}) {
    auto batch = *store.begin();
    REQUIRE(batch->settle({.id = EffectId{"effect_1"},
                           .state = EffectState::waiting,
                           .at = noon,
                           .due = noon,
                           .sent = {},
                           .error = "e",
                           .tried = tried}));
    REQUIRE(batch->commit());
  }
  CHECK(store.outbox({})->at(0).attempts == 1);
}

TEMPLATE_TEST_CASE("the outbox can be told in numbers", "[store][outbox]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  CHECK(store.outbox_summary()->oldest == Instant{});
  REQUIRE(
      commit_lap(store, sends({an_effect("effect_1", "case_1"), an_effect("effect_2", "case_2", "mail", noon + 1s),
                               an_effect("effect_3", "case_3", "mail", noon + 2s),
                               an_effect("effect_4", "case_4", "mail", noon + 3s)})));
  CHECK(claim(store, noon + 1s, 1) == Ids{"effect_1"});
  REQUIRE(settle(store, "effect_2", EffectState::gave_up, noon + 2s));
  REQUIRE(settle(store, "effect_3", EffectState::delivered, noon + 2s));
  auto summary = store.outbox_summary();
  REQUIRE(summary);
  CHECK(summary->waiting == 1);
  CHECK(summary->leased == 1);
  CHECK(summary->gave_up == 1);
  CHECK(summary->oldest == noon);
  REQUIRE(settle(store, "effect_1", EffectState::delivered, noon + 2s));
  CHECK(store.outbox_summary()->oldest == noon + 3s);
}

TEMPLATE_TEST_CASE("the delivery log of a webhook is kept newest first, and for its time", "[store][outbox]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto note = [&](const char* webhook, const char* effect, int attempt, Instant at) {
    auto batch = *store.begin();
    REQUIRE(batch->note_attempt({.webhook = WebhookId{webhook},
                                 .effect = EffectId{effect},
                                 .case_id = CaseId{"case_1"},
                                 .attempt = attempt,
                                 .at = at,
                                 .took = 7ms,
                                 .status = 503,
                                 .sent = sha256(std::string_view("body")),
                                 .error = "it answered 503"}));
    REQUIRE(batch->commit());
  };
  note("webhook_1", "effect_1", 1, noon);
  note("webhook_1", "effect_2", 1, noon + 1s);
  note("webhook_1", "effect_1", 2, noon + 2s);
  note("webhook_2", "effect_3", 1, noon + 3s);
  auto log = store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = {}});
  REQUIRE(log);
  REQUIRE(log->size() == 3);
  const WebhookAttempt& newest = log->front();
  CHECK(newest.effect == EffectId{"effect_1"});
  CHECK(newest.attempt == 2);
  CHECK(newest.case_id == CaseId{"case_1"});
  CHECK(newest.at == noon + 2s);
  CHECK(newest.took == 7ms);
  CHECK(newest.status == 503);
  CHECK(newest.sent == sha256(std::string_view("body")));
  CHECK(newest.error == "it answered 503");
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = EffectId{"effect_1"}})->size() == 2);
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = {}, .limit = 1})->size() == 1);
  // Pages: two of one moment are told apart by the order in which they were written.
  note("webhook_1", "effect_2", 2, noon + 2s);
  std::vector<std::string> walked;
  WebhookAttemptFilter page{.webhook = WebhookId{"webhook_1"}, .effect = {}, .limit = 1};
  for (int i = 0; i < 9; ++i) {
    const auto one = store.webhook_attempts(page);
    REQUIRE(one);
    if (one->empty()) break;
    walked.push_back(one->front().effect.text() + " " + std::to_string(one->front().attempt));
    page.before = one->front().at;
    page.before_position = one->front().position;
  }
  CHECK(walked == std::vector<std::string>{"effect_2 2", "effect_1 2", "effect_2 1", "effect_1 1"});
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = {}, .taken = true})->empty());
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = {}, .taken = false})->size() == 4);
  note("webhook_1", "effect_4", 1, noon + webhook_attempts_kept + 1s);
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_1"}, .effect = {}})->size() == 4);
  CHECK(store.webhook_attempts({.webhook = WebhookId{"webhook_2"}, .effect = {}})->size() == 1);
}

}  // namespace kintsugi::testing
