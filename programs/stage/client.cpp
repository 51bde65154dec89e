#include "programs/stage/client.h"

#include "engine/base/bytes.h"
#include "engine/base/entropy.h"

#include <httplib.h>

namespace kintsugi::demo {
namespace {

Client::Reply reply_of(const httplib::Result& result) {
  Client::Reply out;
  if (!result) return out;
  out.status = result->status;
  out.etag = result->get_header_value("ETag");
  out.location = result->get_header_value("Location");
  out.body = Json::parse(result->body, nullptr, false);
  return out;
}

}  // namespace

Client::Client(const std::string& url, const std::string& certificate)
    : http_(std::make_unique<httplib::Client>(url)) {
  http_->set_keep_alive(true);
  http_->set_tcp_nodelay(true);
  http_->set_read_timeout(60);  // a slow machine that hashes passwords takes its time
  if (certificate.empty()) return;
  http_->set_ca_cert_path(certificate.c_str());
  http_->enable_server_certificate_verification(true);
}

Client::~Client() = default;

Client::Reply Client::get(const std::string& path, const std::string& token, const std::string& language) {
  httplib::Headers headers{{"Accept-Language", language}};
  if (!token.empty()) headers.emplace("Authorization", "Bearer " + token);
  return reply_of(http_->Get(path, headers));
}

Client::Reply Client::post(const std::string& path, const std::string& token, const Json& body, Headers extra) {
  httplib::Headers headers{{"Accept-Language", "en"}};
  if (!token.empty()) headers.emplace("Authorization", "Bearer " + token);
  if (!extra.contains("Idempotency-Key"))
    extra["Idempotency-Key"] = to_hex(BytesView(SystemEntropy().digest()).first(16));
  for (const auto& [name, value] : extra)
    headers.emplace(name, value);
  return reply_of(http_->Post(path, headers, body.dump(), "application/json"));
}

}  // namespace kintsugi::demo
