#include "adapters/smtp/mailer.h"

#include "adapters/smtp/compose.h"
#include "adapters/smtp/transcript.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"

#include <curl/curl.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <span>

namespace kintsugi::smtp {

namespace {

using Phase = Transcript::Phase;

constexpr long idle_max_s = 20;  // a kept connection older than this is not used again
// Exim's own default: what comes after them on one connection it accepts and leaves lying until its queue is run, and
// in a storm that may be the letter of a P1 case.
constexpr int letters_of_connection_max = 10;
constexpr std::size_t partial_max = 1024;  // letters remembered as handed to some of their recipients

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct Upload {
  std::string_view rest;
};

size_t give(char* to, size_t size, size_t count, void* upload) {
  auto& rest = static_cast<Upload*>(upload)->rest;
  const std::size_t n = std::min(rest.size(), size * count);
  std::copy_n(rest.data(), n, to);
  rest.remove_prefix(n);
  return n;
}

int listen(CURL*, curl_infotype type, char* data, size_t size, void* transcript) {
  auto& heard = *static_cast<Transcript*>(transcript);
  if (type == CURLINFO_HEADER_OUT) heard.sent({data, size});
  if (type == CURLINFO_HEADER_IN) heard.heard({data, size});
  return 0;
}

std::string_view words_for(Phase phase) {
  switch (phase) {
    case Phase::greeting: return "while greeting";
    case Phase::session: return "while starting the session";
    case Phase::sign_in: return "while signing in";
    case Phase::sender: return "for the sender";
    case Phase::recipient: return "for a recipient";
    case Phase::data: return "before the message";
    case Phase::verdict:
    case Phase::done: return "for the message";
  }
  return "";
}

bool is_success(int code) {
  return code >= 200 && code <= 299;
}
bool is_permanent(int code) {
  return code >= 500 && code <= 599;
}
// Codes with which a server asks for encryption or a sign-in instead of judging the letter (RFC 4954 6).
bool asks_to_sign_in(int code) {
  return code == 530 || code == 534 || code == 535 || code == 538;
}

// The server had ended the connection that we kept: no greeting, and nothing of this letter was taken.
bool was_dead(CURLcode result, const Transcript& heard) {
  constexpr int going_away = 421;
  const int sender = heard.code(Phase::sender);
  const bool not_reached =
      result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_OPERATION_TIMEDOUT;
  return result != CURLE_OK && !not_reached && heard.code(Phase::greeting) == 0 &&
         (sender == 0 || sender == going_away);
}

Error failure(CURLcode result, const Transcript& heard) {
  const int code = heard.last_code();
  const Phase phase = heard.phase();
  if (result == CURLE_LOGIN_DENIED || (phase == Phase::sign_in && code >= 400))
    return {Errc::Transient, "mail server does not accept our user and password (" + std::to_string(code) + ")"};
  if (result == CURLE_USE_SSL_FAILED) return {Errc::Transient, "mail server offers no STARTTLS, and it is required"};
  if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE)
    return {Errc::Transient, "mail server's certificate cannot be verified"};
  // A 5xx before the sender is about us or our address, not about the letter.
  const bool answered = code >= 400 && phase >= Phase::sender;
  if (answered) {
    // Recipients that are refused for good are counted elsewhere; whoever is left at that point was told to wait.
    const bool final = is_permanent(code) && !asks_to_sign_in(code) && phase != Phase::recipient;
    return {final ? Errc::Refused : Errc::Transient,
            "mail server said " + std::to_string(code) + " " + std::string(words_for(phase))};
  }
  std::string what = "mail server: " + std::string(curl_easy_strerror(result)) + " " + std::string(words_for(phase));
  if (code >= 400) what += " (" + std::to_string(code) + ")";
  return {Errc::Transient, std::move(what)};
}

// Who already has a letter, and who never will: for letters that must be repeated for the rest.
struct Partial {
  std::set<std::string> has;
  std::set<std::string> refused;
};

}  // namespace

