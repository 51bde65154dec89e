#pragma once

#include "engine/base/entropy.h"
#include "engine/domain/directory.h"

#include <string>
#include <vector>

// The small world of the demo, as a masters file: the same list that `kintsugi import` takes, so it passes the same
// validation and can be copied as a beginning of one's own.
//
//   アルファ (alpha), a vendor, serves CT, MR and angiography of Midori and the trainer of the training hospital
//   ベータ (beta), another vendor, serves Midori's ultrasound and everything at the Harbour Clinic
//   みどり病院 (midori), a hospital with a person for every role
//   ハーバークリニック (harbour), a small clinic in Singapore: English, another time zone, one person who is the
//   whole IT
//     department and so may fill both slots of the hospital
//   研修病院 (training), a test hospital, which can never reach a real access point
namespace kintsugi::demo {

// One person and what is worth trying in his name.
struct Introduction {
  Person person;
  Text may_try;
};

struct World {
  Json file;  // organisations, people, access_points, devices, contracts, duties, policies
  std::vector<Introduction> people;
  DeviceId scanner;         // that the stories are about
  OrganisationId hospital;  // where it stands
  OrganisationId vendor;    // who serves it
};
World make_world(Instant now, Entropy& entropy);

// A ward of bedside monitors beside this device, served by the same vendor: what a storm needs.
struct Ward {
  Json file;
  std::vector<DeviceId> monitors;
};
Ward make_ward(const Directory& directory, const DeviceId& beside, int monitors, Instant now, Entropy& entropy);

}  // namespace kintsugi::demo
