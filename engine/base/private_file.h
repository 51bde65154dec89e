#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string_view>

namespace kintsugi {

// Writes a file that only its owner can read: beside it first and then in its place, so that it is never half there.
// On disk when it returns. Transient when it cannot be written; what stood there before is then still there.
Result<> write_private_file(const std::filesystem::path& path, std::string_view text);

}  // namespace kintsugi
