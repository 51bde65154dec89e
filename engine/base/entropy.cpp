#include "engine/base/entropy.h"

#include "engine/base/digest.h"
#include "engine/base/ensure.h"

#include <algorithm>
#include <mutex>
#include <sys/random.h>

namespace kintsugi {
namespace {

std::array<std::uint8_t, 8> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, 8> out;
  for (std::size_t i = 0; i < 8; ++i)
    out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i) & 0xffu);
  return out;
}

}  // namespace

void SystemEntropy::fill(std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto got = ::getrandom(out.data() + done, out.size() - done, 0);
    ensure(got > 0, "the operating system gives no random bytes");
    done += static_cast<std::size_t>(got);
  }
}

SeededEntropy::SeededEntropy(std::uint64_t seed) : seed_(sha256(BytesView(big_endian(seed)))) {}

void SeededEntropy::fill(std::span<std::uint8_t> out) {
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  std::size_t done = 0;
  while (done < out.size()) {
    const Digest block = sha256({seed_, big_endian(counter_++)});
    const std::size_t take = std::min(block.size(), out.size() - done);
    std::copy_n(block.begin(), take, out.begin() + static_cast<std::ptrdiff_t>(done));
    done += take;
  }
}

std::string new_id_text(std::string_view prefix, Instant at, const Digest& chance, unsigned n) {
  const Digest random = sha256({chance, big_endian(n)});
  const auto millis = static_cast<std::uint64_t>(at.time_since_epoch().count() / 1000);
  std::array<std::uint8_t, 16> uuid;
  for (std::size_t i = 0; i < 6; ++i)
    uuid[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i) & 0xffu);
  std::copy_n(random.begin(), 10, uuid.begin() + 6);
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0fu) | 0x70u);
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3fu) | 0x80u);
  return std::string(prefix) + "_" + to_crockford(uuid);
}

}  // namespace kintsugi
