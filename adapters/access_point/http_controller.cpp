#include "adapters/access_point/http_controller.h"

#include "adapters/access_point/wire.h"

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <charconv>

namespace kintsugi::access_point {

namespace {

struct Address {
  std::string authority;  // scheme://host[:port]
  std::string host;
  std::string base;  // path without a trailing slash
  bool plain = false;
};

std::optional<Address> address_of(std::string_view url) {
  Address out;
  out.plain = url.starts_with("http://");
  if (!out.plain && !url.starts_with("https://")) return std::nullopt;
  const std::size_t from = url.find("//") + 2;
  const std::size_t slash = std::min(url.find('/', from), url.size());
  out.authority = std::string(url.substr(0, slash));
  out.base = std::string(url.substr(slash));
  while (out.base.ends_with('/'))
    out.base.pop_back();

  const std::string_view host_port = url.substr(from, slash - from);
  const std::size_t colon = host_port.find(':');
  out.host = std::string(host_port.substr(0, colon));
  const auto in_host = [](char c) {
    return c == '-' || c == '.' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  const auto in_base = [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#'; };
  if (out.host.empty() || !std::ranges::all_of(out.host, in_host) || !std::ranges::all_of(out.base, in_base))
    return std::nullopt;
  if (colon != std::string_view::npos) {
    const std::string_view digits = host_port.substr(colon + 1);
    int port = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (wrong != std::errc{} || end != digits.data() + digits.size() || port < 1 || port > 65535) return std::nullopt;
  }
  return out;
}

// Did the other side say that our certificate is why it hung up? An alert is an error with its number (RFC 8446 6) on
// top of SSL_AD_REASON_OFFSET, in this thread's queue.
std::optional<std::string> refusal_of_our_certificate() {
  while (const auto error = ERR_get_error()) {
    switch (ERR_GET_REASON(error) - SSL_AD_REASON_OFFSET) {
      case SSL_AD_HANDSHAKE_FAILURE:  // TLS 1.2 says no more to a caller without a certificate
      case SSL_AD_BAD_CERTIFICATE:
      case SSL_AD_UNSUPPORTED_CERTIFICATE:
      case SSL_AD_CERTIFICATE_REVOKED:
      case SSL_AD_CERTIFICATE_EXPIRED:
      case SSL_AD_CERTIFICATE_UNKNOWN:
      case SSL_AD_UNKNOWN_CA:
      case SSL_AD_CERTIFICATE_REQUIRED: {
        const char* reason = ERR_reason_error_string(error);
        return "it refuses our certificate (" + std::string(reason == nullptr ? "no reason" : reason) + ")";
      }
      default: break;
    }
  }
  return std::nullopt;
}

// Why nothing was heard, in words for the operator.
std::string words_for(httplib::Error error, const httplib::Client& client, bool tls) {
  using enum httplib::Error;
  switch (error) {
    case Connection: return "it cannot be reached";
    case SSLLoadingCerts: return "'ca_file' cannot be read";
    case SSLServerVerification: {
      const long found = client.get_openssl_verify_result();
      if (found == X509_V_OK) return "its certificate is for another name";
      return "its certificate does not hold (" + std::string(X509_verify_cert_error_string(found)) + ")";
    }
    default: break;
  }
  if (auto refusal = refusal_of_our_certificate()) return *refusal;
  if (error == SSLConnection) return "no TLS with it";
  // In TLS 1.3 we may be writing already when our certificate is found wanting, and then do not hear why.
  if (error == Write && tls) return "the line broke off at once, as it does when our certificate is refused";
  return "the line broke off or stayed silent (" + httplib::to_string(error) + ")";
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1";
}

}  // namespace

std::vector<std::string> HttpController::mistakes_in(const Config& config) {
  std::vector<std::string> mistakes;
  const auto demand = [&](bool holds, const char* what) {
    if (!holds) mistakes.emplace_back(what);
  };
  const auto address = address_of(config.url);
  demand(address.has_value(), "the controller's 'url' must be https://host[:port][/base]");
  demand(!address || !address->plain || is_loopback(address->host), "plain http:// is only for this machine");
  demand(config.token.empty() || is_key(config.token), "'token' must be visible ASCII");
  demand(config.certificate_file.empty() == config.key_file.empty(), "certificate and key belong together");
  demand(config.limit >= 1ms && config.limit <= 60s, "'limit' must be 1 ms to 60 s");
  return mistakes;
}

Result<std::vector<HopAnswer>> HttpController::carry_out(const Order& order, const std::string& idempotency_key) {
  if (const auto mistakes = mistakes_in(config_); !mistakes.empty()) return fail(Errc::Invalid, mistakes.front());
  if (!is_key(idempotency_key)) return fail(Errc::Invalid, "the idempotency key must be visible ASCII");
  const auto call = call_for(order);
  if (!call) return pass(call);
  const Address address = *address_of(config_.url);

  // A client of its own for every order: closings must not wait for an opening that hangs.
  httplib::Client client(address.authority, config_.certificate_file, config_.key_file);
  if (!client.is_valid()) return fail(Errc::Transient, "our certificate or key for the controller cannot be read");
  if (!address.plain) {
    if (!config_.ca_file.empty()) client.set_ca_cert_path(config_.ca_file);
    client.enable_server_certificate_verification(true);
  }
  client.set_connection_timeout(config_.limit);
  client.set_read_timeout(config_.limit);
  client.set_write_timeout(config_.limit);

  httplib::Request request;
  request.method = call->method;
  request.path = address.base + call->path;
  request.body = call->body;
  request.headers = {{"Accept", "application/json"}, {std::string(key_header), idempotency_key}};
  if (!call->body.empty()) request.headers.emplace("Content-Type", "application/json");
  if (!config_.token.empty()) request.headers.emplace("Authorization", "Bearer " + config_.token);
  std::string body;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    body.append(data, std::min(size, body_max + 1 - std::min(body.size(), body_max + 1)));
    return body.size() <= body_max;
  };

  ERR_clear_error();
  const httplib::Result heard = client.send(request);
  if (!heard)
    return fail(Errc::Transient, std::string(name_of(order.hop)) + ": " +
                                     words_for(heard.error(), client, !address.plain) + "; its state is unknown");
  auto answer = answer_from(order, heard->status, body);
  if (!answer) return pass(answer);
  return std::vector{*std::move(answer)};
}

}  // namespace kintsugi::access_point
