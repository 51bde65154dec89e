#pragma once

#include "programs/cli/doctor/finding.h"
#include "programs/cli/visit.h"

#include <string>

namespace kintsugi::cli {

// What is enough, and from where on it is not.
inline constexpr std::uintmax_t disk_bytes_needed = std::uintmax_t{100} << 20;
inline constexpr std::uintmax_t disk_bytes_wanted = std::uintmax_t{1} << 30;
inline constexpr std::chrono::days certificate_days_wanted{30};
inline constexpr std::chrono::minutes effect_overdue_max{15};
inline constexpr std::chrono::minutes unsigned_age_max{1};  // the signer works every second
inline constexpr std::chrono::minutes clock_ahead_max{1};   // of the newest record before this machine's clock
inline constexpr std::int64_t tail_records = 1000;          // of each log, checked each time

// Looks over a data directory, with or without a server at work on it. Changes nothing.
Findings examine_directory(const std::string& data, const Tongue& say);
// Looks over a server from outside; with the profile's sign-in if there is one.
Findings examine_server(const VisitOptions& options, const Tongue& say);

// How long a certificate is still good.
void judge_certificate(Findings& out, Instant end, Instant now, const Tongue& say);

}  // namespace kintsugi::cli
