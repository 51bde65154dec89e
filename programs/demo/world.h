#pragma once

#include "engine/base/entropy.h"
#include "engine/domain/directory.h"
#include "engine/ports/records.h"

#include <string>
#include <vector>

// The small world of the demo: two vendors and three hospitals, with everybody who acts in a fault's handling.
namespace kintsugi::demo {

struct World {
  std::vector<Master> masters;
  std::vector<Person> people;
  std::vector<Device> devices;
  std::vector<AccessPointId> doors;  // all of them simulated
};

World make_world(Instant now, Entropy& entropy);

}  // namespace kintsugi::demo
