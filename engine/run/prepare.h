#pragma once

#include "engine/base/entropy.h"
#include "engine/ports/vault.h"
#include "engine/run/outcome.h"
#include "engine/run/schemas.h"

#include <vector>

namespace kintsugi {

// A submission with everything done that needs no batch.
struct Prepared {
  Submission submission;                      // payload: texts are document ids once `sealed`
  const Schemas::Compiled* schema = nullptr;  // null only for `fault` in a workflow that has no schema for it
  std::vector<Document> documents;
  bool sealed = false;
  bool key_lost = false;   // the case's key for one of the texts has been destroyed: nothing can be added any more
  Digest request{};        // of event, case and payload as they came; for the idempotency key
  Digest named_request{};  // the request hash that the payload names; zero if none
  Digest chance{};         // all randomness of the lap; kept, so that a repeat makes the same ids
  Instant received{};
  Instant decided_at{};     // of a lap decided before (journal): it keeps its time; empty: now
  bool journalled = false;  // stands in the journal already

  bool closing() const { return schema != nullptr && Schemas::info(*schema).closing; }
};

// Checks a submission against its event's schema and takes its fingerprints. Any thread.
// Empty when it may go on; otherwise the answer to give.
std::optional<Outcome> check(Prepared& lap, const Schemas& schemas);

// The texts of the payload, taken out and replaced by ids of documents that are still empty (no ciphertext and no
// commitment). `x-hash` payloads get `request_hash` and `request_document`, `x-origin` ones `origin`: the address
// that the actor came from, which stands in no record (I13).
struct Drafts {
  Json payload;
  std::vector<Document> documents;
  std::vector<Bytes> texts;  // of each document, same order
};
Drafts draft(const Schemas::Compiled& schema, const Json& payload, const CaseId& case_id, const Actor& actor,
             Instant at, const Digest& chance);

// Draft documents made real.
Result<> seal(Drafts& drafts, Vault& vault);

}  // namespace kintsugi
