#pragma once

#include "engine/base/instant.h"
#include "engine/ports/store.h"
#include "programs/server/home.h"

#include <cstdint>

namespace kintsugi {

// Why an installation could not be opened, as far as the machine itself shows it. In none of these anything that
// was answered is lost; what to do is said by whoever reports it.
enum class Trouble {
  other,           // the error says more
  in_use,          // another kintsugi has the directory
  read_only,       // its file system cannot be written
  disk_full,       // less than `room_min` is left
  older_database,  // records are missing that were signed: an older copy stands in its place
};
inline constexpr std::uintmax_t room_min = std::uintmax_t{1} << 20;  // bytes

// After the attempt, with nothing of ours open any more.
Trouble trouble_of(const Home& home);

// The latest time that any of the newest records bears; empty when there is none.
Instant newest_record(Store& store);

}  // namespace kintsugi
