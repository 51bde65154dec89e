#pragma once

#include "adapters/http/described/schema_of.h"
#include "adapters/http/desk.h"
#include "engine/domain/may.h"

#include <httplib.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::http {

// An answer as it is kept for a repeat of its request.
struct Given {
  int status = 0;
  std::string type, language, location, etag;
  std::string body;
  bool unshown = false;  // the body held a secret and is not here
  static constexpr auto fields() {
    return std::tuple{field("status", &Given::status),     field("type", &Given::type),
                      field("language", &Given::language), field("location", &Given::location),
                      field("etag", &Given::etag),         field("body", &Given::body),
                      field("unshown", &Given::unshown)};
  }
};

// One request and its answer, in our words instead of the library's. An exchange belongs to its thread.
class Exchange {
 public:
  Exchange(const httplib::Request& request, httplib::Response& response, const Desk& desk, bool behind_proxy);

  const Desk& desk;
  const Language language;
  const std::string address;               // of the client, as far as we believe it
  std::vector<std::string_view> captured;  // the path's variable parts, in order
  Actor actor;                             // who asks; filled for routes that need somebody

  std::string_view method() const { return request_.method; }
  const std::string& path() const { return request_.path; }
  std::string header(const char* name) const { return request_.get_header_value(name); }
  bool has_header(const char* name) const { return request_.has_header(name); }
  // The first value of that name in the query; empty if there is none.
  std::string parameter(std::string_view name) const;
  // Every name in the query.
  std::vector<std::string> parameters() const;
  // Are path and query UTF-8, once their %XX are read?
  bool is_text() const;
  // Path and query as a link, less the place in a list and its size: what was asked for, whichever page it is.
  std::string asked() const;
  std::optional<std::string> bearer() const;
  // What the client has shown in the TLS handshake, if anything.
  std::optional<ClientCertificate> certificate() const;

  // May whoever asks do this? When not, the problem is answered: to somebody of the same house with the roles that
  // may, to everybody else as if there were nothing.
  bool permits(Act act, const Matter& matter);
  // The person whom the path's first part names, if whoever asks may do this to him; null as above. He lives as long
  // as the exchange.
  const Person* person_in_path(Act act);

  // The body as strict JSON; when it is none, the problem is answered and there is nothing.
  std::optional<Json> body();
  // The same, read into a value with fields(); a member that is unknown, missing where it is
  // needed, or of another type is a problem.
  template <class T>
  std::optional<T> body_as() {
    const auto json = body();
    if (!json) return std::nullopt;
    for (const std::string_view name : needed_of<T>())
      if (json->is_object() && !json->contains(name)) {
        problem(Problem{.name = "invalid", .errors = {{"/" + std::string(name), "must be given"}}});
        return std::nullopt;
      }
    T out{};
    if (const auto done = read_json(*json, out); !done) {
      reject(done.error());
      return std::nullopt;
    }
    return out;
  }
  // The caller's key, bare or quoted. False when the header cannot be used, and then the problem is answered.
  bool idempotency_key(std::optional<IdempotencyKey>& out);
  // Of what was asked for: path, query and body, less the password and the code that somebody proves himself with.
  // They are new with each try, and a digest of a password is as good as a guess at it.
  Digest request_digest() const;
  // The answer so far, and one that was kept.
  Given given() const;
  void give(const Given& reply);
  // If-Match as a version of a case. False as above.
  bool if_match(std::optional<std::int64_t>& out);

  void answer(int status, const Json& body);
  void answer_text(int status, const std::string& body, const char* type);
  void answer_nothing();  // 204
  // 200 with an ETag; or 304 and nothing, when If-None-Match names it.
  void answer_unless_known(const std::string& etag, const std::string& body, const char* type);
  bool knows(const std::string& etag) const;
  // 200 with a body that `more` writes as it comes, in this connection's thread, long after this exchange is over: it
  // is called again and again until it says false, the reader has gone or the server stops.
  using Write = std::function<bool(std::string_view)>;
  void stream(const char* type, std::function<bool(const Write&)> more);
  void set(const char* name, const std::string& value) { response_.set_header(name, value); }
  void problem(const Problem& problem);
  void problem(std::string_view name) { this->problem(Problem{.name = std::string(name)}); }
  // What an Error of a port or of run means to somebody outside.
  void problem(const Error& error);
  // The same, where the text of what is invalid begins with its place: `/url must be …`.
  void refuse(const Error& error);
  // How a submission ended; `moved` is the caller's to answer.
  void problem(const Outcome& outcome);

 private:
  // Name and value of each part of the query, in their order.
  using Query = std::vector<std::pair<std::string, std::string>>;
  void reject(const Error& wrong_shape);

  const httplib::Request& request_;
  httplib::Response& response_;
  const Query query_;
  std::shared_ptr<const Directory> directory_;  // of person_in_path()
};

}  // namespace kintsugi::http
