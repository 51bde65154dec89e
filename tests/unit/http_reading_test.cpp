#include "adapters/http/reading.h"
#include "tests/support/toy_engine.h"

#include <algorithm>

// Who read what stands in the hospital's log, and a page that asks every second does not fill it.
namespace kintsugi::toy {
namespace {

struct Reading {
  World world;
  CaseId opened = world.open_case();
  http::Readings readings{*world.conductor, world.clock};

  long recorded(const char* event) {
    const auto records = world.records(world.hospital_log());
    return std::ranges::count_if(records,
                                 [&](const std::string& body) { return Json::parse(body).at("ev") == event; });
  }
};

}  // namespace

TEST_CASE("that somebody looks at a case is recorded once for him, the case and the hour", "[http][audit]") {
  Reading it;
  const CaseId another = it.world.open_case(2);
  const auto look = [&](const Actor& actor, const CaseId& id) { it.readings.note_case(actor, it.world.file(id)); };
  for (int i = 0; i < 3; ++i)
    look(person(), it.opened);
  CHECK(it.recorded("case.read") == 1);
  const Json record = Json::parse(it.world.records(it.world.hospital_log()).back());
  CHECK(record.at("case") == audit::record_id(it.opened.text()));
  CHECK(record.at("act").at("id") == audit::record_id(sato.text()));

  look(person(tanaka, centre), it.opened);
  look(person(), another);
  CHECK(it.recorded("case.read") == 3);
  it.world.clock.advance(1h);
  look(person(), it.opened);
  look(person(), it.opened);
  CHECK(it.recorded("case.read") == 4);
}

TEST_CASE("a look is shown even if it cannot be recorded, and recorded when it can", "[http][audit]") {
  Reading it;
  const CaseFile file = it.world.file(it.opened);
  it.world.store.away = true;
  it.readings.note_case(person(), file);
  it.world.store.away = false;
  CHECK(it.recorded("case.read") == 0);
  it.readings.note_case(person(), file);
  CHECK(it.recorded("case.read") == 1);
}

TEST_CASE("a document is recorded each time and not shown without", "[http][audit]") {
  Reading it;
  const CaseFile file = it.world.file(it.opened);
  const auto documents = it.world.store.documents_of(it.opened);
  REQUIRE(documents);
  REQUIRE_FALSE(documents->empty());
  const auto document = it.world.store.read_document(documents->front().id);
  REQUIRE(document);
  CHECK(it.readings.of_document(person(), file, *document));
  CHECK(it.readings.of_document(person(), file, *document));
  CHECK(it.recorded("document.read") == 2);
  const Json record = Json::parse(it.world.records(it.world.hospital_log()).back());
  CHECK(record.at("obj").at(0).at("c") == to_base64(document->commitment));
  it.world.store.commits_to_fail = 1;
  CHECK_FALSE(it.readings.of_document(person(), file, *document));
}

TEST_CASE("who looks at the head of a log stands in it", "[http][audit]") {
  Reading it;
  it.readings.note_trail(person(), hospital, 7);
  it.readings.note_trail(person(), hospital, 8);
  CHECK(it.recorded("audit.read") == 1);
  CHECK(Json::parse(it.world.records(it.world.hospital_log()).back()).at("x").at("count") == 7);
}

}  // namespace kintsugi::toy
