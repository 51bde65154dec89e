#pragma once

#include "engine/base/instant.h"

#include <string>
#include <string_view>

namespace kintsugi {

// Is this an IANA zone of this machine (`Asia/Tokyo`)?
bool is_zone(const std::string& name);

// A local time as Japanese devices write it into mails and screens, as an instant. `zone` is an IANA name.
//
// Read are year, month, day and time of day in this order, parted by anything that is no digit: `2026/03/04
// 18:35:05`, `2026-03-04T18:35`, `2026年3月4日 18時35分05秒`, `20260304183505`; and era years, `令和8年3月4日
// 18時35分`, `R8.3.4 18:35`, `令和元年` (Heisei: 平成, H). Full-width digits must have been folded (width.h). A text
// with an offset (`…+09:00`, `…Z`) is RFC 3339 and carries its own. Without a time of day it is Invalid, as is a date
// that does not exist. In the hour that comes twice it is the first one.
Result<Instant> instant_from_local(std::string_view text, const std::string& zone);

// A date of somebody's calendar, without a time and without a zone.
using CivilDay = std::chrono::local_days;

// `2027-01-04`. Invalid for anything else and for dates that do not exist.
Result<CivilDay> civil_day_from(std::string_view text);
std::string to_text(CivilDay day);
// The date there at that instant. An unknown zone is read as UTC here and below.
CivilDay civil_day_of(Instant at, const std::string& zone);
// The instant of a civil time, `minutes` after local midnight (may be 24 h or more). In the hour that summer time
// skips it is the instant of the change; in the hour that comes twice, the first one.
Instant instant_of(CivilDay day, int minutes, const std::string& zone);

}  // namespace kintsugi
