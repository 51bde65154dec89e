#pragma once

#include "adapters/http/feed.h"
#include "adapters/http/keyed.h"
#include "adapters/http/problem.h"
#include "adapters/http/reading.h"
#include "adapters/http/request_meter.h"
#include "engine/accounts/accounts.h"
#include "engine/run/conductor.h"
#include "engine/run/health.h"
#include "engine/run/integrations.h"
#include "engine/run/registry.h"
#include "engine/run/webhooks.h"
#include "engine/run/writer_meter.h"

#include <functional>
#include <memory>
#include <optional>
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
  Integrations& integrations;
  const Workflow& workflow;
  const Clock& clock;
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<Readings> readings;
  std::shared_ptr<Feed> feed;
  std::string log_base;  // of the audit logs' origins
  std::string node;      // name of this engine, for what it does by itself
  std::vector<ReadyCheck> ready;
  const Health* health = nullptr;                 // null: nobody looks
  const WriterMeter* writer_meter = nullptr;      // null: nobody counts
  std::function<void(Exposition&)> measure = {};  // what else the program measures
  std::optional<Digest> metrics_token = {};       // of /metrics; none: only from this machine
  std::shared_ptr<RequestMeter> requests = std::make_shared<RequestMeter>();
  std::shared_ptr<Running> running = std::make_shared<Running>();

  Words words() const {
    return [this](std::string_view name) { return workflow.text(name); };
  }
};

}  // namespace kintsugi::http
