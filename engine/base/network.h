#pragma once

#include <string>
#include <string_view>

namespace kintsugi {

// Under what a client's address is counted: an IPv4 address is itself, also in its mapped form; of an IPv6 address it
// is the /64, because whoever has one of its addresses has all of them. What is no address stays as it is.
std::string network_of(std::string_view address);

// Is it an address at all?
bool is_address(std::string_view text);

}  // namespace kintsugi
