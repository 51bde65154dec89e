#include "adapters/http/exchange.h"

#include "adapters/http/certificate.h"
#include "adapters/http/limits.h"
#include "adapters/http/strict_json.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/network.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::http {
namespace {

bool is_this_machine(const std::string& address) {
  const std::string network = network_of(address);
  return network.starts_with("127.") || address == "::1";
}

// Behind a stated proxy the address is the last one the proxy added; everything before it is hearsay, and so is all
// of it from whoever has come around the proxy, which is on this machine.
std::string address_of(const httplib::Request& request, bool behind_proxy) {
  if (!behind_proxy || !is_this_machine(request.remote_addr)) return request.remote_addr;
  const std::string forwarded = request.get_header_value("X-Forwarded-For");
  const auto comma = forwarded.rfind(',');
  std::string last = comma == std::string::npos ? forwarded : forwarded.substr(comma + 1);
  std::erase(last, ' ');
  return is_address(last) ? last : request.remote_addr;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b,
                            [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string unquoted(const std::string& text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

// A form's spaces may be `+`; a % that is followed by no number stands for itself.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto number = text.substr(i + 1, 2);
    if (text[i] == '%' && number.size() == 2 &&
        std::from_chars(number.data(), number.data() + 2, byte, 16).ptr == number.data() + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// The library cuts a value at its last `=`, which a filter is full of, and takes the body of a form for a query.
std::vector<std::pair<std::string, std::string>> query_of(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto begin = target.find('?');
  if (begin == std::string_view::npos) return out;
  std::string_view rest = target.substr(begin + 1);
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.empty()) continue;
    const auto cut = part.find('=');
    out.emplace_back(percent_decoded(part.substr(0, cut)),
                     cut == std::string_view::npos ? std::string() : percent_decoded(part.substr(cut + 1)));
  }
  return out;
}

// What a client sent may stand in it, and need not be UTF-8: an answer is given all the same.
std::string printed(const Json& body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// RFC 3986 2.1.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos)
      out += c;
    else
      out.append({'%', hex[byte >> 4U], hex[byte & 15U]});
  }
  return out;
}

}  // namespace

Exchange::Exchange(const httplib::Request& request, httplib::Response& response, const Desk& at, bool behind_proxy)
    : desk(at),
      language(language_of(request.get_header_value("Accept-Language"))),
      address(address_of(request, behind_proxy)),
      request_(request),
      response_(response),
      query_(query_of(request.target)) {}

std::optional<std::string> Exchange::bearer() const {
  const std::string value = header("Authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (value.size() <= scheme.size() || !equal_ignoring_case(value.substr(0, scheme.size()), scheme))
    return std::nullopt;
  return value.substr(scheme.size());
}

std::optional<ClientCertificate> Exchange::certificate() const {
  return certificate_of(request_.ssl);
}

bool Exchange::permits(Act act, const Matter& matter) {
  const auto directory = desk.conductor.directory();
  const Instant now = desk.clock.now();
  const Permission permission = may(*directory, actor, act, matter, now);
  if (permission) return true;
  if (!may(*directory, actor, Act::read_masters, matter, now)) {
    problem("not_found");
    return false;
  }
  problem(Problem{.name = "forbidden",
                  .failed = {{.name = "role_not_allowed", .lifted_by = permission.instead, .since = {}}}});
  return false;
}

const Person* Exchange::person_in_path(Act act) {
  directory_ = desk.conductor.directory();
  const Person* person = directory_->person(PersonId{std::string(captured.front())});
  if (person == nullptr) {
    problem("not_found");
    return nullptr;
  }
  return permits(act, matter_of(*directory_, *person)) ? person : nullptr;
}

std::string Exchange::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query_, name, &Query::value_type::first);
  return found == query_.end() ? std::string() : found->second;
}

std::vector<std::string> Exchange::parameters() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : query_)
    out.push_back(name);
  return out;
}

bool Exchange::is_text() const {
  return is_utf8(request_.path) &&
         std::ranges::all_of(query_, [](const auto& part) { return is_utf8(part.first) && is_utf8(part.second); });
}

std::string Exchange::asked() const {
  std::string out = request_.path;
  char separator = '?';
  Query sorted = query_;
  std::ranges::sort(sorted);
  for (const auto& [name, value] : sorted) {
    if (name == "page_token" || name == "page_size") continue;
    out.append(1, std::exchange(separator, '&'))
        .append(percent_encoded(name))
        .append("=")
        .append(percent_encoded(value));
  }
  return out;
}

std::optional<Json> Exchange::body() {
  const std::string type = header("Content-Type");
  const std::string_view essence = std::string_view(type).substr(0, type.find_first_of("; "));
  if (!equal_ignoring_case(essence, "application/json")) {
    set("Accept-Post", "application/json");
    problem("unsupported_media_type");
    return std::nullopt;
  }
  auto json = read_strict(request_.body);
  if (json) return std::move(*json);
  const auto detail = [&] {
    switch (json.error().kind) {
      case JsonFault::Kind::not_utf8: return std::string("not UTF-8");
      case JsonFault::Kind::duplicate_member: return std::string("named twice");
      case JsonFault::Kind::too_deep: return "deeper than " + std::to_string(json_depth_max) + " levels";
      case JsonFault::Kind::not_json: break;
    }
    return "no JSON at byte " + std::to_string(json.error().byte);
  }();
  problem(Problem{.name = "malformed_body", .errors = {{json.error().pointer, detail}}});
  return std::nullopt;
}