class Mailer::Line {
 public:
  explicit Line(Config config) : config_(std::move(config)) {
    static std::once_flag once;
    std::call_once(once, [] { ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl starts"); });
    easy_.reset(curl_easy_init());
    ensure(easy_ != nullptr, "libcurl gives a handle");
  }

  Result<Posted> post(const Letter& letter, Instant at) {
    const auto message = compose(letter, at, config_);
    if (!message) return pass(message);

    const std::scoped_lock lock(mutex_);
    Partial& partial = remembered(letter.message_id);
    std::vector<std::string> waiting;
    for (const std::string& address : letter.to)
      if (!partial.has.contains(address) && !partial.refused.contains(address)) waiting.push_back(address);

    if (!waiting.empty()) {
      if (auto done = hand_over(*message, waiting, partial); !done) {
        const bool nothing_known = partial.has.empty() && partial.refused.empty();
        if (nothing_known || done.error().code == Errc::Refused) forget(letter.message_id);
        return pass(done);
      }
    }
    const Partial whole = std::move(partial);
    forget(letter.message_id);
    if (whole.has.empty()) return fail(Errc::Refused, "mail server refuses every recipient for good");
    return Posted{sha256(*message), {whole.refused.begin(), whole.refused.end()}};
  }

 private:
  // One transaction for these recipients. Transient while one of them has to wait.
  Result<> hand_over(std::string_view message, const std::vector<std::string>& to, Partial& partial) {
    Transcript heard;
    CURLcode result = transact(message, to, heard, Connection::kept_if_any);
    if (was_dead(result, heard)) {
      heard = {};
      result = transact(message, to, heard, Connection::fresh);
    }
    const bool taken = result == CURLE_OK && is_success(heard.code(Phase::verdict));
    const auto& codes = heard.recipients();
    std::size_t later = 0;
    for (std::size_t i = 0; i < to.size(); ++i) {
      const int code = i < codes.size() ? codes[i] : 0;
      if (is_permanent(code) && !asks_to_sign_in(code))
        partial.refused.insert(to[i]);
      else if (taken && is_success(code))
        partial.has.insert(to[i]);
      else
        ++later;
    }
    if (later == 0) return {};
    if (!taken) return tl::make_unexpected(failure(result, heard));
    return fail(Errc::Transient, "mail server asks to try again later for " + std::to_string(later) + " of " +
                                     std::to_string(to.size()) + " recipients");
  }

  enum class Connection { kept_if_any, fresh };
  CURLcode transact(std::string_view message, const std::vector<std::string>& to, Transcript& heard,
                    Connection connection) {
    CURL* easy = easy_.get();
    curl_easy_reset(easy);  // options only; the connection stays

    List recipients;
    for (const std::string& address : to) {
      curl_slist* longer = curl_slist_append(recipients.get(), ("<" + address + ">").c_str());
      if (longer == nullptr) return CURLE_OUT_OF_MEMORY;
      std::ignore = recipients.release();
      recipients.reset(longer);
    }
    const std::string helo = config_.helo.empty() ? config_.from.substr(config_.from.find('@') + 1) : config_.helo;
    const std::string url = "smtp://" + config_.host + ":" + std::to_string(config_.port) + "/" + helo;
    const std::string sender = "<" + (config_.envelope_from.empty() ? config_.from : config_.envelope_from) + ">";
    const auto milliseconds = [](Duration d) {
      return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
    };

    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(config_.connect_limit));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(config_.total_limit));
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, std::max(1L, milliseconds(config_.total_limit) / 1000));
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, idle_max_s);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, connection == Connection::fresh ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, ++tried_ % letters_of_connection_max == 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, ssl_level());
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!config_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, config_.ca_file.c_str());
    if (!config_.user.empty()) {
      curl_easy_setopt(easy, CURLOPT_USERNAME, config_.user.c_str());
      curl_easy_setopt(easy, CURLOPT_PASSWORD, config_.password.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    Upload upload{message};
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, &upload);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, listen);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &heard);
    const CURLcode result = curl_easy_perform(easy);
    // The handle outlives this call and says goodbye when it goes; nothing of this call may be reached then.
    curl_easy_reset(easy);
    return result;
  }

  long ssl_level() const {
    switch (config_.starttls) {
      case StartTls::required: return CURLUSESSL_ALL;
      case StartTls::opportunistic: return CURLUSESSL_TRY;
      case StartTls::off: return CURLUSESSL_NONE;
    }
    return CURLUSESSL_ALL;
  }

  Partial& remembered(const std::string& message_id) {
    const auto [at, is_new] = partial_.try_emplace(message_id);
    if (is_new) {
      order_.push_back(message_id);
      if (order_.size() > partial_max) {
        partial_.erase(order_.front());
        order_.pop_front();
      }
    }
    return at->second;
  }
  void forget(const std::string& message_id) {
    partial_.erase(message_id);
    std::erase(order_, message_id);
  }

  const Config config_;
  std::mutex mutex_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  int tried_ = 0;  // letters, so that no connection carries more than it should
  std::map<std::string, Partial> partial_;
  std::deque<std::string> order_;  // of the message ids above, oldest first
};

Mailer::Mailer(Config config) : line_(std::make_unique<Line>(std::move(config))) {
  start_gmime();
}
Mailer::~Mailer() = default;

Result<Posted> Mailer::post(const Letter& letter, Instant at) {
  return line_->post(letter, at);
}

}  // namespace kintsugi::smtp
