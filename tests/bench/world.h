#pragma once

#include "engine/domain/directory.h"
#include "engine/domain/event.h"
#include "engine/ports/records.h"

#include <string>
#include <vector>

// One hospital, one vendor, the few people of a straight run, and as many devices as cases are to be open at once: a
// device can have one live grant (I3). Ids and tokens are functions of a nickname, so that the server's process and
// the load generator's know them without asking each other.
namespace kintsugi::bench {

inline constexpr int devices_max = 1024;

// Doors: the hospital's access point, and the vendor's way out.
enum class Who { device, gate, way_out, abe, ono, sato, suzuki, tanaka };

PersonId person(Who who);
DeviceId device_at(int number);
AccessPointId access_point();
AccessPointId vendor_exit();
OrganisationId hospital();
OrganisationId vendor();

// The bearer token of a person, of a door, or of one device.
std::string token_of(Who who, int device_number = 0);

// Who acts, as the API would hand him on.
Actor actor_of(Who who, int device_number);

std::vector<Master> world(Instant now);
// Sign-ins of the people, and the tokens of devices and doors.
std::vector<SignIn> sign_ins(Instant now);
std::vector<Credential> credentials(Instant now);

}  // namespace kintsugi::bench
