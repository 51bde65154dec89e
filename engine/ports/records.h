#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/document.h"
#include "engine/domain/effect.h"

#include <optional>
#include <string>
#include <vector>

// The rows that pass between run and a store: plain values, no behaviour.
namespace kintsugi {

// A finished audit record and the log it belongs to. `leaf` is SHA-256(0x00 || body) (RFC 6962 2.1).
struct AuditLine {
  std::string log;  // origin of the log
  std::string body;
  Digest leaf{};
};
struct AuditRow {
  std::int64_t position = 0;  // in commit order over all logs
  std::string log;
  std::int64_t seq = 0;  // index in the log's tree
  std::string body;
  Digest leaf{};
};
struct AuditTile {
  std::string log;
  int level = 0;
  std::int64_t index = 0;
  Bytes hashes;  // 256 hashes of 32 bytes
};
// The last row whose leaf is in the stored tiles' trees.
struct AuditProgress {
  std::int64_t position = 0;
};
struct StoredCheckpoint {
  std::int64_t size = 0;
  std::string note;
};

// Scope, route and the caller's key: the same key of another person or route is another key.
struct IdempotencyKey {
  std::string owner;  // person or device
  std::string route;
  std::string key;
  auto operator<=>(const IdempotencyKey&) const = default;
};
struct StoredReply {
  IdempotencyKey key;
  Digest request{};     // of the body: the same key with another body is a mistake (422)
  std::string outcome;  // JSON of run's Outcome; rendered again in the reader's language
  Instant at{};
};

// Everything one lap writes.
struct LapWrites {
  struct Changed {
    const CaseFile* file = nullptr;
    bool is_new = false;
    bool open = true;  // not in an end state
  };
  std::vector<Changed> files;  // none for a refusal; never the same case twice
  std::vector<AuditLine> audit;
  std::vector<Effect> effects;
  std::vector<Document> documents;
  std::optional<StoredReply> reply;
  std::optional<Digest> used_step_up;  // token that is spent with this lap, and only with it
};

enum class EffectState { waiting, leased, delivered, gave_up };
constexpr auto names_of(EffectState) {
  using enum EffectState;
  return names<EffectState>(
      {{waiting, "waiting"}, {leased, "leased"}, {delivered, "delivered"}, {gave_up, "gave_up"}});
}
struct ClaimedEffect {
  Effect effect;
  int attempts = 0;  // finished ones
};
struct OutboxRow {
  Effect effect;
  EffectState state = EffectState::waiting;
  int attempts = 0;
  Instant due{};
  Instant settled_at{};
  Digest sent{};  // of the bytes that were handed over
  std::string last_error;
  std::int64_t position = 0;  // in the order in which effects were written
};
// How one delivery ended.
struct Settlement {
  EffectId id;
  EffectState state = EffectState::delivered;  // waiting: try again at `due`
  Instant at{};
  Instant due{};
  Digest sent{};
  std::string error;  // for the operator; no addresses, no content
};
struct OutboxFilter {
  std::optional<EffectState> state;
  CaseId case_id;  // empty: all
  EffectId id;     // empty: all; the others are not looked at when it is given
  int limit = 100;
  std::int64_t before = 0;  // page: positions smaller than this; 0: from the newest on
};

// An empty member asks for nothing. Lists inside one member are "any of these".
struct CaseFilter {
  OrganisationId tenant;  // empty: all (only for the engine itself)
  OrganisationId rsc;     // empty: all
  DeviceId device;
  std::optional<bool> open;
  std::vector<std::string> states;
  std::vector<Priority> priorities;
  std::vector<std::string> numbers;
  Instant opened_from{};    // at or after
  Instant opened_before{};  // before
  CaseOrder order = CaseOrder::opened;
  bool descending = false;
  CaseId after;           // page: what comes behind this one; with `after_key` where it is not the order of ids
  std::string after_key;  // sort_key_of() it
  int limit = 100;
};
struct DocumentBrief {
  DocumentId id;
  KeyClass key{};
  std::string place;
  std::string label;
  std::int64_t length = 0;
  Instant at{};
  PersonId by;
};

// A master as stored. Kinds: organisation, person, access_point, device, contract, duty, policy.
struct Master {
  std::string kind;
  std::string id;
  std::string tenant;  // owner organisation, for isolation
  std::string body;
};

enum class CredentialKind { password, totp, device_token, gate_token, one_time_code };
constexpr auto names_of(CredentialKind) {
  using enum CredentialKind;
  return names<CredentialKind>({{password, "password"},
                                {totp, "totp"},
                                {device_token, "device_token"},
                                {gate_token, "gate_token"},
                                {one_time_code, "one_time_code"}});
}
struct Credential {
  CredentialKind kind{};
  std::string owner;     // person, device or access point id
  Digest secret{};       // digest of a token; zero for others
  std::string verifier;  // argon2id string, or the TOTP secret sealed under the server's key
  Instant created{};
  Instant expires{};
  std::int64_t last_counter = 0;  // TOTP: last time step used, so that a code is good once
  int failures = 0;
  Instant locked_until{};
};
struct SignIn {
  SignInId id;
  PersonId person;
  Digest token{};
  Instant created{};
  Instant expires{};
  Instant ended{};
  bool with_code = false;  // the second factor was given
};
// Bound to one act of one person; good for 120 s and one use.
struct StoredStepUp {
  Digest token{};
  PersonId person;
  CaseId case_id;
  std::string event;
  Digest request_hash{};  // zero when the event names none
  Instant created{};
  Instant expires{};
};

}  // namespace kintsugi
