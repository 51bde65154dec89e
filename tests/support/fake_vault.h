#pragma once

#include "engine/base/digest.h"
#include "engine/ports/vault.h"

#include <map>
#include <mutex>
#include <set>

namespace kintsugi {

// A vault in memory. What it makes is no secret, but it cannot be read once the key is gone.
class FakeVault final : public Vault {
 public:
  Result<> create_keys(const CaseId& id) override {
    const std::scoped_lock lock(mutex_);
    cases_.insert(id);
    return {};
  }
  Result<> sync() override {
    const std::scoped_lock lock(mutex_);
    ++syncs_;
    return {};
  }
  Result<Document> seal(const CaseId& id, KeyClass key, const DocumentId& document, std::string_view label,
                        BytesView plaintext) override {
    const std::scoped_lock lock(mutex_);
    if (auto there = find(id, key); !there) return pass(there);
    Document out;
    out.id = document;
    out.case_id = id;
    out.key = key;
    out.label = label;
    out.length = static_cast<std::int64_t>(plaintext.size());
    out.commitment = sha256({bytes_of(label), bytes_of("\n"), plaintext});
    for (const std::uint8_t byte : plaintext)
      out.ciphertext.push_back(static_cast<std::uint8_t>(byte ^ 0x5au));
    return out;
  }
  Result<Bytes> open(const Document& document) override {
    const std::scoped_lock lock(mutex_);
    if (auto there = find(document.case_id, document.key); !there) return pass(there);
    Bytes out;
    for (const std::uint8_t byte : document.ciphertext)
      out.push_back(static_cast<std::uint8_t>(byte ^ 0x5au));
    return out;
  }
  Result<> destroy(const CaseId& id, KeyClass key) override {
    const std::scoped_lock lock(mutex_);
    destroyed_.emplace(id, key);
    return {};
  }
  int syncs() const {
    const std::scoped_lock lock(mutex_);
    return syncs_;
  }

 private:
  Result<> find(const CaseId& id, KeyClass key) const {
    if (destroyed_.contains({id, key})) return fail(Errc::Refused, "destroyed");
    if (!cases_.contains(id)) return fail(Errc::NotFound, "no key");
    return {};
  }
  mutable std::mutex mutex_;
  std::set<CaseId> cases_;
  std::set<std::pair<CaseId, KeyClass>> destroyed_;
  int syncs_ = 0;
};

}  // namespace kintsugi
