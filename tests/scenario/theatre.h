#pragma once

#include "adapters/access_point/simulated_site.h"
#include "adapters/signer/ed25519_signer.h"
#include "adapters/sqlite/store.h"
#include "adapters/vault/vault.h"
#include "engine/accounts/accounts.h"
#include "engine/audit/verify.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/whole_engine.h"
#include "tests/support/world.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

// The whole engine on a stage: the real conductor, courier, timekeeper and integrator, the real workflow, SQLite in
// a directory of its own, a simulated access point, and a clock that moves when the story says so. A scenario tells
// who does what; the theatre delivers, lets timers fire, and after every act checks the invariants.
namespace kintsugi::testing {

// Holds every letter that was posted. While `away`, it answers like a mail server that cannot be reached.
class HeldMail final : public Mailer {
 public:
  Result<Posted> post(const Letter& letter, Instant at) override;
  const std::vector<Letter>& all() const { return letters_; }
  bool away = false;

 private:
  std::vector<Letter> letters_;
};

class Theatre {
 public:
  Theatre();
  ~Theatre();

  // ---- acting
  // The device reports a fault with this code; the case that took it is the case of all later acts.
  Outcome reports(const std::string& code, const std::string& device = "ct-1");
  // A person does something to the case, with a step-up when the event wants one.
  Outcome does(const std::string& who, const std::string& event, Json payload = Json::object());
  // The same without the second proof of identity.
  Outcome does_without_step_up(const std::string& who, const std::string& event, Json payload = Json::object());
  // On another case than the current one.
  Outcome does_on(const CaseId& id, const std::string& who, const std::string& event, Json payload = Json::object());
  Outcome approves(const std::string& who, const std::string& slot);
  // The engine dies and is started again on the same directory.
  void kill_and_restart(Duration away = 0s);

  // ---- time
  // Moves the clock, stopping wherever a timer, a delivery or an end point's own clock has something to do.
  void pass(Duration time);
  // Delivers what can be delivered now.
  void settle();

  // ---- shortcuts along the straight run; each leaves the case in the state of its name
  void to_acknowledged();
  // A complete request for a window of this length that opens after `in`.
  Json request(Duration length = 2h, Duration in = 0s) const;
  void to_conn_requested();
  void to_conn_approved();
  void to_connected();
  void to_data_deletion();  // repaired, checked, disconnected, proved
  void to_sign_off();
  void to_closed();
  // Everything sign-off asks for, then the signature.
  Outcome finish_sign_off();

  // ---- looking
  CaseFile file() const { return file(current_); }
  CaseFile file(const CaseId& id) const;
  std::string state() const { return file().state; }
  std::string hash() const;                   // of the request that is before the approvers, as the API shows it
  std::string text_of(const DocumentId& id);  // of a document, opened
  static std::string address_of(const std::string& who);  // where his terminal is
  // How many letters of a kind (`M09`) the mail server has taken over.
  int mails_sent(const std::string& id) const;
  std::vector<Json> records() const;  // audit records of the hospital, parsed
  int records_of(const std::string& event) const;
  // The hospital's log, exported to a directory and verified there with nothing but the public key.
  audit::Report verify();

  // Would traffic reach the device of the current case through the access point now?
  bool door_open();
  access_point::SimulatedSite& site() { return site_; }
  HeldMail& mail() { return mail_; }
  ManualClock& clock() { return clock_; }
  Store& store() { return *store_; }
  Conductor& conductor() { return *engine_.conductor; }
  Courier& courier() { return *engine_.courier; }
  const CaseId& current() const { return current_; }
  std::filesystem::path directory() const { return directory_; }
  bool link_to_access_point = true;  // false: no order arrives, nothing answers
  bool worked_by_hand = false;       // orders go to a person, and nothing answers by itself

 private:
  class Wire;
  void open();
  void close();
  void check_invariants();
  Outcome submit(Submission submission);
  Actor actor(const std::string& who) const;

  static constexpr const char* log_base = "audit.alpha.example";

  const TemporaryDirectory own_place_;
  const std::filesystem::path directory_{own_place_.path()};
  ManualClock clock_;
  SeededEntropy entropy_{7};
  HeldMail mail_;
  access_point::SimulatedSite site_{clock_};
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Signer> signer_;
  WholeEngine engine_;
  CaseId current_;
  std::set<CaseId> cases_;
  int exports_ = 0;
};

}  // namespace kintsugi::testing
