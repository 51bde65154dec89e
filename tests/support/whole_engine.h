#pragma once

#include "engine/run/conductor.h"
#include "engine/run/courier.h"
#include "engine/run/integrator.h"
#include "engine/run/timekeeper.h"
#include "engine/run/watch.h"

#include <functional>
#include <memory>
#include <string>

namespace kintsugi::testing {

// The parts that move cases, wired as the server wires them, on whatever a test has around them. Nothing runs yet:
// whoever makes one opens conductor and integrator, and either starts threads or calls the parts' step().
struct WholeEngine {
  struct Around {
    const Workflow& workflow;
    Store& store;
    Vault& vault;
    Signer& signer;
    const Clock& clock;
    Entropy& entropy;
    Mailer& mailer;
    std::function<Controller*(const AccessPointId&)> controller;
    std::string node;
    std::string log_base;
    std::string journal_path;
    std::function<void(const Effect&)> hurry;  // empty: closings wait for the commit
    std::function<bool()> audit_working;       // empty: yes
    std::shared_ptr<const Schemas> schemas;    // null: compiled here
  };
  static WholeEngine on(const Around& around);
  void close();  // in the order in which one uses the other

  std::unique_ptr<Conductor> conductor;
  std::unique_ptr<Courier> courier;
  std::unique_ptr<Timekeeper> timekeeper;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<Integrator> integrator;
};

}  // namespace kintsugi::testing
