#pragma once

#include "engine/base/digest.h"
#include "engine/base/entropy.h"
#include "engine/domain/ids.h"

#include <string_view>

// People, devices and organisations of the test worlds are called by nicknames; the same nickname has the same id in
// every world and every run.
namespace kintsugi::testing {

template <class AnyId>
AnyId id_of(std::string_view prefix, std::string_view nickname) {
  return AnyId{new_id_text(prefix, *instant_from("2020-01-01T00:00:00Z"), sha256(nickname), 0)};
}
inline PersonId person(std::string_view nickname) {
  return id_of<PersonId>("person", nickname);
}
inline DeviceId device(std::string_view nickname) {
  return id_of<DeviceId>("device", nickname);
}
inline OrganisationId organisation(std::string_view nickname) {
  return id_of<OrganisationId>("org", nickname);
}

}  // namespace kintsugi::testing
