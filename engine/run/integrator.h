#pragma once

#include "engine/ports/signer.h"
#include "engine/run/conductor.h"

#include <memory>

namespace kintsugi {

// Turns committed audit rows into trees: tiles and roots are derived after the commit, never in its way, and every
// log that grew gets a checkpoint once a second (`every`).
//
// open() rebuilds the frontiers from full tiles and the rows after them; a root that differs from the last stored
// checkpoint is Corrupt, and the engine must not start. step() integrates what was committed and signs; it returns
// the number of rows it took in. stop() leaves nothing unsigned that was committed before.
class Integrator {
 public:
  Integrator(Conductor& conductor, Store& store, Signer& signer, const Clock& clock, Duration every = 1s);
  ~Integrator();
  Result<> open();
  int step();
  void start();
  void stop();
  // False once the log cannot be written or signed (I8: then nothing is opened any more).
  bool working() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi
