#pragma once

#include "engine/domain/ids.h"
#include "engine/ports/store.h"

#include <filesystem>
#include <vector>

namespace kintsugi::cli {

// The webhooks that are to be told something and have no key here to sign it with: after a restore, those whose key
// files were not brought back. A backup holds none of them, as it holds no other key.
Result<std::vector<WebhookId>> webhooks_without_keys(Store& store, const std::filesystem::path& keys);

}  // namespace kintsugi::cli
