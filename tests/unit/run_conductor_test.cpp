#include "engine/base/digest.h"
#include "tests/support/toy_engine.h"

#include <fstream>
#include <set>

namespace kintsugi::toy {

using Kind = Outcome::Kind;

TEST_CASE("a fault opens a case with a number, keys and a record", "[run]") {
  World world;
  const Outcome outcome = world.conductor->submit(world.fault());
  CHECK(outcome.kind == Kind::moved);
  CHECK(outcome.event == "notify");
  CHECK(outcome.row == "F01");
  CHECK(outcome.from.empty());
  CHECK(outcome.state == "waiting");
  CHECK(outcome.number == "K26-0000001-" + outcome.number.substr(12));
  CHECK(world.vault.syncs() == 1);

  const CaseFile file = world.file(outcome.case_id);
  CHECK(file.version == 1);
  const auto notice = world.store.read_document(file.fault.notice);
  REQUIRE(notice);
  CHECK(text_of(*world.vault.open(*notice)) == "tube 反応なし");
  CHECK(notice->at == morning);
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 1);
  CHECK(has(records[0], "\"ev\":\"notify\""));
  CHECK(has(records[0], "\"cn\":0"));
  CHECK_FALSE(has(records[0], "tube"));
}

TEST_CASE("the same fault again counts up, another one opens another case", "[run]") {
  World world;
  const CaseId first = world.open_case();
  const Outcome again = world.conductor->submit(world.fault());
  CHECK(again.event == "notify_duplicate");
  CHECK(again.case_id == first);
  CHECK(again.occurrences == 2);
  const Outcome other = world.conductor->submit(world.fault(1, "E99"));
  CHECK(other.event == "notify_other");
  CHECK(other.case_id != first);
}

TEST_CASE("whatever opens a case sees the open cases of its device", "[run]") {
  World world;
  const CaseId first = world.open_case();
  Submission direct = world.fault(1, "E99");
  direct.event = "notify_other";
  direct.payload["device"] = world.file(first).device.text();
  const Outcome other = world.conductor->submit(direct);
  REQUIRE(other.kind == Kind::moved);
  REQUIRE(world.file(other.case_id).links.size() == 1);
  CHECK(world.file(other.case_id).links[0].other == first);
}

TEST_CASE("a device that is well again is noted and closes nothing", "[run]") {
  World world;
  Submission well = world.fault();
  well.payload["action"] = "resolve";
  const Outcome nothing = world.conductor->submit(well);
  CHECK(nothing.kind == Kind::not_found);
  CHECK(nothing.problem == "no-open-case");
  const CaseId opened = world.open_case();
  const Outcome noted = world.conductor->submit(well);
  CHECK(noted.kind == Kind::moved);
  CHECK(noted.event == "device_normal");
  CHECK(noted.state == "waiting");
  CHECK(world.file(opened).fault.normal_since == morning);
}

TEST_CASE("a payload that breaks its schema is answered with the places, and nothing is written", "[run]") {
  World world;
  Submission bad = world.fault();
  bad.payload = {{"code", 7}, {"more", true}};
  const Outcome outcome = world.conductor->submit(bad);
  CHECK(outcome.kind == Kind::invalid);
  CHECK(outcome.problem == "invalid-payload");
  std::set<std::string> pointers;
  for (const InputError& one : outcome.errors)
    pointers.insert(one.pointer);
  CHECK(pointers.contains("/code"));
  CHECK(world.store.commits == 0);
  bad.event = "no_such";
  CHECK(world.conductor->submit(bad).problem == "no-such-event");
}

TEST_CASE("a refusal by a rule changes nothing and is recorded", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  const Outcome outcome = world.conductor->submit(world.on(opened, "finish"));
  CHECK(outcome.kind == Kind::refused);
  REQUIRE(outcome.failed.size() == 1);
  CHECK(outcome.failed[0].name == "state");
  CHECK(outcome.refusal_kind == "not_applicable");
  CHECK(world.file(opened).version == 1);
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 2);
  CHECK(has(records[1], "\"ev\":\"refused\""));
  CHECK(has(records[1], "\"check\":\"state\",\"event\":\"finish\""));
  CHECK_FALSE(has(records[1], "\"cn\""));
}

