#include "adapters/vault/sealing.h"

#include "engine/audit/commitment.h"

#include <algorithm>

namespace kintsugi::vault {

Bytes encrypt(const Secret& key, const Nonce& nonce, std::string_view about, BytesView plaintext) {
  Bytes out(nonce.size() + plaintext.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  std::ranges::copy(nonce, out.begin());
  const auto bound = bytes_of(about);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce.size(), nullptr, plaintext.data(), plaintext.size(),
                                             bound.data(), bound.size(), nullptr, nonce.data(), key.data());
  return out;
}

Result<Bytes> decrypt(const Secret& key, std::string_view about, BytesView sealed) {
  constexpr std::size_t added = sizeof(Nonce) + crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (sealed.size() < added) return fail(Errc::Corrupt, "a ciphertext is cut short");
  Bytes out(sealed.size() - added);
  const auto bound = bytes_of(about);
  const auto body = sealed.subspan(sizeof(Nonce));
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, body.data(), body.size(), bound.data(),
                                                 bound.size(), sealed.data(), key.data()) != 0)
    return fail(Errc::Corrupt, "a ciphertext is not what was sealed");
  return out;
}

std::string about_key(const CaseId& id, KeyClass key, std::uint32_t generation) {
  return "g" + std::to_string(generation) + "|" + id.text() + "|" + std::string(name_of(key));
}

std::string about_document(const CaseId& id, const DocumentId& document) {
  return "kintsugi/v1|" + id.text() + "|" + document.text();
}

void seal_document(Document& document, const Secret& key, const Nonce& nonce, const Digest& salt,
                   BytesView plaintext) {
  Bytes salted(salt.begin(), salt.end());
  salted.insert(salted.end(), plaintext.begin(), plaintext.end());
  document.ciphertext = encrypt(key, nonce, about_document(document.case_id, document.id), salted);
  sodium_memzero(salted.data(), salted.size());
  document.commitment = audit::commitment(document.label, salt, plaintext);
  document.length = static_cast<std::int64_t>(plaintext.size());
}

Result<Bytes> open_document(const Document& document, const Secret& key) {
  auto salted = decrypt(key, about_document(document.case_id, document.id), document.ciphertext);
  if (!salted) return pass(salted);
  Digest salt{};
  if (salted->size() < salt.size()) return fail(Errc::Corrupt, "document " + document.id.text() + " has no salt");
  std::copy_n(salted->begin(), salt.size(), salt.begin());
  Bytes plaintext(salted->begin() + static_cast<std::ptrdiff_t>(salt.size()), salted->end());
  sodium_memzero(salted->data(), salted->size());
  if (std::cmp_not_equal(document.length, plaintext.size()) ||
      document.commitment != audit::commitment(document.label, salt, plaintext))
    return fail(Errc::Corrupt, "document " + document.id.text() + " is not what it was committed to");
  return plaintext;
}

}  // namespace kintsugi::vault
