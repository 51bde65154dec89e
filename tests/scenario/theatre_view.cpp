#include "engine/audit/export.h"
#include "programs/server/store_log.h"
#include "tests/scenario/theatre.h"
#include "workflows/fault_response/invariants.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

// What a scenario sees of the stage: the file, the outbox, the trail, the door.
namespace kintsugi::testing {

CaseFile Theatre::file(const CaseId& id) const {
  auto found = store_->read_case(id);
  REQUIRE(found);
  return *found;
}

std::string Theatre::hash() const {
  const auto now = file();
  REQUIRE(now.request);
  return to_base64(now.request->hash);
}

std::string Theatre::text_of(const DocumentId& id) {
  const auto sealed = store_->read_document(id);
  REQUIRE(sealed);
  const auto opened = vault_->open(*sealed);
  REQUIRE(opened);
  return {opened->begin(), opened->end()};
}

std::string Theatre::address_of(const std::string& who) {
  return "192.0.2." + std::to_string(who.size());  // of the block for documentation
}

int Theatre::mails_sent(const std::string& id) const {
  const auto sent = store_->outbox({.state = EffectState::delivered, .case_id = {}, .limit = 10000});
  REQUIRE(sent);
  return static_cast<int>(std::ranges::count_if(
      *sent, [&](const OutboxRow& row) { return row.effect.mail && row.effect.mail->mail == id; }));
}

std::vector<Json> Theatre::records() const {
  const std::string log = fmt::format("{}/hcf/{}", log_base, organisation("midori").text());
  const auto rows = store_->audit_rows(log, 0, 100000);
  REQUIRE(rows);
  std::vector<Json> out;
  for (const AuditRow& row : *rows)
    out.push_back(Json::parse(row.body));
  return out;
}

int Theatre::records_of(const std::string& event) const {
  const auto all = records();
  return static_cast<int>(std::ranges::count_if(all, [&](const Json& one) { return one["ev"] == event; }));
}

audit::Report Theatre::verify() {
  clock_.advance(2s);
  engine_.integrator->step();
  const std::string origin = fmt::format("{}/hcf/{}", log_base, organisation("midori").text());
  const auto key = audit::parse_vkey(signer_->verifier_key(origin));
  REQUIRE(key);
  StoreLog log(*store_, origin);
  const auto exported = directory_ / fmt::format("export-{}", ++exports_);
  const auto written = audit::write_export(log, *key, exported);
  INFO((written ? std::string() : written.error().what));
  REQUIRE(written);
  audit::VerifyOptions options;
  options.trust.log = *key;
  options.events = audit::event_members(fault_response::fault_response());
  const auto report = audit::verify_export(exported, options);
  INFO(audit::to_text(report));
  CHECK(report.sound());
  return report;
}

bool Theatre::door_open() {
  const auto now = file();
  return now.grant() != nullptr && site_.is_open(Hop::access_point, now.grant()->id);
}

void Theatre::check_invariants() {
  for (const CaseId& id : cases_) {
    const CaseFile now = file(id);
    const auto broken = fault_response::broken_invariants(
        now, engine_.conductor->directory()->policy_of(now.tenant, now.policy_version), clock_.now());
    INFO(id.text() << " in " << now.state);
    CHECK(broken.empty());
    for (const auto& one : broken)
      UNSCOPED_INFO(one);
  }
  // A site that was told to lie is not blamed for lying.
  for (const auto& violation : site_.violations())
    CHECK(violation.rule == access_point::SimulatedSite::Violation::Rule::closed_only_in_words);
}

}  // namespace kintsugi::testing
