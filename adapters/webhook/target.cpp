#include "adapters/webhook/target.h"

#include "adapters/webhook/limits.h"
#include "engine/base/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace kintsugi::webhook {
namespace {

struct Range {
  std::uint32_t from;
  int bits;
};
// RFC 6890 and what came after it; host byte order.
constexpr std::array not_public = {
    Range{0x00000000, 8},   // this network
    Range{0x0A000000, 8},   // private
    Range{0x64400000, 10},  // shared, carriers
    Range{0x7F000000, 8},   // loopback
    Range{0xA9FE0000, 16},  // link-local, and the metadata of clouds
    Range{0xAC100000, 12},  // private
    Range{0xC0000000, 24},  // protocol assignments
    Range{0xC0000200, 24},  // documentation
    Range{0xC0586300, 24},  // relays
    Range{0xC0A80000, 16},  // private
    Range{0xC6120000, 15},  // benchmarks
    Range{0xC6336400, 24},  // documentation
    Range{0xCB007100, 24},  // documentation
    Range{0xE0000000, 4},   // multicast
    Range{0xF0000000, 4},   // reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
  return std::ranges::none_of(not_public,
                              [&](const Range& one) { return (address ^ one.from) >> (32 - one.bits) == 0; });
}

std::uint32_t v4_in(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

// Only 2000::/3 is given out; within it, what stands for an IPv4 address is that address.
bool is_public_v6(const std::array<std::uint8_t, 16>& a) {
  if ((a[0] & 0xE0) != 0x20) return false;
  if (a[0] == 0x20 && a[1] == 0x02) return is_public_v4(v4_in(&a[2]));             // 6to4
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02) return false;                   // 2001::/23: Teredo, ORCHID
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) return false;  // documentation
  return !(a[0] == 0x3F && a[1] == 0xFF && (a[2] & 0xF0) == 0);                    // documentation
}

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_public_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), v6.sin6_addr.s6_addr, bytes.size());
  return is_public_v6(bytes);  // an IPv4 address in ::ffff:0:0/96 is not public under that name
}

std::optional<Target> target_of(std::string_view url) {
  Target out;
  out.plain = url.starts_with("http://");
  if ((!out.plain && !url.starts_with("https://")) || url.size() > url_bytes_max) return std::nullopt;
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f && c != '#' && c != '\\' && c != '"'; }))
    return std::nullopt;
  std::string_view rest = url.substr(url.find("//") + 2);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  const bool bracketed = authority.starts_with('[');
  const auto host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) return std::nullopt;
  out.host = lower(bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
  const auto in_host = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || (bracketed && c == ':');
  };
  if (out.host.empty() || !std::ranges::all_of(out.host, in_host)) return std::nullopt;
  std::string_view after = host_end == std::string_view::npos ? std::string_view{} : authority.substr(host_end);
  if (bracketed) after.remove_prefix(1);
  if (!after.empty()) {
    if (!after.starts_with(':')) return std::nullopt;
    const std::string_view digits = after.substr(1);
    int port = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (wrong != std::errc{} || end != digits.data() + digits.size() || port < 1 || port > 65535) return std::nullopt;
  }
  if (out.plain && !is_loopback_name(out.host)) return std::nullopt;
  return out;
}

std::vector<std::string> mistakes_in_url(std::string_view url) {
  std::vector<std::string> out;
  if (url.starts_with("http://") && !target_of(url) && target_of("https://" + std::string(url.substr(7))))
    out.emplace_back("plain http:// is only for this machine");
  else if (!target_of(url))
    out.emplace_back("must be https://host[:port][/path], without a user and without a fragment");
  return out;
}

}  // namespace kintsugi::webhook
