#pragma once

#include "adapters/http/server.h"
#include "programs/server/engine.h"
#include "tests/support/stages.h"
#include "tests/support/temporary_directory.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::testing {

// Somebody who holds one role and has had no part in any case.
struct Stranger {
  std::string nick;
  Role role = Role::none;
  std::string at;
  bool takes_part = false;  // his hospital's or his service centre's case
};

// The cases are this hospital's, under this centre's contract; fuji and kumo are the other hospital and vendor.
inline constexpr std::string_view hospital = "sakura";
inline constexpr std::string_view centre = "hikari";

// Catch's own demands are for one thread.
void demand(const Result<>& done);

// The whole engine with its API, and nothing that moves by itself: no clock that runs, no timers, no deliveries. Its
// world is small_world() with one stranger for every role of every organisation, and one device for each state, so
// that no two cases are twins. Everybody is signed in.
class Still {
 public:
  Still();
  ~Still();

  std::string url() const { return server_->url(); }
  Conductor& conductor() { return *engine_->conductor; }
  Store& store() { return *engine_->store; }
  Vault& vault() { return *engine_->vault; }

  // The play's case under a number of its own, as if it had always been there.
  CaseFile paste(const Play& play);
  void take_away(CaseFile file);
  std::string step_up(const Stranger& who, const CaseId& id, const std::string& event, const Json& payload);
  static std::string token_of(const Stranger& who) { return "token of " + who.nick; }
  static std::string log_of(std::string_view nick) {
    return "test.kintsugi.invalid/hcf/" + organisation(nick).text();
  }

  const Workflow& workflow = fault_response::fault_response();
  const std::vector<Stranger> people;
  const Directory directory;
  ManualClock clock{tokyo(0, 9, 40)};

 private:
  void sign_in(const Stranger& who);
  void keep(const CaseFile& file, bool is_new);

  TemporaryDirectory place_;
  SeededEntropy entropy_{17};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<http::Server> server_;
  std::atomic<std::int64_t> number_{0};
};

}  // namespace kintsugi::testing
