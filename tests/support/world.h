#pragma once

#include "engine/domain/directory.h"
#include "engine/ports/records.h"
#include "tests/support/nicknames.h"

#include <string>
#include <vector>

// The people and things that tests play with. Everybody has a nickname, and his id is a function of it.
//
//   みどり病院 (midori): sato (system administrator), suzuki (network administrator), tanaka (clinician),
//     ito (primary serviceman of the hospital), vendor_psm (the same, but employed by the vendor, and with an
//     administrator's role that somebody should not have given him), mori (privacy), kato (security),
//     yamada (duty officer); devices ct-1 and mr-2 behind one access point
//   アルファ (alpha), the vendor: abe and kimura (servicemen; kimura is also a network administrator),
//     ono (network administrator), hara (manager), ueda (second level)
//   あおば病院 (aoba), another hospital: endo (system administrator); device us-9, served by alpha
//   ベータ (beta), another vendor without a contract for these devices: watanabe (serviceman)
namespace kintsugi::testing {

AccessPointId access_point_of(const std::string& nick);

// All of it as masters, for Conductor::put_masters().
std::vector<Master> world();

}  // namespace kintsugi::testing
