#pragma once

#include "adapters/webhook/keys.h"

#include <span>
#include <string>
#include <string_view>

namespace kintsugi::webhook {

// The public key of a seed (RFC 8032 5.1.5).
Digest public_half(const Digest& seed);

// The value of `webhook-signature` (Standard Webhooks 1.0): over `id.timestamp.body`, for each key first `v1a`
// (Ed25519) and then `v1` (HMAC-SHA256), separated by spaces. A receiver takes the one it can verify.
std::string signature_header(std::span<const Key> keys, std::string_view id, std::int64_t timestamp_s,
                             std::string_view body);

}  // namespace kintsugi::webhook
