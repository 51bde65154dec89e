#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

// What is left of a lap that the store does not take.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

TEMPLATE_TEST_CASE("a lap that is refused leaves nothing, and the other laps of its batch stay", "[store]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();

  auto first = a_case("case_1", "device_1");
  first.grants.push_back({.id = GrantId{"grant_1"}});
  auto good = opens(first);
  good.audit = {a_line("hospital", "first")};
  good.effects = {an_effect("effect_1", "case_1")};
  REQUIRE(batch->write(good));

  // Its second file is refused after the first has been written.
  const auto second = a_case("case_2", "device_2");
  auto with_grant = a_case("case_4", "device_1");
  with_grant.grants.push_back({.id = GrantId{"grant_4"}});
  auto bad = opens(second);
  bad.files.push_back({.file = &with_grant, .is_new = true, .open = true});
  bad.audit = {a_line("hospital", "second"), a_line("another log", "second")};
  bad.effects = {an_effect("effect_2", "case_2")};
  bad.documents = {a_document("doc_2", "case_2")};
  bad.reply = a_reply("bad");
  CHECK(batch->write(bad).error().code == Errc::Refused);
  CHECK(batch->load(second.id).error().code == Errc::NotFound);

  const auto third = a_case("case_3", "device_3");
  auto after = opens(third);
  after.audit = {a_line("hospital", "third")};
  REQUIRE(batch->write(after));
  REQUIRE(batch->commit());

  CHECK(store.read_case(first.id));
  CHECK_FALSE(store.read_case(second.id));
  CHECK(store.read_case(third.id));
  CHECK(*store.audit_logs() == std::vector<std::string>{"hospital"});
  const auto rows = *store.audit_rows("hospital", 0, 10);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].body == "first");
  CHECK(rows[1].body == "third");
  CHECK(rows[1].seq == 1);
  CHECK(store.outbox({})->size() == 1);
  CHECK_FALSE(store.read_document(DocumentId{"doc_2"}));
  auto next = *store.begin();
  CHECK_FALSE(*next->reply_of(a_reply("bad").key));
}

TEMPLATE_TEST_CASE("a lap that breaks in the middle is not there, whether its batch goes on or not", "[store]",
                   EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();

  const auto first = a_case("case_1", "device_1");
  auto good = opens(first);
  good.audit = {a_line("hospital", "first")};
  good.effects = {an_effect("effect_1", "case_1")};
  REQUIRE(batch->write(good));

  const auto second = a_case("case_2", "device_2");
  auto bad = opens(second);
  bad.audit = {a_line("hospital", "second"), a_line("another log", "second")};
  bad.effects = {an_effect("effect_2", "case_2"), an_effect("effect_1", "case_2")};  // the last id is taken
  bad.documents = {a_document("doc_2", "case_2")};
  CHECK(batch->write(bad).error().code == Errc::Conflict);

  const auto third = a_case("case_3", "device_3");
  auto after = opens(third);
  after.audit = {a_line("hospital", "third")};
  const auto written = batch->write(after);
  const auto committed = batch->commit();
  CHECK(written.has_value() == committed.has_value());
  const auto lasting = committed.has_value();
  if (!lasting) {
    CHECK(written.error().code == Errc::Transient);
    CHECK(committed.error().code == Errc::Transient);
  }
  batch.reset();
  CHECK(store.read_case(first.id).has_value() == lasting);
  CHECK(store.read_case(third.id).has_value() == lasting);
  CHECK_FALSE(store.read_case(second.id));
  CHECK_FALSE(store.read_document(DocumentId{"doc_2"}));

  // The next batch takes the places that were given back.
  const auto fourth = a_case("case_4", "device_4");
  auto later = opens(fourth);
  later.audit = {a_line("hospital", "fourth")};
  auto next = *store.begin();
  REQUIRE(next->write(later));
  REQUIRE(next->commit());
  const auto rows = *store.audit_rows("hospital", 0, 10);
  REQUIRE(rows.size() == (lasting ? 3 : 1));
  CHECK(rows.back().body == "fourth");
  CHECK(rows.back().seq == static_cast<std::int64_t>(rows.size()) - 1);
  CHECK(*store.audit_logs() == std::vector<std::string>{"hospital"});
}

}  // namespace kintsugi::testing
