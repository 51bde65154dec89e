#include "tests/drill/depot.h"

#include "tests/drill/disk.h"

namespace kintsugi::drill {

SqliteDepot::SqliteDepot() : before_(Disk::the().faults_met) {}

SqliteDepot::~SqliteDepot() {
  Disk::the().dice = nullptr;
  store_.reset();
  Disk::the().remove_all();
}

Result<Store*> SqliteDepot::open(Instant now) {
  Disk::the().dice = nullptr;
  auto store = sqlite::Store::open("kintsugi.db", now);
  if (!store) return pass(store);
  store_ = std::move(*store);
  return store_.get();
}

void SqliteDepot::dies() {
  Disk::the().freeze();
}

bool SqliteDepot::closed(bool dead, Dice& dice) {
  Disk::the().dice = nullptr;
  store_.reset();
  const bool power_cut = dead && dice.one_in(2);
  Disk::the().thaw(power_cut, dice);
  return power_cut;
}

void SqliteDepot::follow(const Weather& weather, Dice* dice) {
  Disk& disk = Disk::the();
  disk.dice = dice;
  disk.faults = {
      .error = weather.commit_fails / 4, .full = weather.commit_fails / 6, .torn = weather.commit_fails / 6};
}

std::int64_t SqliteDepot::faults_met() const {
  return Disk::the().faults_met - before_;
}

std::unique_ptr<Depot> depot_of(const std::string& store) {
  if (store == "sqlite") return std::make_unique<SqliteDepot>();
  return std::make_unique<MemoryDepot>();
}

}  // namespace kintsugi::drill
