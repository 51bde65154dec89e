#pragma once

#include "engine/domain/directory.h"
#include "engine/ports/records.h"

#include <memory>
#include <span>

namespace kintsugi {

// The Directory that these rows describe. Corrupt, naming the row, when one is of no known kind or does not read.
Result<std::shared_ptr<const Directory>> directory_of(std::span<const Master> masters);

}  // namespace kintsugi
