#include "programs/cli/client/api.h"

#include "engine/base/bytes.h"
#include "engine/base/entropy.h"
#include "programs/cli/client/reading.h"

#include <httplib.h>

#include <arpa/inet.h>
#include <charconv>
#include <optional>
#include <thread>

namespace kintsugi::cli {
namespace {

struct Parts {
  std::string scheme, host;
};
// The scheme and host of `scheme://host[:port]`; empty parts if it is none.
Parts parts_of(const std::string& url) {
  const auto colon = url.find("://");
  if (colon == std::string::npos) return {};
  std::string rest = url.substr(colon + 3);
  if (rest.find_first_of("/?#@ ") != std::string::npos) return {};
  if (rest.starts_with('[')) return {url.substr(0, colon), rest.substr(1, rest.find(']') - 1)};
  return {url.substr(0, colon), rest.substr(0, rest.find(':'))};
}

bool is_this_machine(const std::string& host) {
  in_addr address{};
  const bool is_ipv4 = ::inet_pton(AF_INET, host.c_str(), &address) == 1;  // 127.example.org is somebody's name
  return host == "localhost" || host == "::1" || (is_ipv4 && host.starts_with("127."));
}

Reply reply_of(const httplib::Result& result) {
  Reply out;
  if (!result) {
    using enum httplib::Error;
    const bool certificate = result.error() == SSLServerVerification || result.error() == SSLLoadingCerts;
    out.missing = certificate ? Reply::Missing::certificate : Reply::Missing::answer;
    return out;
  }
  out.status = result->status;
  out.body = result->body;
  out.json = json_from(result->body);
  out.etag = result->get_header_value("ETag");
  const std::string wait = result->get_header_value("Retry-After");
  std::from_chars(wait.data(), wait.data() + wait.size(), out.retry_after_s);
  return out;
}

// Nothing when a text in it is not UTF-8, as from a terminal in another encoding or a file that holds no text.
std::optional<std::string> written(const Json& body) {
  try {
    return body.dump();
  } catch (const Json::type_error&) {
    return std::nullopt;
  }
}

Reply not_utf8() {
  Reply out;
  out.missing = Reply::Missing::utf8;
  return out;
}

}  // namespace

Result<> check(const Address& address, const Tongue& tongue) {
  const Parts parts = parts_of(address.url);
  if (parts.host.empty() || (parts.scheme != "https" && parts.scheme != "http"))
    return fail(Errc::Invalid, tongue("server.url", address.url));
  if (parts.scheme == "http" && !is_this_machine(parts.host))
    return fail(Errc::Refused, tongue("server.plain", address.url));
  return {};
}

std::string Reply::code() const {
  if (!json.is_object()) return {};
  const auto found = json.find("code");
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Api::Api(const Address& address, std::string token, const Tongue& tongue)
    : url_(address.url), ca_file_(address.ca_file), token_(std::move(token)), tongue_(tongue), http_(client()) {}

std::unique_ptr<httplib::Client> Api::client() const {
  auto http = std::make_unique<httplib::Client>(url_);
  http->set_keep_alive(true);
  http->set_tcp_nodelay(true);
  http->set_connection_timeout(connect_limit);
  http->set_read_timeout(answer_limit);
  http->set_write_timeout(answer_limit);
  http->set_follow_location(false);
  http->enable_server_certificate_verification(true);
  if (!ca_file_.empty()) http->set_ca_cert_path(ca_file_);
  httplib::Headers headers{{"Accept-Language", std::string(tag_of(tongue_.language()))}, {"User-Agent", "kintsugi"}};
  if (!token_.empty()) headers.emplace("Authorization", "Bearer " + token_);
  http->set_default_headers(std::move(headers));
  return http;
}

Api::~Api() = default;
Api::Api(Api&&) noexcept = default;

Reply Api::get(const std::string& path) {
  Reply out;
  for (int sent = 1;; ++sent) {
    out = reply_of(http_->Get(path));
    if (out.missing != Reply::Missing::answer || sent == sends_max) return out;
    std::this_thread::sleep_for(between_sends);
  }
}

Reply Api::get_all(const std::string& path, const std::string& member) {
  const std::string first =
      path + (path.find('?') == std::string::npos ? "?" : "&") + "page_size=" + std::to_string(page_size);
  Reply out = get(first);
  const auto next = [](const Json& page) {
    const auto found = page.find("next_page_token");
    return page.is_object() && found != page.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  for (std::string token = next(out.json); out.good() && !token.empty();) {
    Reply page = get(first + "&page_token=" + escaped(token));
    if (!page.good()) return page;
    if (const auto rows = page.json.find(member); rows != page.json.end() && rows->is_array())
      for (Json& one : *rows)
        out.json[member].push_back(std::move(one));
    token = next(page.json);
    if (token.empty()) {
      out.json.erase("next_page_token");
      out.body = out.json.dump();
    }
  }
  return out;
}

Reply Api::send(const std::string& path, const Json& body, const Headers& headers) {
  httplib::Headers all;
  for (const auto& [name, value] : headers)
    all.emplace(name, value);
  const auto bytes = written(body);
  return bytes ? reply_of(http_->Post(path, all, *bytes, "application/json")) : not_utf8();
}

Reply Api::post(const std::string& path, const Json& body) {
  return send(path, body, {});
}

Reply Api::submit(const std::string& path, const Json& body, Headers headers) {
  headers["Idempotency-Key"] = to_hex(BytesView(SystemEntropy().digest()).first(16));
  for (int sent = 1;; ++sent) {
    Reply out = send(path, body, headers);
    if (out.missing != Reply::Missing::answer || sent == sends_max) return out;
    std::fprintf(stderr, "kintsugi: %s\n", tongue_("server.again", sent + 1, sends_max).c_str());
    std::this_thread::sleep_for(between_sends);
  }
}

Reply Api::put(const std::string& path, const Json& body, const Headers& headers) {
  httplib::Headers all;
  for (const auto& [name, value] : headers)
    all.emplace(name, value);
  const auto bytes = written(body);
  return bytes ? reply_of(http_->Put(path, all, *bytes, "application/json")) : not_utf8();
}

Reply Api::remove(const std::string& path) {
  return reply_of(http_->Delete(path));
}

Reply Api::listen(const std::string& path, const std::string& last_id, std::chrono::milliseconds silence,
                  const std::function<bool(const Happening&)>& tell) {
  const auto http = client();
  http->set_read_timeout(silence);
  httplib::Headers headers{{"Accept", "text/event-stream"}};
  if (!last_id.empty()) headers.emplace("Last-Event-ID", last_id);
  EventReader reader;
  int status = 0;
  std::string refused;  // the body of what is no stream
  auto result = http->Get(
      path, headers,
      [&](const httplib::Response& response) {
        status = response.status;
        return true;
      },
      [&](const char* bytes, std::size_t length) {
        if (status == 200) {
          for (const Happening& one : reader.take({bytes, length}))
            if (!tell(one)) return false;
        } else {
          refused.append(bytes, length);
        }
        return true;
      });
  if (status == 0) return reply_of(result);
  Reply out;
  out.status = status;
  out.json = json_from(refused);
  out.body = std::move(refused);
  if (result) {
    const std::string wait = result->get_header_value("Retry-After");
    std::from_chars(wait.data(), wait.data() + wait.size(), out.retry_after_s);
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out;
}

}  // namespace kintsugi::cli
