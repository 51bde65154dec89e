#pragma once

#include "adapters/access_point/http_controller.h"
#include "adapters/access_point/simulator.h"
#include "tests/end_to_end/api.h"

#include <chrono>
#include <string>
#include <vector>

namespace kintsugi::testing {

// One case at the program itself: `kintsugi serve` in a process of its own, on TLS, with a simulator behind every
// access point that it reaches over HTTP. Tells who does what; after every step the stored case is held against the
// named invariants, and finish() has the program check its own log.
class Visit {
 public:
  // `enrolled`: everybody who is to act. `change` may set configuration and masters beforehand.
  explicit Visit(const std::vector<const char*>& enrolled,
                 const std::function<void(Config&, std::vector<Master>&)>& change = {});

  // The device reports, and its case is the case of everything that follows.
  void reports(const Json& more = Json::object());
  // Somebody does something, with a step-up when the case says that it needs one.
  httplib::Result tries(const char* nick, const std::string& event, const Json& payload = Json::object());
  // The same, and it must succeed; the answer.
  Json does(const char* nick, const std::string& event, const Json& payload = Json::object());
  httplib::Result approves(const char* nick, const char* slot);

  // Along the straight run, each to the state of its name.
  void to_conn_requested();
  void to_conn_approved();
  void to_connected();
  void to_sign_off();  // from connected, with nothing taken
  // Report, its approval, the look into the log, the device back in use: all that a signature waits for in any case.
  void hand_in_papers();

  CaseFile file() { return api.file(path); }
  std::string state() { return file().state; }
  // Waits until the case is in this state.
  bool comes_to(const std::string& state, std::chrono::seconds most);
  int mails(const std::string& id);  // `M20`: written to anybody about this case
  void check_invariants();           // every named check of the workflow, on the stored case
  // The stored case is what the command line shows, and the log verifies.
  void finish();

  // What somebody at the controller's own address is told, over HTTP and past the engine.
  HopAnswer ask(Hop hop);

  Api api;
  access_point::SimulatedSite site{api.clock};
  access_point::Simulator simulator{site, {}};
  std::string path;  // of the case

 private:
  Json shown_by_the_program();
};

// The hospital's time for a closing to be proved, in its policy.
void set_closing_time(std::vector<Master>& masters, Duration time);

}  // namespace kintsugi::testing