TEST_CASE("a stranger's attempt looks like a case that does not exist", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  Submission strange = world.on(opened, "start");
  strange.actor = person(sato, other_hospital);
  const Outcome there = world.conductor->submit(strange);
  strange.case_id = CaseId{id("case", 999)};
  const Outcome nowhere = world.conductor->submit(strange);
  CHECK(there.kind == Kind::not_found);
  CHECK(there.problem == nowhere.problem);
  CHECK(there.number.empty());
  CHECK(there.state.empty());

  SECTION("also when he names a wrong version") {
    strange.case_id = opened;
    strange.expected_version = 77;
    CHECK(world.conductor->submit(strange).kind == Kind::not_found);
  }
  SECTION("and goes to the system log, within limits, never to the hospital's") {
    strange.case_id = opened;
    for (int i = 0; i < 100; ++i)
      world.conductor->submit(strange);
    CHECK(world.records(world.hospital_log()).size() == 1);
    const auto system = world.records("audit.example/system");
    CHECK(system.size() == 1 + 60);  // engine.started
    CHECK(has(system.back(), "\"check\":\"not_a_participant\""));
    CHECK(has(system.back(), "\"case\":\"" + audit::record_id(opened.text()) + "\""));
  }
}

TEST_CASE("an old version is a conflict that names the present one, except for closings", "[run]") {
  World world;
  const CaseId working = world.working_case();
  Submission note = world.on(working, "add_note", {{"text", "n"}});
  note.expected_version = 1;
  const Outcome stale = world.conductor->submit(note);
  CHECK(stale.kind == Kind::conflict);
  CHECK(stale.version == 2);
  note.expected_version = 2;
  CHECK(world.conductor->submit(note).kind == Kind::moved);
  Submission stop = world.on(working, "stop");
  stop.expected_version = 1;
  CHECK(world.conductor->submit(stop).kind == Kind::moved);
}

TEST_CASE("the same idempotency key gives the stored answer, also for a refusal", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  Submission note = world.on(opened, "add_note", {{"text", "n"}});
  note.key = IdempotencyKey{.owner = sato.text(), .route = "notes", .key = "1"};
  const Outcome first = world.conductor->submit(note);
  const Outcome again = world.conductor->submit(note);
  CHECK_FALSE(first.replayed);
  CHECK(again.replayed);
  CHECK(again.version == first.version);
  CHECK(world.file(opened).work_entries == 1);

  Submission refused = world.on(opened, "finish");
  refused.key = IdempotencyKey{.owner = sato.text(), .route = "finish", .key = "1"};
  CHECK(world.conductor->submit(refused).kind == Kind::refused);
  const Outcome refused_again = world.conductor->submit(refused);
  CHECK(refused_again.kind == Kind::refused);
  CHECK(refused_again.replayed);
  CHECK(refused_again.failed.size() == 1);

  SECTION("with another body it is a mistake") {
    note.payload["text"] = "other";
    CHECK(world.conductor->submit(note).kind == Kind::reused);
  }
  SECTION("of another person it is another key") {
    note.key->owner = tanaka.text();
    CHECK_FALSE(world.conductor->submit(note).replayed);
  }
  SECTION("after a restart it is still the same") {
    world.begin();
    CHECK(world.conductor->submit(note).replayed);
  }
}

TEST_CASE("a request is hashed with a salt over the whole of it and kept as evidence", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  const Json payload = {{"purpose", "fault"}, {"reason", "look at the tube"}};
  REQUIRE(world.conductor->submit(world.on(opened, "ask", payload)).kind == Kind::moved);
  const Request request = *world.file(opened).request;
  const auto document = world.store.read_document(request.document);
  REQUIRE(document);
  CHECK(document->key == KeyClass::evidence);
  const Bytes text = *world.vault.open(*document);
  CHECK(sha256(text) == request.hash);
  const Json whole = Json::parse(text_of(text));
  CHECK(whole["reason"] == "look at the tube");
  CHECK(whole["salt"].get<std::string>().size() == 44);

  REQUIRE(world.conductor->submit(world.on(opened, "ask", payload)).kind == Kind::moved);
  CHECK(world.file(opened).request->hash != request.hash);
}

