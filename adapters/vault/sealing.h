#pragma once

#include "adapters/vault/secret.h"
#include "engine/domain/document.h"

#include <string_view>

// The cryptography of the vault as functions: no files, no state. The caller brings nonce and salt.
namespace kintsugi::vault {

using Nonce = std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES>;

// nonce || XChaCha20-Poly1305(key, plaintext), bound to `about`.
Bytes encrypt(const Secret& key, const Nonce& nonce, std::string_view about, BytesView plaintext);
// Corrupt when key, `about` or a byte is another.
Result<Bytes> decrypt(const Secret& key, std::string_view about, BytesView sealed);

// What ciphertexts are bound to.
std::string about_key(const CaseId& id, KeyClass key, std::uint32_t generation);
std::string about_document(const CaseId& id, const DocumentId& document);

// Ciphertext and commitment of a document, and back. open_document() also checks length and commitment.
void seal_document(Document& document, const Secret& key, const Nonce& nonce, const Digest& salt,
                   BytesView plaintext);
Result<Bytes> open_document(const Document& document, const Secret& key);

}  // namespace kintsugi::vault
