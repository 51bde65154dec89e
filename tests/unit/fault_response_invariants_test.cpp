#include "tests/support/play.h"

#include <algorithm>
#include <functional>
#include <set>

namespace kintsugi::testing {
namespace {

Play session() {
  Play p;
  bring_to(p, "connected");
  return p;
}

Play signed_off() {
  Play p;
  bring_to(p, "closed");
  return p;
}

struct Breach {
  std::string_view says;  // part of the invariant's sentence
  Play (*start)();
  void (*break_it)(CaseFile&);
};

const Breach breaches[] = {
    {"access is armed or open only", session, [](CaseFile& f) { f.request->approvals.pop_back(); }},
    {"access is armed or open only", session, [](CaseFile& f) { f.grants.back().end = GrantEnd::revoked; }},
    {"access is armed or open only", session,
     [](CaseFile& f) { f.grants.back().window.closes = f.grants.back().window.opens + 1min; }},
    {"in a state without access", session, [](CaseFile& f) { f.state = "acknowledged"; }},
    {"a closed case owes nothing", signed_off, [](CaseFile& f) { f.obligations.front().done_at = {}; }},
    {"a closed case owes nothing", signed_off, [](CaseFile& f) { f.items.emplace_back(); }},
    {"a closed case owes nothing", signed_off, [](CaseFile& f) { f.grants.back().accounts_disabled = false; }},
    {"a closed case owes nothing", signed_off, [](CaseFile& f) { f.incidents.emplace_back(); }},
    {"at most one grant of a case lives", session, [](CaseFile& f) { f.grants.push_back(f.grants.back()); }},
    {"nobody approved what he requested", session,
     [](CaseFile& f) { f.request->approvals.front().by = f.request->by; }},
    {"nobody approved what he requested", session,
     [](CaseFile& f) { f.request->approvals.front().by = f.request->approvals.back().by; }},
    {"nobody approved what he requested", session,
     [](CaseFile& f) { f.request->workers.push_back(f.request->approvals.front().by); }},
    {"nobody verified what he erased", session,
     [](CaseFile& f) {
       f.items.emplace_back();
       f.items.back().erased_by = f.items.back().verified_by = person("net");
     }},
    {"every approval names the hash", session,
     [](CaseFile& f) { f.request->approvals.front().hash = sha256("another request"); }},
    {"an approval that is owed after the fact", session,
     [](CaseFile& f) {
       f.obligations.emplace_back().kind = ObligationKind::post_approval;
       f.obligations.back().about = to_base64(sha256("a request that nobody knows"));
     }},
    {"every approval names the hash", session,
     [](CaseFile& f) {
       f.emergencies.push_back(*f.request);
       f.emergencies.back().hash = sha256("another request");
     }},
    {"every timer lives in the state", session,
     [](CaseFile& f) {
       f.timers.push_back({.event = "t_ack_expired", .due = f.state_since, .round = 0, .about = ""});
     }},
    {"a case that waits", session, [](CaseFile& f) { f.timers.clear(); }},
    {"no grant is longer", session,
     [](CaseFile& f) { f.grants.back().window.closes = f.grants.back().window.opens + 20h; }},
};

}  // namespace

TEST_CASE("each invariant that a case file can show is broken by a file that should break it", "[fault_response]") {
  std::set<std::string> broken;
  for (const Breach& one : breaches) {
    const Play p = one.start();
    REQUIRE(fault_response::broken_invariants(p.file, p.policy(), p.now).empty());
    CaseFile file = p.file;
    one.break_it(file);
    const auto found = fault_response::broken_invariants(file, p.policy(), p.now);
    INFO(one.says);
    CHECK(std::ranges::any_of(found, [&](const std::string& what) { return what.find(one.says) != what.npos; }));
    broken.insert(found.begin(), found.end());
  }
  for (const fault_response::Invariant& one : fault_response::invariants()) {
    INFO(one.name << " " << one.says);
    CHECK(broken.contains(std::string(one.name) + ": " + std::string(one.says)));
  }
}

TEST_CASE("what a lap may never take back is noticed between two files", "[fault_response]") {
  Play p = session();
  p.send("svc", "item_declared");
  CaseFile after = p.file;
  ++after.version;
  REQUIRE(fault_response::broken_between(p.file, after).empty());
  p.file.obligations.emplace_back();
  p.file.incidents.emplace_back();
  p.file.emergencies.emplace_back();
  after.obligations.emplace_back();
  after.incidents.emplace_back();
  after.emergencies.emplace_back();
  SECTION("the version") {
    --after.version;
  }
  SECTION("the hospital") {
    after.tenant = organisation("fuji");
  }
  SECTION("a grant") {
    after.grants.clear();
  }
  SECTION("a generation") {
    after.grants.back().generation = 0;
  }
  SECTION("a data item") {
    after.items.clear();
  }
  SECTION("an emergency") {
    after.emergencies.clear();
  }
  SECTION("an obligation") {
    after.obligations.clear();
  }
  SECTION("an incident") {
    after.incidents.clear();
  }
  CHECK(fault_response::broken_between(p.file, after).size() == 1);
}

}  // namespace kintsugi::testing
