#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace kintsugi::webhook {

// Where a webhook points.
struct Target {
  std::string host;  // lower case, without brackets
  bool plain = false;
};

// `https://host[:port][/path][?query]`; `http://` only to this machine. No user, no fragment, visible ASCII. Nothing
// for any other text.
std::optional<Target> target_of(std::string_view url);

// Every mistake of an address, for whoever typed it; empty when there is none.
std::vector<std::string> mistakes_in_url(std::string_view url);

// Is this an address of the whole internet? False for loopback, private, link-local, shared, documentation,
// multicast and reserved ranges of IPv4 and IPv6 (RFC 6890), also where one stands within the other: nobody outside
// shall make this server talk to its neighbours.
bool is_public(const sockaddr& address);

}  // namespace kintsugi::webhook
