#pragma once

#include "engine/base/digest.h"

#include <string_view>

// What a record says of things it may not contain. A commitment tells nothing about the content to whoever lacks
// the salt, and whoever has both can show that this and nothing else was meant.
namespace kintsugi::audit {

// SHA-256("kintsugi/commit/v1" LF label LF salt data), as in Document::commitment.
inline Digest commitment(std::string_view label, const Digest& salt, BytesView data) {
  return sha256({bytes_of("kintsugi/commit/v1\n"), bytes_of(label), bytes_of("\n"), BytesView(salt), data});
}

// SHA-256("kintsugi/dek-commit/v1" LF case LF key). The key is random and needs no salt.
inline Digest key_commitment(std::string_view case_id, const Digest& key) {
  return sha256({bytes_of("kintsugi/dek-commit/v1\n"), bytes_of(case_id), bytes_of("\n"), BytesView(key)});
}

}  // namespace kintsugi::audit
