#pragma once

#include "engine/base/fields.h"
#include "engine/base/result.h"

#include <map>
#include <memory>
#include <string>

namespace httplib {
class Client;
}

namespace kintsugi::demo {

// Somebody at the API: one connection, one person or device at a time.
class Client {
 public:
  // `certificate`: PEM of the server whose name is checked against; empty for plain HTTP.
  Client(const std::string& url, const std::string& certificate);
  ~Client();

  struct Reply {
    int status = 0;  // 0: nobody answered
    Json body;
    std::string etag;
    std::string location;
    bool ok() const { return status >= 200 && status < 300; }
    std::string problem() const { return body.is_object() ? body.value("code", std::string()) : std::string(); }
  };
  using Headers = std::map<std::string, std::string>;
  Reply get(const std::string& path, const std::string& token, const std::string& language = "en");
  // Sends an Idempotency-Key of its own.
  Reply post(const std::string& path, const std::string& token, const Json& body, Headers headers = {});

 private:
  std::unique_ptr<httplib::Client> http_;
};

}  // namespace kintsugi::demo
