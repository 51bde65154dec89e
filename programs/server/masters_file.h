#pragma once

#include "engine/base/entropy.h"
#include "engine/domain/directory.h"
#include "engine/masters/masters.h"
#include "engine/ports/records.h"

#include <string>
#include <vector>

namespace kintsugi {

// Masters as one file, a list for each kind, each entry as its `fields()` say:
//
//   {"organisations": […], "sites": […], "people": […], "access_points": […], "devices": […], "contracts": […],
//    "rosters": […], "duties": […], "policies": […], "integrations": […]}
//
// What the operator of an installation brings in. It is judged like any other change of masters (engine/masters), on
// what is there already; every mistake is told, with its place, and then nothing may be stored.
struct MastersRead {
  Masters masters;
  std::vector<Master> integrations;  // the operator's own: no side administers them
  std::vector<Mistake> mistakes;
};
MastersRead read_masters_file(const Json& whole, const Directory& before, Instant now, Entropy& entropy);

// A hospital and a service centre with one administrator each: what an installation begins with.
struct FirstPeople {
  std::vector<Master> masters;
  Person hospital_admin;
  Person centre_admin;
};
FirstPeople first_people(const std::string& hospital, const std::string& hospital_mail, const std::string& centre,
                         const std::string& centre_mail, Instant now, Entropy& entropy);

}  // namespace kintsugi
