#pragma once

#include "engine/audit/commitment.h"
#include "engine/ports/vault.h"

#include <map>
#include <mutex>
#include <set>
#include <tuple>

namespace kintsugi::testing {

// A vault for unit tests: it keeps the plaintext as the ciphertext, with the salt in front, and knows which keys
// exist. What the port says about missing and destroyed keys and about changed bytes is true of it.
class MemoryVault final : public Vault {
 public:
  Result<> create_keys(const CaseId& id) override {
    const std::scoped_lock lock(mutex_);
    keys_.insert(id);
    for (const KeyClass key : {KeyClass::care, KeyClass::evidence})
      destroyed_.erase({id, key});
    return {};
  }
  Result<> sync() override {
    const std::scoped_lock lock(mutex_);
    ++syncs_;
    return {};
  }
  int syncs() const {
    const std::scoped_lock lock(mutex_);
    return syncs_;
  }
  Result<Document> seal(const CaseId& id, KeyClass key, const DocumentId& document, std::string_view label,
                        BytesView plaintext) override {
    const std::scoped_lock lock(mutex_);
    if (auto there = check(id, key); !there) return pass(there);
    const Digest salt = sha256(document.text());
    sealed_[{id, key}].insert(document);
    Document out;
    out.id = document;
    out.case_id = id;
    out.key = key;
    out.label = label;
    out.commitment = audit::commitment(label, salt, plaintext);
    out.length = static_cast<std::int64_t>(plaintext.size());
    out.ciphertext.assign(salt.begin(), salt.end());
    out.ciphertext.insert(out.ciphertext.end(), plaintext.begin(), plaintext.end());
    return out;
  }
  Result<Bytes> open(const Document& document) override {
    const std::scoped_lock lock(mutex_);
    if (auto there = check(document.case_id, document.key); !there) return pass(there);
    if (unreadable_.contains({document.case_id, document.key, document.id})) return fail(Errc::Refused, "destroyed");
    const BytesView bytes = document.ciphertext;
    if (bytes.size() < sizeof(Digest)) return fail(Errc::Corrupt, "cut short");
    Digest salt{};
    std::copy_n(bytes.begin(), salt.size(), salt.begin());
    const auto plaintext = bytes.subspan(salt.size());
    if (salt != sha256(document.id.text()) ||
        audit::commitment(document.label, salt, plaintext) != document.commitment)
      return fail(Errc::Corrupt, "not what was sealed");
    return Bytes(plaintext.begin(), plaintext.end());
  }
  Result<> destroy(const CaseId& id, KeyClass key) override {
    const std::scoped_lock lock(mutex_);
    if (!keys_.contains(id)) return fail(Errc::NotFound, "no keys");
    destroyed_.emplace(id, key);
    for (const DocumentId& one : sealed_[{id, key}])
      unreadable_.emplace(id, key, one);
    return {};
  }

 private:
  Result<> check(const CaseId& id, KeyClass key) const {
    if (!keys_.contains(id)) return fail(Errc::NotFound, "no keys");
    if (destroyed_.contains({id, key})) return fail(Errc::Refused, "destroyed");
    return {};
  }
  mutable std::mutex mutex_;
  int syncs_ = 0;
  std::set<CaseId> keys_;
  std::set<std::pair<CaseId, KeyClass>> destroyed_;
  std::map<std::pair<CaseId, KeyClass>, std::set<DocumentId>> sealed_;
  std::set<std::tuple<CaseId, KeyClass, DocumentId>> unreadable_;
};

}  // namespace kintsugi::testing