bool Exchange::idempotency_key(std::optional<IdempotencyKey>& out) {
  if (!has_header("Idempotency-Key")) return true;
  const std::string key = unquoted(header("Idempotency-Key"));
  const bool usable = !key.empty() && key.size() <= idempotency_key_bytes_max &&
                      std::ranges::all_of(key, [](char c) { return c > ' ' && c < 127 && c != '"'; });
  if (!usable) {
    problem(Problem{.name = "malformed_header",
                    .errors = {{"Idempotency-Key", "1 to 255 visible ASCII characters, bare or quoted"}}});
    return false;
  }
  out = IdempotencyKey{actor.id, request_.method + " " + request_.path, key};
  return true;
}

Digest Exchange::request_digest() const {
  // Read as body() reads it: what is deeper than that would take the stack with it when it is printed.
  auto json = read_strict(request_.body);
  std::string said = request_.body;
  if (json && json->is_object()) {
    json->erase("password");
    json->erase("code");
    said = json->dump();
  }
  return sha256(asked() + "\n" + said);
}

Given Exchange::given() const {
  return {.status = response_.status,
          .type = response_.get_header_value("Content-Type"),
          .language = response_.get_header_value("Content-Language"),
          .location = response_.get_header_value("Location"),
          .etag = response_.get_header_value("ETag"),
          .body = response_.body,
          .unshown = false};
}

void Exchange::give(const Given& reply) {
  response_.status = reply.status;
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) response_.set_header(name, value);
  };
  put("Content-Language", reply.language);
  put("Location", reply.location);
  put("ETag", reply.etag);
  if (!reply.type.empty()) response_.set_content(reply.body, reply.type);
}

bool Exchange::if_match(std::optional<std::int64_t>& out) {
  if (!has_header("If-Match")) return true;
  const std::string text = unquoted(header("If-Match"));
  // The tag of a case that was read says more behind the version: how it looked to this reader then.
  const std::string_view said = std::string_view(text).substr(0, text.find('.'));
  std::int64_t version = 0;
  const auto read = std::from_chars(said.data(), said.data() + said.size(), version);
  if (read.ec != std::errc{} || read.ptr != said.data() + said.size() || version < 0) {
    problem(Problem{.name = "malformed_header", .errors = {{"If-Match", "the case's version, quoted: \"7\""}}});
    return false;
  }
  out = version;
  return true;
}

void Exchange::answer(int status, const Json& body) {
  response_.status = status;
  response_.set_header("Content-Language", std::string(tag_of(language)));
  response_.set_content(printed(body), "application/json");
}

void Exchange::answer_text(int status, const std::string& body, const char* type) {
  response_.status = status;
  response_.set_content(body, type);
}

void Exchange::answer_nothing() {
  response_.status = 204;
}

// A weak comparison, as RFC 9110 13.1.2 has it for GET.
bool Exchange::knows(const std::string& etag) const {
  const std::string known = header("If-None-Match");
  std::string_view rest = known;
  while (!rest.empty()) {
    std::string_view one = trimmed(rest.substr(0, rest.find(',')));
    rest = rest.find(',') == std::string_view::npos ? std::string_view{} : rest.substr(rest.find(',') + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

void Exchange::answer_unless_known(const std::string& etag, const std::string& body, const char* type) {
  set("ETag", etag);
  response_.set_header("Content-Language", std::string(tag_of(language)));
  if (knows(etag)) {
    response_.status = 304;
    return;
  }
  response_.status = 200;
  response_.set_content(body, type);
}

void Exchange::stream(const char* type, std::function<bool(const Write&)> more) {
  response_.status = 200;
  response_.set_chunked_content_provider(type, [more = std::move(more)](std::size_t, httplib::DataSink& sink) {
    if (!sink.is_writable()) return false;
    if (!more([&sink](std::string_view text) { return sink.write(text.data(), text.size()); })) sink.done();
    return true;
  });
}

void Exchange::problem(const Problem& problem) {
  const ProblemType& type = problem_type(problem.name);
  response_.status = type.status;
  response_.set_header("Content-Language", std::string(tag_of(language)));
  if (type.status == 401) response_.set_header("WWW-Authenticate", "Bearer realm=\"kintsugi\"");
  if (problem.retry_after)
    response_.set_header("Retry-After", std::to_string(problem.retry_after->count()));
  else if (type.status == 503)
    response_.set_header("Retry-After", std::to_string(retry_after.count()));
  response_.set_content(printed(to_json(problem, language, desk.words(), request_.path)), "application/problem+json");
}

void Exchange::problem(const Error& error) {
  switch (error.code) {
    case Errc::NotFound: return problem("not_found");
    case Errc::Refused: return problem("forbidden");
    case Errc::Conflict: return problem("version_conflict");
    case Errc::Invalid: return problem(Problem{.name = "invalid", .errors = {{"", error.what}}});
    case Errc::Transient: return problem("unavailable");
    case Errc::Corrupt: break;
  }
  log::http().error("path={} {}", request_.path, error.what);
  problem("internal");
}

void Exchange::refuse(const Error& error) {
  const auto space = error.what.find(' ');
  if (error.code != Errc::Invalid || !error.what.starts_with('/') || space == std::string::npos)
    return problem(error);
  problem(Problem{.name = "invalid", .errors = {{error.what.substr(0, space), error.what.substr(space + 1)}}});
}

void Exchange::problem(const Outcome& outcome) {
  if (outcome.replayed) set("Idempotency-Replayed", "true");
  problem(problem_of(outcome));
}

void Exchange::reject(const Error& wrong_shape) {
  const std::string& what = wrong_shape.what;
  const auto end = what.find(" must be ");
  const bool has_place = !what.empty() && what.front() == '/' && end != std::string::npos;
  problem(
      Problem{.name = "invalid",
              .errors = {has_place ? InputError{what.substr(0, end), what.substr(end + 1)} : InputError{"", what}}});
}

}  // namespace kintsugi::http
