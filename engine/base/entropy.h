#pragma once

#include "engine/base/bytes.h"
#include "engine/base/instant.h"

#include <span>
#include <string>
#include <string_view>

namespace kintsugi {

// Where chance comes from. Like the clock it is handed in, so that the drill can repeat a life byte for byte.
// fill() may be called from any thread.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Digest digest() {
    Digest out;
    fill(out);
    return out;
  }
};

// The operating system's generator.
class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// A stream that is a function of the seed: SHA-256(seed || counter). Never for a running hospital.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  Digest seed_;
  std::uint64_t counter_ = 0;
};

// The text of a new id: `prefix_` and a UUIDv7 (RFC 9562 5.7) as 26 Crockford characters, so that ids sort by
// the time they were made. `chance` supplies the random bits; `n` tells apart the ids made from one chance.
std::string new_id_text(std::string_view prefix, Instant at, const Digest& chance, unsigned n);

}  // namespace kintsugi
