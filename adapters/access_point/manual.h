#pragma once

#include "engine/domain/directory.h"
#include "engine/ports/controller.h"

namespace kintsugi::access_point {

// The access point of a hospital without a controller: a person turns the key. An order is handed to nobody here;
// the engine shows it to the network administrator, and his attestation (a log line or a photograph, never the
// engine's guess) comes back as an event of the case.
class ManualController final : public Controller {
 public:
  // Nothing was answered, and nothing is wrong: an empty list.
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& idempotency_key) override;
};

// What the person is asked to do: which door, which device, which people, between which times (in the hospital's
// civil time and in UTC), and what he has to look at before he attests it. A pure function; names and addresses
// that the directory does not know are shown by their ids.
Text instruction(const Order& order, const Directory& directory);

}  // namespace kintsugi::access_point
