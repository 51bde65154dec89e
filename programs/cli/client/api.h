#pragma once

#include "engine/base/fields.h"
#include "engine/base/result.h"
#include "programs/cli/client/events.h"
#include "programs/cli/client/words.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace httplib {
class Client;
}

namespace kintsugi::cli {

inline constexpr std::chrono::seconds connect_limit{5};
inline constexpr std::chrono::seconds answer_limit{
    45};                               // for each wait for bytes, either way; a server takes up to 40 s
inline constexpr int page_size = 200;  // the most that the API gives at once
inline constexpr int sends_max = 3;    // of one request whose repeat changes nothing
inline constexpr std::chrono::milliseconds between_sends{500};

// Where the server is and how it proves that it is the server.
struct Address {
  std::string url;      // https://host:port; plain http only to this machine
  std::string ca_file;  // PEM: the only authority that counts; empty: those of this machine
};
// Invalid for what is no address, Refused for plain HTTP to another machine; in words for the person.
Result<> check(const Address& address, const Tongue& tongue);

// What came back. Status 0: nothing did.
struct Reply {
  // What there was not; of what is not UTF-8, which JSON must be, nothing is sent.
  enum class Missing { nothing, answer, certificate, utf8 };

  int status = 0;
  std::string body;  // as it came
  Json json;         // discarded when the body is none
  std::string etag;
  int retry_after_s = 0;
  Missing missing = Missing::nothing;

  bool good() const { return status >= 200 && status < 300; }
  std::string code() const;  // of a problem; empty if it is none
};

// The API from outside, for one person or machine. One thread.
class Api {
 public:
  using Headers = std::map<std::string, std::string>;
  Api(const Address& address, std::string token, const Tongue& tongue);
  ~Api();
  Api(Api&&) noexcept;

  Reply get(const std::string& path);
  // A list whose rows are `member`, all of its pages put together into one; the first reply that is not good instead.
  Reply get_all(const std::string& path, const std::string& member);
  // Once, whatever happens: for what may not be said twice, such as a code.
  Reply post(const std::string& path, const Json& body);
  // With an Idempotency-Key: sent again with the same key when no answer came, so it happens once at most.
  Reply submit(const std::string& path, const Json& body, Headers headers = {});
  // In place of what is there; the headers fence it (If-Match), so it is sent once.
  Reply put(const std::string& path, const Json& body, const Headers& headers = {});
  Reply remove(const std::string& path);
  // Listens to server-sent events behind `last_id` (empty: from now on) until `tell` says false, the server ends it,
  // or nothing came for `silence`. It has a connection of its own, so `tell` may ask other things. A stream that
  // ended is a good reply without an answer.
  Reply listen(const std::string& path, const std::string& last_id, std::chrono::milliseconds silence,
               const std::function<bool(const Happening&)>& tell);

  const std::string& url() const { return url_; }

 private:
  std::unique_ptr<httplib::Client> client() const;
  Reply send(const std::string& path, const Json& body, const Headers& headers);

  std::string url_;
  std::string ca_file_;
  std::string token_;
  Tongue tongue_;
  std::unique_ptr<httplib::Client> http_;
};

// What a path or a query may hold as it is; everything else as %XX (RFC 3986 2.1).
std::string escaped(std::string_view text);

}  // namespace kintsugi::cli
