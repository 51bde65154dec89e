#pragma once

#include "engine/base/instant.h"

#include <cstddef>

// Every limit of what goes out to webhooks, with its unit.
namespace kintsugi::webhook {

inline constexpr std::chrono::seconds connect_limit{5};
inline constexpr std::chrono::seconds answer_limit{10};             // from the first byte out to the last one back
inline constexpr std::size_t answer_bytes_max = std::size_t{8192};  // the rest of an answer is not read
inline constexpr std::size_t url_bytes_max = 2048;
inline constexpr Duration retry_after_max = std::chrono::hours(24);

inline constexpr std::size_t secret_bytes = 32;  // of the shared secret; the specification wants 24 to 64
inline constexpr std::size_t keys_max = 4;       // of one end point, those that overlap counted
inline constexpr std::size_t key_file_bytes_max = 4096;
inline constexpr Duration overlap_default = std::chrono::hours(24);
inline constexpr Duration overlap_max = std::chrono::hours(24 * 30);

}  // namespace kintsugi::webhook
