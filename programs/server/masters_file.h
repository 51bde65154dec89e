#pragma once

#include "engine/base/entropy.h"
#include "engine/domain/directory.h"
#include "engine/ports/records.h"

#include <filesystem>
#include <string>
#include <vector>

namespace kintsugi {

// Masters as one JSON file, a list for each kind, each entry as its `fields()` say:
//
//   {"organisations": […], "people": […], "access_points": […], "devices": […], "contracts": […],
//    "duties": […], "policies": […]}
//
// Every mistake is in `mistakes`, with the place.
struct MastersRead {
  std::vector<Master> masters;
  std::vector<std::string> mistakes;
};
MastersRead read_masters(const std::filesystem::path& file, Instant now, Entropy& entropy);

// A hospital and a service centre with one administrator each: what an installation begins with.
struct FirstPeople {
  std::vector<Master> masters;
  Person hospital_admin;
  Person centre_admin;
};
FirstPeople first_people(const std::string& hospital, const std::string& hospital_mail, const std::string& centre,
                         const std::string& centre_mail, Instant now, Entropy& entropy);

}  // namespace kintsugi
