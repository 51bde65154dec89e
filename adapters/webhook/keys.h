#pragma once

#include "engine/base/bytes.h"
#include "engine/base/entropy.h"
#include "engine/base/fields.h"
#include "engine/ports/announcer.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kintsugi::webhook {

// What one end point's messages are signed with: an Ed25519 key, of which it knows the public half, and a secret
// that both know, for receivers that verify nothing but HMAC-SHA256.
struct Key {
  Instant made{};
  Instant until{};  // empty: the one in force; else it still signs beside its successor until then
  Digest seed{};    // of the Ed25519 key (RFC 8032)
  Digest secret{};
  ~Key();
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  static constexpr auto fields() {
    return std::tuple{field("made", &Key::made), field("until", &Key::until), field("seed", &Key::seed),
                      field("secret", &Key::secret)};
  }
};

// The keys of all end points, a file for each in a directory that only the engine may read. They are in no database,
// no backup of it and no log. A new key signs at once; the old one signs beside it until the overlap has passed, so
// that a receiver can change over without losing a message.
//
// Any thread. Transient when the disk says no, Corrupt when a file is no key file.
class Keys final : public WebhookKeys {
 public:
  static Result<std::unique_ptr<Keys>> open(const std::filesystem::path& directory, Entropy& entropy);

  // Is there a key file of this webhook? Makes nothing.
  static bool has_some(const std::filesystem::path& directory, const WebhookId& id);

  Result<WebhookKey> renew(const WebhookId& id, Instant now, Duration overlap) override;
  Result<std::vector<WebhookKey>> shown(const WebhookId& id, Instant now) const override;
  // Those that sign now, the newest first. NotFound if there is none.
  Result<std::vector<Key>> of(const WebhookId& id, Instant now) const;

 private:
  Keys(std::filesystem::path directory, Entropy& entropy) : directory_(std::move(directory)), entropy_(entropy) {}
  std::filesystem::path file_of(const WebhookId& id) const;
  Result<std::vector<Key>> read(const WebhookId& id) const;
  Result<> write(const WebhookId& id, const std::vector<Key>& keys) const;

  const std::filesystem::path directory_;
  Entropy& entropy_;
  mutable std::mutex mutex_;
};

}  // namespace kintsugi::webhook
