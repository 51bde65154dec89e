#pragma once

#include "adapters/vault/secret.h"
#include "engine/base/result.h"

#include <string>

// The key that wraps all others, as a file: 32 random bytes that only their owner can read.
namespace kintsugi::vault {

// Durable but for its name, which sync_directory_of() makes last. Transient when there is such a file.
Result<> write_kek(const std::string& path, const Secret& kek);
// Refused when it is missing or others can read it, Corrupt when it does not hold 32 bytes.
Result<Secret> read_kek(const std::string& path);
// Writes zeros over it where it lies, durably.
Result<> overwrite_kek(const std::string& path);
// A file's name lasts only when its directory is synced too.
Result<> sync_directory_of(const std::string& path);

}  // namespace kintsugi::vault
