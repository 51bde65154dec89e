#pragma once

#include "adapters/memory/store.h"
#include "adapters/sqlite/store.h"
#include "tests/drill/outside.h"

#include <memory>
#include <string>

namespace kintsugi::drill {

// What keeps a store's rows between two lives of the engine.
class Depot {
 public:
  virtual ~Depot() = default;
  virtual Result<Store*> open(Instant now) = 0;
  // The process that has it open is dead from here on, whatever its destructors still do.
  virtual void dies() = 0;
  // Everything is closed. `dead`: it died; true if its machine lost power with it.
  virtual bool closed(bool dead, Dice& dice) = 0;
  // Beside the hooks of the flaky store: faults of the disk below.
  virtual void follow(const Weather& weather, Dice* dice) = 0;
  virtual std::int64_t faults_met() const = 0;
};

// The memory store outlives the engine: what was committed stays, and nothing else.
class MemoryDepot final : public Depot {
 public:
  Result<Store*> open(Instant) override { return &store_; }
  void dies() override {}
  bool closed(bool, Dice&) override { return false; }
  void follow(const Weather&, Dice*) override {}
  std::int64_t faults_met() const override { return 0; }

 private:
  memory::Store store_;
};

// SQLite as it is, on a disk that fails (disk.h).
class SqliteDepot final : public Depot {
 public:
  SqliteDepot();
  ~SqliteDepot() override;
  Result<Store*> open(Instant now) override;
  void dies() override;
  bool closed(bool dead, Dice& dice) override;
  void follow(const Weather& weather, Dice* dice) override;
  std::int64_t faults_met() const override;

 private:
  const std::int64_t before_;
  std::unique_ptr<sqlite::Store> store_;
};

std::unique_ptr<Depot> depot_of(const std::string& store);

}  // namespace kintsugi::drill
