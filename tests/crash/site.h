#pragma once

#include "adapters/access_point/simulator.h"
#include "engine/base/clock.h"
#include "engine/base/entropy.h"
#include "programs/server/home.h"
#include "programs/stage/mail_sink.h"
#include "tests/end_to_end/run.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

// What a crash is played on: one installation with the benchmark's world, `kintsugi serve` over it in a process of
// its own, and beside it a mail server and access points that outlive every kill and remember what they were told.
namespace kintsugi::crash {

// The hospital's T_ACK and T_REMIND: a case that nobody takes climbs its ladder once in this time.
inline constexpr std::chrono::milliseconds ladder_pace{1000};

class Site {
 public:
  // Makes the installation. `directory` must not exist yet.
  Site(std::string directory, int port);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  void spawn();     // starts the program and does not wait for it
  bool comes_up();  // waits until it listens; false if it has ended instead
  void kill();      // SIGKILL; whatever it was doing, it does no more of it
  int stop();       // SIGTERM; its exit code
  bool up() const { return up_; }
  int port() const { return port_; }
  pid_t pid() const { return program_ ? program_->pid() : 0; }
  std::string output() const { return program_ ? program_->output() : std::string(); }
  const Home& home() const { return home_; }
  std::string log_file() const { return home_.directory.string() + ".log"; }

  // The second proofs of identity that this case will need, put beside the running server: how fast passwords are
  // hashed is not what is tried here. Never while the server is down, whose recovery is to be its own.
  bool prove(const std::string& case_id, const std::string& request_hash);

  demo::MailSink& sink() { return sink_; }
  access_point::SimulatedSite& doors() { return doors_; }
  access_point::Simulator& simulator() { return simulator_; }

 private:
  void make(const std::string& directory);

  const int port_;
  SystemClock clock_;
  SystemEntropy entropy_;
  Home home_;
  demo::MailSink sink_;
  access_point::SimulatedSite doors_{clock_};
  access_point::Simulator simulator_{doors_, {}};
  std::unique_ptr<testing::Run> program_;
  std::atomic<bool> up_{false};
  std::mutex proving_;
};

}  // namespace kintsugi::crash
