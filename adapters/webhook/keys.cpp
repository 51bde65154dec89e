#include "adapters/webhook/keys.h"

#include "adapters/webhook/limits.h"
#include "adapters/webhook/signature.h"
#include "engine/base/ensure.h"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::webhook {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view public_mark = "whpk_";
constexpr std::string_view secret_mark = "whsec_";

struct KeyFile {
  std::vector<Key> keys;
  static constexpr auto fields() { return std::tuple{field("keys", &KeyFile::keys)}; }
};

class File {
 public:
  File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const fs::path& path) {
  return fail(Errc::Transient, path.string() + ": " + std::strerror(errno));
}

WebhookKey show(const Key& key, bool with_secret) {
  WebhookKey out{.public_key = std::string(public_mark) + to_base64(public_half(key.seed)),
                 .secret = {},
                 .made = key.made,
                 .until = key.until};
  if (with_secret) out.secret = std::string(secret_mark) + to_base64(key.secret);
  return out;
}

}  // namespace

Key::~Key() {
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(secret.data(), secret.size());
}

Result<std::unique_ptr<Keys>> Keys::open(const fs::path& directory, Entropy& entropy) {
  ensure(sodium_init() >= 0, "libsodium starts");
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return system_failure(directory);
  return std::unique_ptr<Keys>(new Keys(directory, entropy));
}

bool Keys::has_some(const fs::path& directory, const WebhookId& id) {
  std::error_code ignored;
  return fs::is_regular_file(directory / (id.text() + ".json"), ignored);
}

fs::path Keys::file_of(const WebhookId& id) const {
  return directory_ / (id.text() + ".json");
}

Result<std::vector<Key>> Keys::read(const WebhookId& id) const {
  constexpr std::string_view prefix = "webhook_";
  // The id becomes a name of a file.
  if (!id.text().starts_with(prefix) || !is_crockford(std::string_view(id.text()).substr(prefix.size())))
    return fail(Errc::Invalid, "no id of a webhook");
  const fs::path path = file_of(id);
  const File file(path, O_RDONLY);
  if (!file) return errno == ENOENT ? fail(Errc::NotFound, "no keys of " + id.text()) : system_failure(path);
  std::string text(key_file_bytes_max, '\0');
  const auto count = ::read(file.fd(), text.data(), text.size());
  if (count < 0) return system_failure(path);
  text.resize(static_cast<std::size_t>(count));
  auto read = from_json_text<KeyFile>(text);
  sodium_memzero(text.data(), text.size());
  if (!read) return fail(Errc::Corrupt, path.string() + ": no key file");
  return std::move(read->keys);
}

// All or nothing, and durable when it returns.
Result<> Keys::write(const WebhookId& id, const std::vector<Key>& keys) const {
  std::string text = to_json_text(KeyFile{keys});
  const fs::path path = file_of(id);
  const fs::path temporary = path.string() + ".new";
  const bool written = [&] {
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    return file && ::write(file.fd(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           ::fsync(file.fd()) == 0;
  }();
  sodium_memzero(text.data(), text.size());
  if (!written) return system_failure(temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_failure(path);
  const File directory(directory_, O_RDONLY | O_DIRECTORY);
  if (!directory || ::fsync(directory.fd()) != 0) return system_failure(directory_);
  return {};
}

Result<WebhookKey> Keys::renew(const WebhookId& id, Instant now, Duration overlap) {
  const std::scoped_lock lock(mutex_);
  auto before = read(id);
  if (!before && before.error().code != Errc::NotFound) return pass(before);
  std::vector<Key> keys;
  if (before) keys = std::move(*before);
  std::erase_if(keys, [&](const Key& one) { return one.until != Instant{} && one.until <= now; });
  const Instant end = now + std::clamp(overlap, Duration{}, overlap_max);
  for (Key& one : keys)
    if (one.until == Instant{} || one.until > end) one.until = end;
  Key made;
  made.made = now;
  entropy_.fill(made.seed);
  entropy_.fill(made.secret);
  keys.insert(keys.begin(), made);
  if (keys.size() > keys_max) keys.resize(keys_max);
  if (auto kept = write(id, keys); !kept) return pass(kept);
  return show(made, true);
}

Result<std::vector<Key>> Keys::of(const WebhookId& id, Instant now) const {
  const std::scoped_lock lock(mutex_);
  auto keys = read(id);
  if (!keys) return keys;
  std::erase_if(*keys, [&](const Key& one) { return one.until != Instant{} && one.until <= now; });
  if (keys->empty()) return fail(Errc::NotFound, "no keys of " + id.text());
  return keys;
}

Result<std::vector<WebhookKey>> Keys::shown(const WebhookId& id, Instant now) const {
  const auto keys = of(id, now);
  if (!keys) return pass(keys);
  std::vector<WebhookKey> out;
  for (const Key& one : *keys)
    out.push_back(show(one, false));
  return out;
}

}  // namespace kintsugi::webhook
