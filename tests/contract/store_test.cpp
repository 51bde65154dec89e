#include "engine/base/digest.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

#include <set>

// What engine/ports/store.h promises about cases, laps and batches, of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

TEMPLATE_TEST_CASE("a case reads back exactly as it was written", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto file = a_case("case_1");
  file.request =
      Request{.hash = sha256(std::string_view("r")), .purpose = "fault", .workers = {PersonId{"person_w"}}};
  file.grants.push_back({.id = GrantId{"grant_1"}, .window = {noon, noon + 1h}});
  file.timers.push_back({.event = "t_ack_expired", .due = noon + 5min});
  file.items.push_back({.id = ItemId{"item_1"}, .phi = Phi::identifiable});
  REQUIRE(commit_lap(store, opens(file)));
  const auto read = store.read_case(file.id);
  REQUIRE(read);
  CHECK(*read == file);

  file.version = 2;
  file.state = "closed";
  file.timers.clear();
  REQUIRE(commit_lap(store, moves(file, false)));
  fixture.restart();
  CHECK(*fixture.store().read_case(file.id) == file);
}

TEMPLATE_TEST_CASE("a case that does not exist is not found", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  CHECK(store.read_case(CaseId{"case_none"}).error().code == Errc::NotFound);
  const auto file = a_case("case_none");
  CHECK(commit_lap(store, moves(file)).error().code == Errc::NotFound);
  auto batch = *store.begin();
  CHECK(batch->load(file.id).error().code == Errc::NotFound);
}

TEMPLATE_TEST_CASE("a lap sees what the laps of its batch before it wrote", "[store]", EVERY_STORE) {
  TestType fixture;
  auto batch = *fixture.store().begin();
  auto file = a_case("case_1");
  REQUIRE(batch->write(opens(file)));
  file.version = 2;
  file.state = "triaged";
  REQUIRE(batch->write(moves(file)));
  CHECK(batch->load(file.id)->version == 2);
  REQUIRE(batch->open_cases_of(file.device)->size() == 1);
  CHECK(batch->open_cases_of(file.device)->front().state == "triaged");
}

TEMPLATE_TEST_CASE("readers see a batch when its commit has returned, and not before", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  const auto file = a_case("case_1");
  auto lap = opens(file);
  lap.audit = {a_line("hospital", "one")};
  lap.effects = {an_effect("effect_1", "case_1")};
  lap.documents = {a_document("doc_1", "case_1")};
  REQUIRE(batch->write(lap));
  CHECK(store.read_case(file.id).error().code == Errc::NotFound);
  CHECK(store.list_cases({})->empty());
  CHECK(store.audit_size("hospital") == 0);
  CHECK(store.audit_logs()->empty());
  CHECK(store.outbox({})->empty());
  CHECK(store.documents_of(file.id)->empty());
  REQUIRE(batch->commit());
  CHECK(store.read_case(file.id));
  CHECK(store.list_cases({})->size() == 1);
  CHECK(store.audit_size("hospital") == 1);
  CHECK(store.outbox({})->size() == 1);
  CHECK(store.documents_of(file.id)->size() == 1);
}

TEMPLATE_TEST_CASE("dropping a batch undoes all of it", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto kept = a_case("case_kept", "device_k");
  REQUIRE(commit_lap(store, opens(kept)));
  {
    auto batch = *store.begin();
    const auto file = a_case("case_1");
    auto lap = opens(file);
    lap.audit = {a_line("hospital", "one")};
    lap.effects = {an_effect("effect_1", "case_1")};
    lap.reply = a_reply("key");
    REQUIRE(batch->write(lap));
    auto changed = kept;
    changed.state = "elsewhere";
    REQUIRE(batch->write(moves(changed)));
  }
  CHECK(store.read_case(CaseId{"case_1"}).error().code == Errc::NotFound);
  CHECK(*store.read_case(kept.id) == kept);
  auto batch = *store.begin();
  CHECK(batch->load(kept.id)->state == kept.state);
  CHECK_FALSE(*batch->reply_of(a_reply("key").key));
  CHECK(batch->claim(noon, 1min, 10)->empty());
  REQUIRE(batch->append_audit(a_line("hospital", "another")));
  REQUIRE(batch->commit());
  REQUIRE(store.audit_rows("hospital", 0, 10)->size() == 1);
  CHECK(store.audit_rows("hospital", 0, 10)->front().body == "another");
}

TEMPLATE_TEST_CASE("a case is opened once", "[store]", EVERY_STORE) {
  TestType fixture;
  const auto file = a_case("case_1");
  REQUIRE(commit_lap(fixture.store(), opens(file)));
  CHECK(commit_lap(fixture.store(), opens(file)).error().code == Errc::Conflict);
}

