#include "adapters/intake/imap.h"

#include "adapters/intake/limits.h"
#include "engine/base/ensure.h"
#include "engine/base/log.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <optional>
#include <vector>

namespace kintsugi::intake {
namespace {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

constexpr std::size_t list_bytes_max = std::size_t{8} << 20;  // of a folder's list: some hundred thousand mails

struct Download {
  std::string bytes;
  std::size_t most = 0;
};

size_t keep(char* from, size_t size, size_t count, void* download) {
  auto& into = *static_cast<Download*>(download);
  const std::size_t n = size * count;
  if (into.bytes.size() + n > into.most) return 0;
  into.bytes.append(from, n);
  return n;
}

int break_off(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

// The number after `word`, as in `UIDVALIDITY 17` and `(UID 4 RFC822.SIZE 300)`.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view word) {
  const auto at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(std::min(text.size(), at + word.size()));
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  std::uint64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{}) return std::nullopt;
  return out;
}

struct Listed {
  std::uint64_t uid = 0;
  std::uint64_t size = 0;  // bytes
};

// `* 1 FETCH (UID 4 RFC822.SIZE 300)` in each line.
std::vector<Listed> listed_in(std::string_view answer) {
  std::vector<Listed> out;
  while (!answer.empty() && out.size() < static_cast<std::size_t>(taken_per_look_max)) {
    const std::string_view line = answer.substr(0, answer.find('\n'));
    answer.remove_prefix(std::min(answer.size(), line.size() + 1));
    const auto uid = number_after(line, "UID ");
    const auto size = number_after(line, "RFC822.SIZE ");
    if (uid && size) out.push_back({*uid, *size});
  }
  return out;
}

}  // namespace

class Imap::Line {
 public:
  explicit Line(Mailbox mailbox) : mailbox_(std::move(mailbox)) {
    static std::once_flag once;
    std::call_once(once, [] { ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl starts"); });
  }

  void stop() { stopping_ = true; }

  Result<int> look(const Take& take) {
    // A connection of its own for each look: a server need not tell of new mails in the folder that is already open
    // (RFC 3501 6.3.10).
    easy_.reset(curl_easy_init());
    ensure(easy_ != nullptr, "libcurl gives a handle");
    auto taken = empty_folder(take);
    easy_.reset();
    return taken;
  }

 private:
  Result<int> empty_folder(const Take& take) {
    const auto status = command("", "STATUS " + quoted(mailbox_.folder) + " (UIDVALIDITY MESSAGES)");
    if (!status) return pass(status);
    const auto validity = number_after(*status, "UIDVALIDITY ");
    const auto waiting = number_after(*status, "MESSAGES ");
    if (!validity || !waiting) return fail(Errc::Transient, "mailbox: it does not say what is in it");
    if (*waiting == 0) return 0;
    if (!has_made_folder_ && !mailbox_.taken_folder.empty()) {
      // It fails when the folder is there, which is as good; moving will tell if it is not.
      std::ignore = command("", "CREATE " + quoted(mailbox_.taken_folder));
      has_made_folder_ = true;
    }
    const std::string folder = "/" + mailbox_.folder + ";UIDVALIDITY=" + std::to_string(*validity);
    // By position and no further than one look takes: after a storm the whole list would not fit into an answer.
    const auto last = std::min<std::uint64_t>(*waiting, taken_per_look_max);
    const auto list = command(folder, "FETCH 1:" + std::to_string(last) + " (UID RFC822.SIZE)");
    if (!list) return pass(list);

    int taken = 0;
    for (const Listed& one : listed_in(*list)) {
      const auto mail = fetch(folder, one);
      if (!mail) return pass(mail);
      if (auto done = take(*mail); !done) {
        if (done.error().code == Errc::Transient) return pass(done);
        log::engine().error("mailbox host={} uid={} stays where it is: {}", mailbox_.host, one.uid,
                            done.error().what);
        continue;
      }
      if (auto done = put_away(folder, one.uid); !done) return pass(done);
      ++taken;
    }
    return taken;
  }

  static std::string quoted(const std::string& folder) { return "\"" + folder + "\""; }

  Result<std::string> fetch(const std::string& folder, const Listed& one) {
    std::string path = folder + "/;UID=" + std::to_string(one.uid);
    if (one.size > message_bytes_max) path += "/;PARTIAL=0." + std::to_string(message_bytes_max + 1);
    return ask(path, nullptr, message_bytes_max + list_bytes_max, "fetching");
  }

  Result<> put_away(const std::string& folder, std::uint64_t uid) {
    const std::string number = std::to_string(uid);
    if (!mailbox_.taken_folder.empty()) {
      const auto moved = command(folder, "UID MOVE " + number + " " + quoted(mailbox_.taken_folder));
      return moved ? Result<>() : Result<>(pass(moved));
    }
    if (auto marked = command(folder, "UID STORE " + number + " +FLAGS.SILENT (\\Deleted)"); !marked)
      return pass(marked);
    const auto gone = command(folder, "UID EXPUNGE " + number);
    return gone ? Result<>() : Result<>(pass(gone));
  }

  Result<std::string> command(const std::string& path, const std::string& words) {
    return ask(path, words.c_str(), list_bytes_max, words.substr(0, words.find(' ', 4)));
  }

  Result<std::string> ask(const std::string& path, const char* request, std::size_t most, const std::string& step) {
    CURL* easy = easy_.get();
    curl_easy_reset(easy);  // options only; the connection stays
    const auto milliseconds = [](Duration d) {
      return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
    };
    const bool implicit = mailbox_.tls == Mailbox::Tls::implicit;
    const std::string url = (implicit ? "imaps://" : "imap://") + mailbox_.host + ":" +
                            std::to_string(mailbox_.port) + (path.empty() ? "/" : path);
    Download answer{.bytes = {}, .most = most};
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(mailbox_.connect_limit));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(mailbox_.total_limit));
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     static_cast<long>(mailbox_.tls == Mailbox::Tls::off ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!mailbox_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, mailbox_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_USERNAME, mailbox_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mailbox_.password.c_str());
    if (request != nullptr) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, break_off);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &stopping_);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    const CURLcode result = curl_easy_perform(easy);
    curl_easy_reset(easy);
    if (result != CURLE_OK)
      return fail(Errc::Transient, "mailbox: " + step + ": " + std::string(curl_easy_strerror(result)));
    return std::move(answer.bytes);
  }

  const Mailbox mailbox_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  bool has_made_folder_ = false;
  std::atomic<bool> stopping_ = false;
};

Imap::Imap(Mailbox mailbox) : line_(std::make_unique<Line>(std::move(mailbox))) {}
Imap::~Imap() = default;

Result<int> Imap::look(const Take& take) {
  return line_->look(take);
}

void Imap::stop() {
  line_->stop();
}

}  // namespace kintsugi::intake
