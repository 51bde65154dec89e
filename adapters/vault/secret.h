#pragma once

#include "engine/base/bytes.h"

#include <sodium.h>

namespace kintsugi::vault {

// 32 bytes that are wiped when they go.
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(); }
  void wipe() { sodium_memzero(bytes_.data(), bytes_.size()); }
  std::uint8_t* data() { return bytes_.data(); }
  const std::uint8_t* data() const { return bytes_.data(); }
  std::span<std::uint8_t> span() { return bytes_; }
  BytesView view() const { return bytes_; }

 private:
  Digest bytes_{};
};

}  // namespace kintsugi::vault
