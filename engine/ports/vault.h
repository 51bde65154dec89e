#pragma once

#include "engine/domain/document.h"

namespace kintsugi {

// Keeps two keys for every case outside the database, wrapped, in a file of fixed-size slots, so that destroying a
// key is overwriting one slot. Any thread.
class Vault {
 public:
  virtual ~Vault() = default;

  // Makes the keys of a case that is opened, or of one that is opened again: a key that has been destroyed gets a
  // successor, and what was sealed under the old one stays unreadable. They last only after sync(); the writer calls
  // that once per batch that opened cases, before the commit. Making them twice is harmless.
  virtual Result<> create_keys(const CaseId& id) = 0;
  virtual Result<> sync() = 0;

  // A document from plaintext: salt, commitment and ciphertext made here. NotFound when the case has no such key
  // (any more), Refused when it has been destroyed.
  virtual Result<Document> seal(const CaseId& id, KeyClass key, const DocumentId& document, std::string_view label,
                                BytesView plaintext) = 0;
  // The plaintext, after checking the commitment. Corrupt if a byte was changed.
  virtual Result<Bytes> open(const Document& document) = 0;

  // Overwrites and syncs the slot; tries to open afterwards must fail. Destroying twice is harmless.
  virtual Result<> destroy(const CaseId& id, KeyClass key) = 0;
};

}  // namespace kintsugi