TEMPLATE_TEST_CASE("open cases of a device come oldest first", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto younger = a_case("case_1");
  younger.opened_at = noon + 1min;
  const auto older = a_case("case_2");
  const auto closed = a_case("case_3");
  const auto elsewhere = a_case("case_4", "device_b");
  auto batch = *store.begin();
  for (const CaseFile* file : std::initializer_list<const CaseFile*>{&younger, &older, &closed, &elsewhere})
    REQUIRE(batch->write(opens(*file)));
  REQUIRE(batch->write(moves(closed, false)));
  const auto open = *batch->open_cases_of(DeviceId{"device_a"});
  REQUIRE(open.size() == 2);
  CHECK(open[0] == brief_of(older, true));
  CHECK(open[1] == brief_of(younger, true));
}

TEMPLATE_TEST_CASE("a device has one live grant at a time (I3)", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto first = a_case("case_1");
  auto second = a_case("case_2");
  first.grants.push_back({.id = GrantId{"grant_1"}});
  REQUIRE(commit_lap(store, opens(first)));
  REQUIRE(commit_lap(store, opens(second)));

  second.grants.push_back({.id = GrantId{"grant_2"}});
  CHECK(commit_lap(store, moves(second)).error().code == Errc::Refused);
  CHECK(store.read_case(second.id)->grants.empty());
  const auto third = [&] {
    auto file = second;
    file.id = CaseId{"case_3"};
    return file;
  }();
  CHECK(commit_lap(store, opens(third)).error().code == Errc::Refused);

  first.grants.back().proved_closed_at = noon;
  REQUIRE(commit_lap(store, moves(first)));
  CHECK(commit_lap(store, moves(second)));

  SECTION("and cases of unknown devices do not hold each other up") {
    auto one = a_case("case_4", "");
    auto other = a_case("case_5", "");
    one.grants.push_back({.id = GrantId{"grant_4"}});
    other.grants.push_back({.id = GrantId{"grant_5"}});
    CHECK(commit_lap(store, opens(one)));
    CHECK(commit_lap(store, opens(other)));
  }
}

TEMPLATE_TEST_CASE("a case number is never given twice", "[store]", EVERY_STORE) {
  TestType fixture;
  std::set<std::int64_t> given;
  for (int round = 0; round < 3; ++round) {
    auto batch = *fixture.store().begin();
    CHECK(given.insert(*batch->next_case_number()).second);
    CHECK(given.insert(*batch->next_case_number()).second);
    REQUIRE(batch->commit());
  }
}

TEMPLATE_TEST_CASE("cases are listed by id, filtered and in pages", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  for (int n = 0; n < 10; ++n) {
    auto file = a_case("case_" + std::to_string(n), "device_" + std::to_string(n % 2));
    file.tenant = OrganisationId{n < 6 ? "org_h1" : "org_h2"};
    file.rsc = OrganisationId{n % 3 == 0 ? "org_r1" : "org_r2"};
    file.state = n % 2 == 0 ? "reported" : "triaged";
    REQUIRE(batch->write(opens(file)));
    if (n >= 8) REQUIRE(batch->write(moves(file, false)));
  }
  REQUIRE(batch->commit());
  const auto ids = [&](const CaseFilter& filter) {
    std::string out;
    const auto listed = store.list_cases(filter);
    REQUIRE(listed);
    for (const auto& brief : *listed)
      out += brief.id.text().back();
    return out;
  };
  const OrganisationId h1{"org_h1"}, h2{"org_h2"}, r1{"org_r1"};
  CHECK(ids({}) == "0123456789");
  CHECK(ids({.tenant = h1}) == "012345");
  CHECK(ids({.tenant = h1, .rsc = r1}) == "03");
  CHECK(ids({.rsc = r1}) == "0369");
  CHECK(ids({.device = DeviceId{"device_1"}}) == "13579");
  CHECK(ids({.tenant = h2, .device = DeviceId{"device_1"}}) == "79");
  CHECK(ids({.tenant = h2, .open = true}) == "67");
  CHECK(ids({.open = false}) == "89");
  CHECK(ids({.device = DeviceId{"device_0"}, .open = true}) == "0246");
  CHECK(ids({.states = {"triaged"}}) == "13579");
  CHECK(ids({.open = true, .after = CaseId{"case_3"}, .limit = 2}) == "45");
  CHECK(ids({.tenant = h1, .after = CaseId{"case_3"}, .limit = 10}) == "45");
}