TEST_CASE("nothing can be added under a key that has been destroyed", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  REQUIRE(world.vault.destroy(opened, KeyClass::care));
  Submission note = world.on(opened, "add_note", {{"text", "late"}});
  const Outcome outcome = world.conductor->submit(note);
  CHECK(outcome.kind == Kind::refused);
  CHECK(outcome.failed.at(0).name == "key_destroyed");
  note.actor = person(sato, other_hospital);
  CHECK(world.conductor->submit(note).kind == Kind::not_found);
}

TEST_CASE("a step-up is good once, for its person, case, event and request, and for 120 s", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  const CaseId another = world.open_case(2);
  const Digest token = sha256("token");
  const Digest hash = sha256("request");
  const auto give = [&](StoredStepUp proof) {
    REQUIRE(world.conductor->chore([&](Batch& batch) { return batch.put_step_up(proof); }));
  };
  const StoredStepUp good{.token = token,
                          .person = sato,
                          .case_id = opened,
                          .event = "approve",
                          .request_hash = hash,
                          .created = morning,
                          .expires = morning + 120s};
  Submission approve = world.on(opened, "approve", {{"request_hash", to_base64(hash)}});
  approve.step_up = token;

  SECTION("good, and good once") {
    give(good);
    CHECK(world.conductor->submit(approve).kind == Kind::moved);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("good still after a write that failed") {
    give(good);
    const auto before = world.records(world.hospital_log()).size();
    SECTION("the lap's own") {
      world.store.writes_to_fail = 1;
    }
    SECTION("its batch's") {
      world.store.commits_to_fail = 1;
    }
    // Another lap of the batch, which is committed when only one of the two fails.
    const auto failing = world.conductor->hand_in(approve);
    const auto beside = world.conductor->hand_in(world.fault(3));
    world.conductor->step();
    CHECK(world.conductor->answer(failing)->kind == Kind::transient);
    world.conductor->answer(beside);
    CHECK(world.records(world.hospital_log()).size() <= before + 1);
    CHECK(world.conductor->submit(approve).kind == Kind::moved);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("used twice in one batch") {
    give(good);
    const auto one = world.conductor->hand_in(approve);
    const auto two = world.conductor->hand_in(approve);
    world.conductor->step();
    CHECK(world.conductor->answer(one)->kind == Kind::moved);
    CHECK(world.conductor->answer(two)->kind == Kind::refused);
  }
  SECTION("too late") {
    give(good);
    world.clock.advance(120s);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("of another person") {
    StoredStepUp proof = good;
    proof.person = tanaka;
    give(proof);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("for another case") {
    StoredStepUp proof = good;
    proof.case_id = another;
    give(proof);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("for another event") {
    StoredStepUp proof = good;
    proof.event = "finish";
    give(proof);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
  SECTION("for another request") {
    StoredStepUp proof = good;
    proof.request_hash = sha256("another request");
    give(proof);
    CHECK(world.conductor->submit(approve).kind == Kind::refused);
  }
}

TEST_CASE("an engine does not start over open cases in states that it does not know", "[run]") {
  World world;
  world.open_case();
  world.workflow.states.erase(world.workflow.states.begin());
  Conductor newer(world.parts());
  const auto opened = newer.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::Refused);
  CHECK(has(opened.error().what, "waiting (1 cases)"));
}

TEST_CASE("start and stop of the engine are in the system log", "[run]") {
  World world;
  world.conductor->stop();
  const auto system = world.records("audit.example/system");
  REQUIRE(system.size() == 2);
  CHECK(has(system[0], "engine.started"));
  CHECK(has(system[1], "engine.stopped"));
  CHECK(world.conductor->submit(world.fault()).problem == "stopping");
}

}  // namespace kintsugi::toy
