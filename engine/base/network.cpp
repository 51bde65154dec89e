#include "engine/base/network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <span>

namespace kintsugi {
namespace {

using Address6 = std::array<std::uint8_t, 16>;

constexpr std::size_t network_bytes = 8;  // of an IPv6 address
constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool read_as(int family, std::string_view text, void* out) {
  return ::inet_pton(family, std::string(text).c_str(), out) == 1;
}

std::string_view without_zone(std::string_view text) {
  return text.substr(0, text.find('%'));
}

}  // namespace

std::string network_of(std::string_view address) {
  Address6 bytes{};
  if (!read_as(AF_INET6, without_zone(address), bytes.data())) return std::string(address);
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (std::ranges::equal(std::span(bytes).first(mapped.size()), mapped)) {
    ::inet_ntop(AF_INET, bytes.data() + mapped.size(), out.data(), out.size());
    return out.data();
  }
  std::ranges::fill(std::span(bytes).subspan(network_bytes), std::uint8_t{0});
  ::inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  return std::string(out.data()) + "/64";
}

bool is_address(std::string_view text) {
  Address6 bytes{};
  return read_as(AF_INET, text, bytes.data()) || read_as(AF_INET6, without_zone(text), bytes.data());
}

}  // namespace kintsugi
