#include "adapters/webhook/target.h"
#include "engine/base/network.h"
#include "tests/fuzz/fuzz.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>

// Addresses of webhooks, and of clients behind a proxy. What is taken leads where libcurl goes: another reading of
// the host would be a way around the list of those that are allowed.
namespace kintsugi::fuzz {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
};

// The host that libcurl connects to; nothing when it takes no such address.
std::optional<std::string> host_for_curl(const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> read(::curl_url());
  char* host = nullptr;
  if (::curl_url_set(read.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      ::curl_url_get(read.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return std::nullopt;
  std::string out(host);
  ::curl_free(host);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (out.size() > 2 && out.front() == '[' && out.back() == ']') out = out.substr(1, out.size() - 2);
  return out;
}

// The bytes as an address: the 32 bits of IPv4, and the same in the IPv6 forms that stand for them.
void look_at_address(std::string_view bytes) {
  sockaddr_in v4{};
  if (bytes.size() < sizeof v4.sin_addr) return;
  v4.sin_family = AF_INET;
  std::memcpy(&v4.sin_addr, bytes.data(), sizeof v4.sin_addr);
  sockaddr_storage any{};
  std::memcpy(&any, &v4, sizeof v4);
  const bool is_public = webhook::is_public(reinterpret_cast<const sockaddr&>(any));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr.s6_addr[0] = 0x20;
  v6.sin6_addr.s6_addr[1] = 0x02;
  std::memcpy(&v6.sin6_addr.s6_addr[2], bytes.data(), sizeof v4.sin_addr);
  std::memcpy(&any, &v6, sizeof v6);
  must(webhook::is_public(reinterpret_cast<const sockaddr&>(any)) == is_public, "6to4 is what it stands for");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const std::string text(fuzz::text_of(data, size));
  const auto target = webhook::target_of(text);
  fuzz::must(webhook::mistakes_in_url(text).empty() == target.has_value(), "what is not taken has a mistake");
  if (target) {
    const auto host = fuzz::host_for_curl(text);
    // libcurl reads `0x7f.1` as 127.0.0.1. Where an address is allowed to be is looked at when it is connected to.
    fuzz::must(!host || *host == target->host || is_address(*host), "an address leads where it says");
    fuzz::must(!target->plain || target->host == "localhost" || target->host == "127.0.0.1" || target->host == "::1",
               "nothing leaves this machine in plain");
  }
  fuzz::look_at_address(text);
  const std::string network = network_of(text);
  fuzz::must(network == text || is_address(text), "only an address has a network");
  return 0;
}