TEMPLATE_TEST_CASE("cases with a timer due come earliest first", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  CHECK(store.next_timer() == Instant{});
  auto batch = *store.begin();
  auto late = a_case("case_1", "device_1");
  late.timers = {{.event = "t_b", .due = noon + 2min}, {.event = "t_c", .due = noon + 9min}};
  auto early = a_case("case_2", "device_2");
  early.timers = {{.event = "t_c", .due = noon + 8min}, {.event = "t_a", .due = noon + 1min}};
  const auto none = a_case("case_3", "device_3");
  for (const CaseFile* file : std::initializer_list<const CaseFile*>{&late, &early, &none})
    REQUIRE(batch->write(opens(*file)));
  REQUIRE(batch->commit());

  CHECK(store.next_timer() == noon + 1min);
  CHECK(store.cases_due(noon, 10)->empty());
  CHECK(*store.cases_due(noon + 1min, 10) == std::vector{early.id});
  CHECK(*store.cases_due(noon + 5min, 10) == std::vector{early.id, late.id});
  CHECK(*store.cases_due(noon + 5min, 1) == std::vector{early.id});
  early.timers.clear();
  REQUIRE(commit_lap(store, moves(early)));
  CHECK(store.next_timer() == noon + 2min);
}

TEMPLATE_TEST_CASE("open states are counted, closed cases are not", "[store]", EVERY_STORE) {
  TestType fixture;
  auto batch = *fixture.store().begin();
  for (int n = 0; n < 5; ++n) {
    auto file = a_case("case_" + std::to_string(n));
    file.state = n < 3 ? "triaged" : "reported";
    REQUIRE(batch->write(opens(file)));
    file.state = "closed";
    if (n == 0) REQUIRE(batch->write(moves(file, false)));
  }
  REQUIRE(batch->commit());
  using States = std::vector<std::pair<std::string, std::int64_t>>;
  CHECK(*fixture.store().open_states() == States{{"reported", 2}, {"triaged", 2}});
}

TEMPLATE_TEST_CASE("documents read back, and are listed without their content", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  const auto file = a_case("case_1");
  auto lap = opens(file);
  lap.documents = {a_document("doc_1", "case_1"), a_document("doc_2", "case_1")};
  REQUIRE(commit_lap(store, lap));
  const auto read = store.read_document(DocumentId{"doc_1"});
  REQUIRE(read);
  CHECK(read->ciphertext == lap.documents[0].ciphertext);
  CHECK(read->commitment == lap.documents[0].commitment);
  CHECK(read->key == KeyClass::evidence);
  CHECK(read->at == noon);
  const auto listed = *store.documents_of(file.id);
  REQUIRE(listed.size() == 2);
  CHECK(listed[1].id == DocumentId{"doc_2"});
  CHECK(listed[1].label == "text");
  CHECK(listed[1].place == "request_connection/reason");
  CHECK(store.read_document(DocumentId{"doc_3"}).error().code == Errc::NotFound);
}

TEMPLATE_TEST_CASE("a reply is stored once for each owner, route and key", "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  LapWrites lap;
  lap.reply = a_reply("key");
  REQUIRE(commit_lap(store, lap));
  CHECK(commit_lap(store, lap).error().code == Errc::Conflict);
  lap.reply->key.route = "POST /cases";
  CHECK(commit_lap(store, lap));
  lap.reply->key.owner = "person_b";
  CHECK(commit_lap(store, lap));

  auto batch = *store.begin();
  const auto found = *batch->reply_of(a_reply("key").key);
  REQUIRE(found);
  CHECK(found->outcome == a_reply("key").outcome);
  CHECK(found->request == a_reply("key").request);
  CHECK(found->at == noon);
  CHECK_FALSE(*batch->reply_of({"person_a", "POST /faults", "another"}));

  SECTION("and replaced or taken back where it belongs to no lap") {
    StoredReply other = a_reply("key");
    other.outcome = R"({"status":201})";
    REQUIRE(batch->put_reply(other));
    CHECK((*batch->reply_of(other.key))->outcome == other.outcome);
    other.key.key = "fresh";
    REQUIRE(batch->put_reply(other));
    REQUIRE(batch->drop_reply(a_reply("key").key));
    CHECK_FALSE(*batch->reply_of(a_reply("key").key));
    REQUIRE(batch->commit());
    auto later = *store.begin();
    CHECK(*later->reply_of(other.key));
    CHECK_FALSE(*later->reply_of(a_reply("key").key));
  }
  SECTION("and forgotten when it is too old") {
    lap.reply = a_reply("later");
    lap.reply->at = noon + 1h;
    REQUIRE(batch->write(lap));
    CHECK(batch->forget({.replies = noon + 1h}, 1)->replies == 1);  // no more than so many at once
    CHECK(batch->forget({.replies = noon + 1h}, 10)->replies > 0);
    CHECK(batch->forget({.replies = noon + 1h}, 10)->replies == 0);
    CHECK_FALSE(*batch->reply_of(a_reply("key").key));
    CHECK(*batch->reply_of(a_reply("later").key));
    CHECK(batch->forget({.replies = noon + 2h}, 10)->replies == 1);
    CHECK_FALSE(*batch->reply_of(a_reply("later").key));
  }
}

}  // namespace kintsugi::testing
