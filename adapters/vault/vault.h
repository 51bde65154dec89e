#pragma once

#include "adapters/vault/slot_file.h"
#include "engine/base/entropy.h"
#include "engine/ports/vault.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace kintsugi::vault {

// A document is sealed whole, in memory.
constexpr std::size_t plaintext_max = 1024 * 1024;  // bytes

constexpr std::size_t unwrapped_max = 8192;  // keys

// The vault: a file of wrapped keys (slots) and the key that wraps them (kek), both outside the database. A
// backup takes the slots and never the kek; who has one without the other has nothing.
//
// A document's ciphertext is nonce (24) || XChaCha20-Poly1305 of salt (32) || plaintext, bound to its case and id.
// Keys are unwrapped when asked for; at most `unwrapped_max` stay in memory, wiped when dropped. Any thread.
class Vault final : public kintsugi::Vault {
 public:
  struct Paths {
    std::string slots;
    std::string kek;  // 32 random bytes, mode 0600
  };
  // Settles a rotation that was interrupted (rotation.h), and makes both files if there is neither. Refused when only
  // one of them is there, or others can read the kek.
  static Result<std::unique_ptr<Vault>> open(const Paths& paths, Entropy& entropy);
  ~Vault() override;

  Result<> create_keys(const CaseId& id) override;
  Result<> sync() override;
  Result<Document> seal(const CaseId& id, KeyClass key, const DocumentId& document, std::string_view label,
                        BytesView plaintext) override;
  Result<Bytes> open(const Document& document) override;
  Result<> destroy(const CaseId& id, KeyClass key) override;

 private:
  Vault(SlotFile slots, Secret kek, Entropy& entropy);
  // All below: call with the mutex held.
  // Every slot of the case, the present one last: a case that was opened again has several.
  Result<std::vector<std::int64_t>> slots_of(const CaseId& id) const;
  void remember(const CaseId& id, std::int64_t slot);
  Result<Secret> key_of(const CaseId& id, KeyClass key);

  std::mutex mutex_;  // over everything below
  SlotFile slots_;
  Secret kek_;
  std::uint32_t generation_ = 1;  // of the kek: the highest in the file
  Entropy& entropy_;
  // By a hash of the case id, which the slot itself confirms: a million closed cases must not fill the memory.
  std::unordered_multimap<std::size_t, std::uint32_t> index_;
  std::map<std::pair<CaseId, KeyClass>, Secret> unwrapped_;
};

}  // namespace kintsugi::vault
