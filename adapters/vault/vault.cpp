#include "adapters/vault/vault.h"

#include "adapters/vault/kek_file.h"
#include "adapters/vault/rotation.h"
#include "adapters/vault/sealing.h"
#include "engine/base/ensure.h"

#include <algorithm>
#include <filesystem>

namespace kintsugi::vault {

Result<std::unique_ptr<Vault>> Vault::open(const Paths& paths, Entropy& entropy) {
  ensure(sodium_init() >= 0, "libsodium starts");
  if (auto settled = settle_rotation(paths); !settled) return pass(settled);
  std::error_code ignored;
  const bool has_slots = std::filesystem::exists(paths.slots, ignored);
  const bool has_kek = std::filesystem::exists(paths.kek, ignored);
  if (has_slots && !has_kek)
    return fail(Errc::Refused, "the key file " + paths.kek + " is missing: without it no document can be read");
  if (!has_kek) {
    Secret fresh;
    entropy.fill(fresh.span());
    if (auto made = write_kek(paths.kek, fresh); !made) return pass(made);
  }
  auto kek = read_kek(paths.kek);
  if (!kek) return pass(kek);
  auto slots = SlotFile::open(paths.slots);
  if (!slots) return pass(slots);
  if (!has_slots || !has_kek)
    for (const auto& path : {paths.slots, paths.kek})
      if (auto synced = sync_directory_of(path); !synced) return pass(synced);

  std::unique_ptr<Vault> vault(new Vault(std::move(*slots), *kek, entropy));
  auto read = vault->slots_.for_each([&](auto index, const auto& slot) {
    vault->remember(slot.case_id, index);
    vault->generation_ = std::max(vault->generation_, slot.generation);
  });
  if (!read) return pass(read);
  return vault;
}

Vault::Vault(SlotFile slots, Secret kek, Entropy& entropy)
    : slots_(std::move(slots)), kek_(std::move(kek)), entropy_(entropy) {}

Vault::~Vault() = default;

Result<std::vector<std::int64_t>> Vault::slots_of(const CaseId& id) const {
  std::vector<std::int64_t> out;
  const auto [first, last] = index_.equal_range(std::hash<CaseId>{}(id));
  for (auto one = first; one != last; ++one) {
    const auto slot = slots_.at(one->second);
    if (!slot) return pass(slot);
    if (slot->case_id == id) out.push_back(one->second);
  }
  if (out.empty()) return fail(Errc::NotFound, "case " + id.text() + " has no keys");
  std::ranges::sort(out);
  return out;
}

void Vault::remember(const CaseId& id, std::int64_t slot) {
  index_.emplace(std::hash<CaseId>{}(id), static_cast<std::uint32_t>(slot));
}

Result<> Vault::create_keys(const CaseId& id) {
  const std::scoped_lock lock(mutex_);
  const auto earlier = slots_of(id);
  SlotFile::Slot slot;
  slot.case_id = id;
  slot.generation = generation_;
  bool anything_new = false;
  for (const auto key : {KeyClass::care, KeyClass::evidence}) {
    // A case that is opened again keeps the keys that live; only destroyed ones get a successor.
    auto secret = earlier ? key_of(id, key) : Result<Secret>(fail(Errc::Refused, "there is none"));
    if (!secret) {
      if (secret.error().code != Errc::Refused) return pass(secret);
      anything_new = true;
      secret = Secret{};
      entropy_.fill(secret->span());
    }
    Nonce nonce{};
    entropy_.fill(nonce);
    const auto wrapped = encrypt(kek_, nonce, about_key(id, key, slot.generation), secret->view());
    std::ranges::copy(wrapped, slot.wrapped[static_cast<std::size_t>(key)].begin());
  }
  if (!anything_new) return {};
  const auto index = slots_.add(slot);
  if (!index) return pass(index);
  remember(id, *index);
  return {};
}

Result<> Vault::sync() {
  const std::scoped_lock lock(mutex_);
  return slots_.sync();
}

Result<Secret> Vault::key_of(const CaseId& id, KeyClass key) {
  if (const auto found = unwrapped_.find({id, key}); found != unwrapped_.end()) return found->second;
  const auto indices = slots_of(id);
  if (!indices) return pass(indices);
  const auto slot = slots_.at(indices->back());
  if (!slot) return pass(slot);
  if (slot->is_destroyed(key))
    return fail(Errc::Refused, "the " + std::string(name_of(key)) + " key of case " + id.text() + " is destroyed");
  auto bytes = decrypt(kek_, about_key(id, key, slot->generation), slot->wrapped[static_cast<std::size_t>(key)]);
  if (!bytes || bytes->size() != sizeof(Digest))
    return fail(Errc::Corrupt, "the key of case " + id.text() + " does not open: is this the right kek?");
  Secret secret;
  std::ranges::copy(*bytes, secret.data());
  sodium_memzero(bytes->data(), bytes->size());
  if (unwrapped_.size() >= unwrapped_max) unwrapped_.clear();
  unwrapped_.emplace(std::pair{id, key}, secret);
  return secret;
}

Result<Document> Vault::seal(const CaseId& id, KeyClass key, const DocumentId& document, std::string_view label,
                             BytesView plaintext) {
  if (plaintext.size() > plaintext_max)
    return fail(Errc::Invalid, "a document may have at most " + std::to_string(plaintext_max) + " bytes");
  Document out;
  out.id = document;
  out.case_id = id;
  out.key = key;
  out.label = label;
  const auto salt = entropy_.digest();
  Nonce nonce{};
  entropy_.fill(nonce);
  const std::scoped_lock lock(mutex_);
  const auto secret = key_of(id, key);
  if (!secret) return pass(secret);
  seal_document(out, *secret, nonce, salt, plaintext);
  return out;
}

Result<Bytes> Vault::open(const Document& document) {
  const std::scoped_lock lock(mutex_);
  const auto secret = key_of(document.case_id, document.key);
  if (!secret) return pass(secret);
  auto opened = open_document(document, *secret);
  if (opened) return opened;
  // It does not open under the present key: because it lies under one that was destroyed, or because it is damaged?
  const auto indices = slots_of(document.case_id);
  for (std::size_t earlier = 0; indices && earlier + 1 < indices->size(); ++earlier) {
    const auto slot = slots_.at((*indices)[earlier]);
    if (slot && slot->is_destroyed(document.key))
      return fail(Errc::Refused, "the key of document " + document.id.text() + " is destroyed");
  }
  return opened;
}

Result<> Vault::destroy(const CaseId& id, KeyClass key) {
  const std::scoped_lock lock(mutex_);
  const auto indices = slots_of(id);
  if (!indices) return pass(indices);
  unwrapped_.erase({id, key});
  for (const auto index : *indices) {
    if (auto gone = slots_.destroy(index, key); !gone) return gone;
    // Read back what the file holds now: nothing in it may open.
    const auto slot = slots_.at(index);
    if (!slot) return pass(slot);
    if (decrypt(kek_, about_key(id, key, slot->generation), slot->wrapped[static_cast<std::size_t>(key)]))
      return fail(Errc::Corrupt, "the key of case " + id.text() + " was overwritten and still opens");
  }
  return {};
}

}  // namespace kintsugi::vault
