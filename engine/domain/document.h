#pragma once

#include "engine/domain/case_file.h"

namespace kintsugi {

// Under which of a case's two keys a text lies.
//   care:     raw notices, notes, work log, attachments; the key is destroyed when the case is over
//   evidence: reasons, requests, reports, manifests; kept for the retention time. Its writers are told that it
//             must not hold patient data.
enum class KeyClass { care, evidence };
constexpr auto names_of(KeyClass) {
  return names<KeyClass>({{KeyClass::care, "care"}, {KeyClass::evidence, "evidence"}});
}

// Something typed or received, as ciphertext. The audit record carries `commitment`, which says nothing about the
// content without the salt, and the salt is inside the ciphertext.
struct Document {
  DocumentId id;
  CaseId case_id;
  KeyClass key = KeyClass::care;
  std::string place;        // event and member that it was the value of: request_connection/reason
  std::string label;        // commitment label of the audit record: text, phi, cmd, report, sig, cert, file
  Digest commitment{};      // SHA-256("kintsugi/commit/v1" LF label LF salt data)
  std::int64_t length = 0;  // of the plaintext, bytes
  Instant at{};
  PersonId by;
  Bytes ciphertext;
};

}  // namespace kintsugi
