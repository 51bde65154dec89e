#pragma once

#include "engine/base/instant.h"

#include <cstddef>

// Every limit of sign-ins and credentials, with its unit.
namespace kintsugi::accounts {

// ---- how long things are good -----------------------------------------------------------------------------------
inline constexpr Duration sign_in_life = 12h;  // whatever happens
inline constexpr Duration sign_in_idle = 2h;   // without a request
inline constexpr Duration step_up_life = 120s;
inline constexpr Duration invitation_life = 72h;
inline constexpr Duration enrolment_life = 72h;  // of a code secret that waits for its first code
inline constexpr Duration known_client_life = 90 * 24h;
inline constexpr Duration known_network_life = 30 * 24h;       // since the last sign-in from there
inline constexpr Duration machine_token_life = 5 * 365 * 24h;  // also the longest binding of a certificate
inline constexpr Duration overlap_max = 30 * 24h;              // of an old machine credential beside the new one
inline constexpr Duration expiry_warned_before = 30 * 24h;  // pledges, training, roles, deputies, machine credentials

// ---- guessing ---------------------------------------------------------------------------------------------------
inline constexpr int failures_free = 5;  // of one person from one place, before he has to wait there
inline constexpr Duration wait_first = 30s;
inline constexpr Duration wait_max = 1h;
inline constexpr Duration pair_memory = 24h;     // after which failures of a pair are forgotten
inline constexpr int network_failures_max = 50;  // over all people, in `network_window`
inline constexpr Duration network_window = 10min;
inline constexpr int stranger_failures_max = 20;  // on one person without a code generator, in `stranger_window`
inline constexpr Duration stranger_window = 1h;
inline constexpr double stranger_tries_per_s = 10;  // over all strangers: what their password hashes may cost
inline constexpr double stranger_tries_burst = 100;
inline constexpr int stranger_codes_free = 10;  // wrong codes with the right password, before codes of strangers wait
inline constexpr Duration stranger_codes_wait_first = 1h;
inline constexpr Duration stranger_codes_wait_max = 24h;
inline constexpr std::size_t pairs_max = 100'000;  // remembered; beyond it strangers are refused
inline constexpr Duration lock_told_every = 1h;    // to the hospital's log, for one person

// ---- sizes ------------------------------------------------------------------------------------------------------
inline constexpr std::size_t secret_bytes = 32;
inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226: as long as SHA-1's output
inline constexpr std::size_t recovery_codes = 10;     // made at once; new ones end the old ones
inline constexpr std::size_t recovery_code_bytes = 10;
inline constexpr std::size_t password_bytes_min = 12;
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t client_name_bytes_max = 120;
inline constexpr int sign_ins_listed_max = 100;
inline constexpr std::size_t mark_chars = 16;  // by which one credential of a machine is named

// ---- bookkeeping ------------------------------------------------------------------------------------------------
inline constexpr Duration uses_noted_every = 1min;  // so often last uses are written down

}  // namespace kintsugi::accounts
