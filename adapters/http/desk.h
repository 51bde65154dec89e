#pragma once

#include "adapters/http/problem.h"
#include "adapters/http/reading.h"
#include "engine/run/accounts.h"
#include "engine/run/conductor.h"
#include "engine/run/webhooks.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kintsugi::http {

// One thing that must be in order before requests are sent here.
struct ReadyCheck {
  std::string name;
  std::function<bool()> holds;
};

// Everything that answering a request needs, and all that a route may touch.
struct Desk {
  Conductor& conductor;
  Accounts& accounts;
  Store& store;
  Vault& vault;
  Webhooks& webhooks;
  const Workflow& workflow;
  const Clock& clock;
  std::shared_ptr<Readings> readings;
  std::string log_base;  // of the audit logs' origins
  std::vector<ReadyCheck> ready;

  Words words() const {
    return [this](std::string_view name) { return workflow.text(name); };
  }
};

}  // namespace kintsugi::http
