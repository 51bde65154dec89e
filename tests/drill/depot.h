#pragma once

#include "adapters/memory/store.h"
#include "engine/ports/store.h"
#include "tests/drill/outside.h"

#include <memory>
#include <string>

namespace kintsugi::drill {

// What keeps a store's rows between two lives of the engine.
class Depot {
 public:
  virtual ~Depot() = default;
  virtual Result<Store*> open(Instant now) = 0;
  // The process that had it open is gone; with its machine, if it was a power cut.
  virtual void died(Dice& dice) = 0;
};

// The memory store outlives the engine: what was committed stays, and nothing else.
class MemoryDepot final : public Depot {
 public:
  Result<Store*> open(Instant) override { return &store_; }
  void died(Dice&) override {}

 private:
  memory::Store store_;
};

}  // namespace kintsugi::drill
