#include "adapters/webhook/signature.h"

#include "engine/base/ensure.h"

#include <sodium.h>

#include <array>

namespace kintsugi::webhook {
namespace {

struct Pair {
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  Digest open{};
  explicit Pair(const Digest& seed) { crypto_sign_seed_keypair(open.data(), secret.data(), seed.data()); }
  ~Pair() { sodium_memzero(secret.data(), secret.size()); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

}  // namespace

Digest public_half(const Digest& seed) {
  ensure(sodium_init() >= 0, "libsodium starts");
  return Pair(seed).open;
}

std::string signature_header(std::span<const Key> keys, std::string_view id, std::int64_t timestamp_s,
                             std::string_view body) {
  const std::string message = std::string(id) + "." + std::to_string(timestamp_s) + "." + std::string(body);
  std::string out;
  const auto add = [&](std::string_view version, BytesView signature) {
    if (!out.empty()) out += ' ';
    out += version;
    out += ',';
    out += to_base64(signature);
  };
  for (const Key& key : keys) {
    std::array<std::uint8_t, crypto_sign_BYTES> signed_by{};
    const Pair pair(key.seed);
    crypto_sign_detached(signed_by.data(), nullptr, bytes_of(message).data(), message.size(), pair.secret.data());
    add("v1a", signed_by);
    static_assert(crypto_auth_hmacsha256_KEYBYTES == sizeof(Digest));
    std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> authenticated{};
    crypto_auth_hmacsha256(authenticated.data(), bytes_of(message).data(), message.size(), key.secret.data());
    add("v1", authenticated);
  }
  return out;
}

}  // namespace kintsugi::webhook
