#pragma once

#include "adapters/memory/store.h"
#include "engine/run/conductor.h"
#include "tests/support/flaky_store.h"
#include "tests/support/memory_vault.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/toy_workflow.h"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi::toy {

inline const Instant morning = *instant_from("2026-03-04T00:35:05Z");

inline std::string id(std::string_view prefix, unsigned n) {
  return new_id_text(prefix, morning, Digest{}, n);
}

inline const OrganisationId hospital{id("org", 1)};
inline const OrganisationId other_hospital{id("org", 2)};
inline const OrganisationId centre{id("org", 3)};
inline const AccessPointId access_point{id("ap", 1)};
inline const PersonId sato{id("person", 1)};
inline const PersonId tanaka{id("person", 2)};
inline DeviceId device(unsigned n) {
  return DeviceId{id("device", n)};
}

inline Actor device_actor(unsigned n = 1) {
  return {.id = device(n).text(),
          .kind = Role::device,
          .person = {},
          .org = hospital,
          .auth = "token",
          .sign_in = {},
          .address = {}};
}
inline Actor person(const PersonId& who = sato, const OrganisationId& org = hospital) {
  return {
      .id = who.text(), .kind = Role::none, .person = who, .org = org, .auth = "pwd", .sign_in = {}, .address = {}};
}
inline Actor engine_actor() {
  return {.id = "node-1", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
}

template <class T>
Master master(std::string kind, const std::string& of, const OrganisationId& tenant, const T& value) {
  return {.kind = std::move(kind), .id = of, .tenant = tenant.text(), .body = to_json_text(value)};
}

inline std::vector<Master> masters(unsigned devices) {
  std::vector<Master> out;
  const auto organisation = [&](const OrganisationId& one, Side side, const char* mail) {
    Organisation value;
    value.id = one;
    value.side = side;
    value.duty_desk_mail = mail;
    out.push_back(master("organisation", one.text(), one, value));
  };
  organisation(hospital, Side::hcf, "desk@hospital.example");
  organisation(other_hospital, Side::hcf, "desk@other.example");
  organisation(centre, Side::rsc, "desk@centre.example");
  Contract contract;
  contract.id = ContractId{id("contract", 1)};
  contract.tenant = hospital;
  contract.rsc = centre;
  for (unsigned n = 1; n <= devices; ++n) {
    Device value;
    value.id = device(n);
    value.tenant = hospital;
    value.serial = "SN" + std::to_string(n);
    value.access_point = access_point;
    out.push_back(master("device", value.id.text(), hospital, value));
    contract.devices.push_back(value.id);
  }
  out.push_back(master("contract", contract.id.text(), hospital, contract));
  const auto human = [&](const PersonId& one, const OrganisationId& at, const char* mail) {
    Person value;
    value.id = one;
    value.employer = at;
    value.mail = mail;
    out.push_back(master("person", one.text(), at, value));
  };
  human(sato, hospital, "sato@hospital.example");
  human(tanaka, centre, "tanaka@centre.example");
  return out;
}

// An engine on a store in memory, driven by the test; its parts outlive it, so that it can be started again.
struct World {
  Workflow workflow = toy::workflow();
  memory::Store memory;
  FlakyStore store{memory};
  testing::MemoryVault vault;
  ManualClock clock{morning};
  SeededEntropy entropy{7};
  std::vector<Effect> hurried;
  std::optional<testing::TemporaryDirectory> place;  // of the journal
  std::string journal;
  std::unique_ptr<Conductor> conductor;

  explicit World(unsigned devices = 4, bool with_journal = false) {
    if (with_journal) {
      place.emplace();
      journal = place->path("journal");
    }
    begin();
    REQUIRE(conductor->put_masters(masters(devices)));
    store.commits = 0;
  }

  Conductor::Parts parts() {
    return {.workflow = workflow,
            .store = store,
            .vault = vault,
            .clock = clock,
            .entropy = entropy,
            .node = "node-1",
            .log_base = "audit.example",
            .journal_path = journal,
            .hurry = [this](const Effect& effect) { hurried.push_back(effect); },
            .audit_working = {}};
  }
  // A process that dies says nothing: no engine.stopped, no last batch.
  void begin() {
    conductor = std::make_unique<Conductor>(parts());
    const auto opened = conductor->open();
    INFO((opened ? std::string() : opened.error().what));
    REQUIRE(opened);
  }

  Submission fault(unsigned n = 1, const char* code = "E42") {
    Submission out;
    out.event = "fault";
    out.actor = device_actor(n);
    out.payload = {{"action", "trigger"}, {"code", code}, {"dedup_key", code}, {"details", "tube 反応なし"}};
    return out;
  }
  Submission on(const CaseId& id, const char* event, Json payload = Json::object()) {
    Submission out;
    out.event = event;
    out.case_id = id;
    out.actor = person();
    out.as = Role::hcf_sysadm;
    out.payload = std::move(payload);
    return out;
  }
  CaseId open_case(unsigned n = 1, const char* code = "E42") {
    const Outcome outcome = conductor->submit(fault(n, code));
    INFO(to_json_text(outcome));
    REQUIRE(outcome.kind == Outcome::Kind::moved);
    return outcome.case_id;
  }
  CaseId working_case(unsigned n = 1) {
    const CaseId opened = open_case(n);
    REQUIRE(conductor->submit(on(opened, "start")).kind == Outcome::Kind::moved);
    return opened;
  }
  std::vector<std::string> records(const std::string& log) {
    std::vector<std::string> out;
    const auto rows = store.audit_rows(log, 0, 100'000);
    REQUIRE(rows);
    for (const AuditRow& row : *rows)
      out.push_back(row.body);
    return out;
  }
  std::string hospital_log() const { return "audit.example/hcf/" + hospital.text(); }
  CaseFile file(const CaseId& one) { return *store.read_case(one); }
};

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace kintsugi::toy
