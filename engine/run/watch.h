#pragma once

#include "engine/ports/controller.h"
#include "engine/run/conductor.h"

#include <functional>
#include <memory>
#include <string>

namespace kintsugi {

// Listens for the heartbeat of every connection that is open: asks the hospital's access point once per T_HB
// whether the grant is still open there, and submits `connection_lost` (F40) when T_HB has passed without a good
// answer. Only the loss becomes a lap; a good heartbeat leaves no trace.
//
// After a start nothing is believed: the first question decides, so a case whose access point closed while the
// engine was dead is not shown as connected (scenario 6). Access points worked by hand have no heartbeat.
//
// On the same round it looks whether a day has come on which somebody lost what he acts by (reviews.h).
//
// step() asks whatever is due in the caller's thread and returns how many losses it submitted.
class Watch {
 public:
  struct Parts {
    Conductor& conductor;
    Store& store;
    const Workflow& workflow;
    const Clock& clock;
    std::string node;
    std::function<Controller*(const AccessPointId&)> controller;
    int cases_max = 1000;  // open connections looked after; more than any two networks of hospitals have
  };

  explicit Watch(Parts parts);
  ~Watch();
  int step();
  // When the next question is due; empty when nothing is open.
  Instant next() const;
  void start();
  void stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi
