#include "adapters/webhook/announcer.h"

#include "adapters/webhook/limits.h"
#include "adapters/webhook/message.h"
#include "adapters/webhook/signature.h"
#include "adapters/webhook/target.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"

#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>

namespace kintsugi::webhook {
namespace {

constexpr int gone = 410;
constexpr const char* content_type = "Content-Type: application/cloudevents+json; charset=utf-8";

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What the connection may be made to, and whether it was refused for that.
struct Door {
  bool private_too = false;
  bool refused = false;
};

curl_socket_t open_socket(void* door, curlsocktype, curl_sockaddr* address) {
  auto& at = *static_cast<Door*>(door);
  if (!at.private_too && !is_public(address->addr)) {
    at.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Nothing of the answer is used; what is longer than the limit is not read.
size_t pass_over(char*, size_t size, size_t count, void* seen) {
  auto& bytes = *static_cast<std::size_t*>(seen);
  bytes += size * count;
  return bytes > answer_bytes_max ? 0 : size * count;
}

std::string words_for(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "its name is not known";
    case CURLE_COULDNT_CONNECT: return "it cannot be reached";
    case CURLE_OPERATION_TIMEDOUT: return "it did not answer in time";
    case CURLE_PEER_FAILED_VERIFICATION: return "its certificate does not hold";
    case CURLE_SSL_CACERT_BADFILE: return "the file of our authorities cannot be read";
    default: break;
  }
  return std::string("the line broke off (") + curl_easy_strerror(code) + ")";
}

Announced::End end_of(int status) {
  if (status >= 200 && status < 300) return Announced::End::taken;
  return status == gone ? Announced::End::gone : Announced::End::later;
}

}  // namespace

std::vector<std::string> Announcer::mistakes_in(const Config& config) {
  std::vector<std::string> out;
  if (!config.ca_file.empty() && !std::ifstream(config.ca_file))
    out.push_back("ca_file " + config.ca_file + " cannot be read");
  for (const std::string& host : config.private_hosts)
    if (host.empty() || host != lower(host) || !target_of("https://" + host))
      out.push_back("private_hosts: '" + host + "' is no host as a URL names it, in lower case");
  return out;
}

Announcer::Announcer(Config config, const Keys& keys, std::string source)
    : config_(std::move(config)), keys_(keys), source_(std::move(source)) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  ensure(started == CURLE_OK, "libcurl starts");
}

Announcer::~Announcer() = default;

Announced Announcer::announce(const Webhook& to, const Effect& effect, Instant now) {
  return post(to, effect.id.text(), message_of(effect, source_), now);
}

std::vector<std::string> Announcer::mistakes_in_url(const std::string& url) const {
  return webhook::mistakes_in_url(url);
}

Announced Announcer::ask(const Webhook& to, const std::string& id, Instant now) {
  return post(to, id, test_message(to.id, id, now, source_), now);
}

Announced Announcer::post(const Webhook& to, const std::string& id, const std::string& body, Instant now) const {
  Announced out;
  const auto refuse = [&](std::string why) {
    out.end = Announced::End::refused;
    out.error = std::move(why);
    return out;
  };
  const auto target = target_of(to.url);
  if (!target) return refuse("its address is none");
  const auto keys = keys_.of(to.id, now);
  if (!keys && keys.error().code == Errc::Transient) {
    out.error = "our keys for it cannot be read";
    return out;
  }
  if (!keys) return refuse("there is no key to sign with");
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  if (!easy) {
    out.error = "out of memory";
    return out;
  }

  const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::unique_ptr<curl_slist, FreeList> headers;
  for (const std::string& line :
       {std::string(content_type), "webhook-id: " + id, "webhook-timestamp: " + std::to_string(timestamp),
        "webhook-signature: " + signature_header(*keys, id, timestamp, body), std::string("Expect:"),
        std::string("User-Agent: kintsugi")}) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) {
      out.error = "out of memory";
      return out;
    }
    std::ignore = headers.release();
    headers.reset(longer);
  }

  Door door{.private_too = std::ranges::count(config_.private_hosts, target->host) > 0};
  std::size_t seen = 0;
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_URL, to.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, target->plain ? "http" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  const auto whole = static_cast<long>(config_.limit.count());
  const auto connecting = static_cast<long>(std::chrono::milliseconds(connect_limit).count());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, whole);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, std::min(whole, connecting));
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &door);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &seen);
  if (!config_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, config_.ca_file.c_str());

  const CURLcode result = curl_easy_perform(curl);
  long status = 0;
  curl_off_t retry_after_s = 0;
  curl_off_t took_us = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
  curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took_us);
  out.took = Duration{took_us};
  out.sent = sha256(body);
  if (door.refused) return refuse("its address is not public, and no setting names it as one we may go to");
  // An answer that is too long, or breaks off after its status line, is an answer.
  const bool answered = status >= 200 && (result == CURLE_OK || result == CURLE_WRITE_ERROR);
  if (!answered) {
    out.error = words_for(result);
    return out;
  }
  out.status = static_cast<int>(status);
  out.end = end_of(out.status);
  // Whoever answers may write any number.
  constexpr curl_off_t most = std::chrono::duration_cast<std::chrono::seconds>(retry_after_max).count();
  out.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after_s, 0, most));
  if (out.end != Announced::End::taken) out.error = "it answered " + std::to_string(status);
  return out;
}

}  // namespace kintsugi::webhook
