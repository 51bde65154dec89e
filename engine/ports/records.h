#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/document.h"
#include "engine/domain/effect.h"

#include <algorithm>
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
  std::string outcome;  // JSON of what was answered, in the words of whoever keeps it; empty: it was only begun
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
  std::vector<EffectId> withdrawn;  // those that are not delivered yet: withdrawn, not to be delivered any more
  CaseId hastened;                  // its waiting mails are due now, urgent and in no bundle; empty: none
  Instant at{};                     // of the two above
  std::vector<Document> documents;
  std::optional<StoredReply> reply;
  std::optional<Digest> used_step_up;  // token that is spent with this lap, and only with it
};

enum class EffectState { waiting, leased, delivered, gave_up, withdrawn };
constexpr auto names_of(EffectState) {
  using enum EffectState;
  return names<EffectState>({{waiting, "waiting"},
                             {leased, "leased"},
                             {delivered, "delivered"},
                             {gave_up, "gave_up"},
                             {withdrawn, "withdrawn"}});
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
  Digest sent{};    // of the bytes that were handed over
  EffectId letter;  // in whose letter it was told, if that was another's; empty: its own
  std::string last_error;
  std::int64_t position = 0;  // in the order in which effects were written
};
// One attempt at telling a webhook of a change, as the delivery log keeps it.
struct WebhookAttempt {
  WebhookId webhook;
  EffectId effect;  // empty: a test that somebody asked for
  CaseId case_id;
  int attempt = 1;
  Instant at{};
  Duration took{};
  int status = 0;             // of HTTP; 0: there was no answer
  Digest sent{};              // SHA-256 of the body that was handed over
  std::string error;          // empty: it was taken. No addresses, no content
  std::int64_t position = 0;  // in the order in which they were written; the store's to give
};
// Newest first. They are kept for webhook_attempts_kept.
struct WebhookAttemptFilter {
  WebhookId webhook;
  EffectId effect;  // empty: all
  std::optional<bool> taken;
  Instant before{};  // page: what stands behind this one, by time and position; empty: from the newest on
  std::int64_t before_position = 0;
  int limit = 100;
};
inline constexpr Duration webhook_attempts_kept = std::chrono::hours(24 * 90);

// How one delivery ended.
struct Settlement {
  EffectId id;
  EffectState state = EffectState::delivered;  // waiting: try again at `due`
  Instant at{};
  Instant due{};
  Digest sent{};
  EffectId letter;    // of a bundle: the effect whose letter carried it; empty: its own
  std::string error;  // for the operator; no addresses, no content
  bool tried = true;  // false: nothing was handed over, so it counts as no attempt
  std::optional<WebhookAttempt> attempt = std::nullopt;
};
// What waits in the outbox, in numbers.
struct OutboxSummary {
  std::int64_t waiting = 0;
  std::int64_t leased = 0;
  std::int64_t gave_up = 0;
  Instant oldest{};  // when the oldest undelivered one was decided; empty if there is none
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

// A master as stored. Kinds: organisation, site, person, access_point, device, contract, roster, duty, policy,
// webhook, integration.
struct Master {
  std::string kind;
  std::string id;
  std::string tenant;  // owner organisation, for isolation
  std::string body;
  Digest salt{};  // new with every change: the digests in audit records tell that something changed, never what
};

// A device_token is a device's, or an integration's, which reports for the devices of its hospital.
enum class CredentialKind {
  password,
  totp,          // the secret of a person's one-time codes, confirmed by a first code
  totp_pending,  // one that waits for its first code
  recovery_code,
  one_time_code,  // an invitation
  known_client,   // a client in which the person has signed in before
  device_token,
  gate_token,
  certificate_key,      // a client certificate, by its public key
  certificate_subject,  // client certificates, by their subject
};
constexpr auto names_of(CredentialKind) {
  using enum CredentialKind;
  return names<CredentialKind>({{password, "password"},
                                {totp, "totp"},
                                {totp_pending, "totp_pending"},
                                {recovery_code, "recovery_code"},
                                {one_time_code, "one_time_code"},
                                {known_client, "known_client"},
                                {device_token, "device_token"},
                                {gate_token, "gate_token"},
                                {certificate_key, "certificate_key"},
                                {certificate_subject, "certificate_subject"}});
}
struct Credential {
  CredentialKind kind{};
  std::string owner;     // person, device or access point id
  Digest secret{};       // digest of a token or code, of a certificate's key or subject; zero for passwords and totp
  std::string verifier;  // argon2id string; the TOTP secret sealed under the server's key; a certificate's subject
  Instant created{};
  Instant expires{};
  std::int64_t last_counter = 0;  // TOTP: last time step used, so that a code is good once
  int failures = 0;
  Instant locked_until{};
  Instant used{};   // last time, to about a minute
  Instant ended{};  // withdrawn, spent
};
struct SignIn {
  SignInId id;
  PersonId person;
  Digest token{};
  Instant created{};
  Instant expires{};  // at the latest
  Instant ended{};
  bool with_code = false;  // the second factor was given
  Instant used{};          // last time, to about a minute
  std::string address;     // from where it was made
  std::string client;      // what the client called itself; as it came, but printable ASCII and cut
};
// Of a token or a certificate, by its digest.
struct Use {
  Digest secret{};
  Instant at{};
};
// What is older may go: replies by when they were given, step-ups and sign-ins by when they were over.
struct KeptFrom {
  Instant replies{};
  Instant step_ups{};
  Instant sign_ins{};
};
struct Forgotten {
  std::int64_t replies = 0;
  std::int64_t step_ups = 0;
  std::int64_t sign_ins = 0;
  std::int64_t most() const { return std::max({replies, step_ups, sign_ins}); }
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
