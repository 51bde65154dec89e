#pragma once

#include "adapters/memory/store.h"
#include "adapters/sqlite/directory.h"
#include "adapters/sqlite/store.h"
#include "engine/base/digest.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <memory>

// Each store, ready to be tested by what the port says.
namespace kintsugi::testing {

inline const Instant noon = *instant_from("2026-03-04T12:00:00Z");

struct MemoryStore {
  memory::Store it;
  Store& store() { return it; }
  void restart() {}  // nothing of it would be left
};

struct SqliteStore {
  TemporaryDirectory directory;
  std::unique_ptr<sqlite::Store> it = opened();
  Store& store() { return *it; }
  void restart() {
    it.reset();
    it = opened();
  }

 private:
  std::unique_ptr<sqlite::Store> opened() {
    auto store = sqlite::Store::open(directory.path(sqlite::database_file), noon);
    REQUIRE(store);
    return std::move(*store);
  }
};

// ---- values -------------------------------------------------------------------------------------------------

inline CaseFile a_case(const std::string& id, const std::string& device = "device_a") {
  CaseFile file;
  file.id = CaseId{id};
  file.number = "K26-0000001-0";
  file.tenant = OrganisationId{"org_hcf"};
  file.rsc = OrganisationId{"org_rsc"};
  file.device = DeviceId{device};
  file.workflow = "fault_response";
  file.state = "reported";
  file.version = 1;
  file.opened_at = noon;
  file.state_since = noon;
  file.fault.code = "E42";
  file.fault.dedup_key = "dedup-" + id;
  return file;
}

inline Effect an_effect(const std::string& id, const std::string& case_id, const std::string& lane = "mail",
                        Instant at = noon) {
  Effect effect;
  effect.id = EffectId{id};
  effect.case_id = CaseId{case_id};
  effect.tenant = OrganisationId{"org_hcf"};
  effect.lane = lane;
  effect.at = at;
  effect.mail = Mail{.mail = "M01", .to = {PersonId{"person_a"}}, .desks = {}, .facts = {{"until", "noon"}}};
  return effect;
}

inline AuditLine a_line(const std::string& log, const std::string& body) {
  static constexpr std::array<std::uint8_t, 1> leaf_prefix{0};
  return {log, body, sha256({leaf_prefix, bytes_of(body)})};
}

inline Document a_document(const std::string& id, const std::string& case_id) {
  Document document;
  document.id = DocumentId{id};
  document.case_id = CaseId{case_id};
  document.key = KeyClass::evidence;
  document.place = "request_connection/reason";
  document.label = "text";
  document.commitment = sha256(std::string_view("commitment"));
  document.length = 3;
  document.at = noon;
  document.by = PersonId{"person_a"};
  document.ciphertext = {0, 1, 2, 255};
  return document;
}

inline StoredReply a_reply(const std::string& key) {
  return {.key = {.owner = "person_a", .route = "POST /faults", .key = key},
          .request = sha256(std::string_view("request")),
          .outcome = R"({"kind":"moved"})",
          .at = noon};
}

// Puts one lap into a batch of its own and commits it.
inline Result<> commit_lap(Store& store, const LapWrites& lap) {
  auto batch = store.begin();
  if (!batch) return pass(batch);
  if (auto done = (*batch)->write(lap); !done) return done;
  return (*batch)->commit();
}

inline LapWrites opens(const CaseFile& file) {
  LapWrites lap;
  lap.files.push_back({&file, true, true});
  return lap;
}

inline LapWrites moves(const CaseFile& file, bool open = true) {
  LapWrites lap;
  lap.files.push_back({&file, false, open});
  return lap;
}

inline LapWrites sends(std::vector<Effect> effects) {
  LapWrites lap;
  lap.effects = std::move(effects);
  return lap;
}

}  // namespace kintsugi::testing
