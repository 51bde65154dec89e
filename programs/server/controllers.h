#pragma once

#include "adapters/access_point/http_controller.h"
#include "adapters/access_point/manual.h"
#include "engine/run/conductor.h"

#include <map>
#include <memory>

namespace kintsugi {

// Which controller speaks to which access point: by its kind in the directory, and by the configuration for where
// and with which credentials. Any thread.
class Controllers {
 public:
  using Configured = std::map<AccessPointId, access_point::HttpController::Config>;
  Controllers(Conductor& conductor, const Configured& configured);

  // Null: nobody answers there, and the order waits. A test hospital never reaches a real access point (W43).
  Controller* of(const AccessPointId& id);

 private:
  Conductor& conductor_;
  access_point::ManualController by_hand_;
  std::map<AccessPointId, std::unique_ptr<Controller>> by_wire_;
};

}  // namespace kintsugi
