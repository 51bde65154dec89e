#include "adapters/sqlite/migrations.h"

#include <array>

// The steps themselves, oldest first. What has been released is never changed again: its digest is in every database.
namespace kintsugi::sqlite {
namespace {

// Cases. `body` is the case file; the columns beside it are what is searched, each repeated from the body by the
// one function that writes both. Rows that the hot path changes sit in partial indexes only; by tenant, by RSC and
// by device are written once in a case's life.
constexpr std::string_view cases = R"(
CREATE TABLE cases(
  position    INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  tenant      TEXT    NOT NULL,
  rsc         TEXT    NOT NULL,
  device      TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state <> ''),
  open        INTEGER NOT NULL CHECK (open IN (0, 1)),
  version     INTEGER NOT NULL CHECK (version >= 0),
  priority    TEXT    NOT NULL CHECK (priority IN ('p1', 'p2', 'p3')),
  fault_code  TEXT    NOT NULL,
  dedup_key   TEXT    NOT NULL,
  live_grant  INTEGER NOT NULL CHECK (live_grant IN (0, 1)),
  next_due    INTEGER CHECK (next_due > 0),
  opened_at   INTEGER NOT NULL,
  state_since INTEGER NOT NULL,
  number      TEXT    NOT NULL,
  body        TEXT    NOT NULL
) STRICT;
CREATE INDEX cases_by_tenant ON cases(tenant, id);
CREATE INDEX cases_by_rsc ON cases(rsc, id);
CREATE INDEX cases_by_device ON cases(device, id);
CREATE INDEX cases_open ON cases(device, opened_at, id) WHERE open = 1;
CREATE INDEX cases_timer ON cases(next_due, id) WHERE next_due IS NOT NULL;
-- I3: no second live grant for a device. A case of an unknown device holds none.
CREATE UNIQUE INDEX cases_live_grant ON cases(device) WHERE live_grant = 1 AND device <> '';

CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('cases_numbered', 0);

CREATE TABLE documents(
  position   INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  case_id    TEXT    NOT NULL,
  key        TEXT    NOT NULL CHECK (key IN ('care', 'evidence')),
  label      TEXT    NOT NULL,
  commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
  length     INTEGER NOT NULL CHECK (length >= 0),
  at         INTEGER NOT NULL,
  person     TEXT    NOT NULL,
  ciphertext BLOB    NOT NULL
) STRICT;
CREATE INDEX documents_by_case ON documents(case_id, id);
)";

// The audit logs, append only, in commit order over all logs: an index on (log, seq) would cost the writer a third
// of its speed, so bundles map 256 places of a log to positions, and what is younger than the last bundling is
// found by a short scan.
constexpr std::string_view audit = R"(
CREATE TABLE audit_log(log INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE audit(
  gsn  INTEGER PRIMARY KEY,
  log  INTEGER NOT NULL,
  seq  INTEGER NOT NULL,
  leaf BLOB    NOT NULL,
  body BLOB    NOT NULL
) STRICT;
CREATE TABLE audit_bundle(
  log  INTEGER NOT NULL REFERENCES audit_log,
  idx  INTEGER NOT NULL,
  gsns BLOB    NOT NULL,
  PRIMARY KEY(log, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_bundled(one INTEGER PRIMARY KEY CHECK (one = 1), gsn INTEGER NOT NULL) STRICT;
INSERT INTO audit_bundled VALUES (1, 0);
CREATE TABLE audit_tile(
  log   INTEGER NOT NULL REFERENCES audit_log,
  level INTEGER NOT NULL,
  idx   INTEGER NOT NULL,
  data  BLOB    NOT NULL CHECK (length(data) = 8192),
  PRIMARY KEY(log, level, idx)
) STRICT;
CREATE TABLE audit_integrated(one INTEGER PRIMARY KEY CHECK (one = 1), gsn INTEGER NOT NULL) STRICT;
INSERT INTO audit_integrated VALUES (1, 0);
CREATE TABLE audit_checkpoint(
  log  INTEGER NOT NULL REFERENCES audit_log,
  size INTEGER NOT NULL,
  note TEXT    NOT NULL,
  PRIMARY KEY(log, size)
) STRICT;
-- Against mistakes of ours; whoever can write the file is caught by the tree.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'append only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'append only'); END;
)";

// The outbox and the stored replies. An undelivered effect has no settled_at; `due` of a leased one is the end of
// its lease. Rows stand in the order in which they were written, which is the order of a lane.
constexpr std::string_view outbox = R"(
CREATE TABLE outbox(
  position   INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  case_id    TEXT    NOT NULL,
  lane       TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('waiting', 'leased', 'delivered', 'gave_up')),
  attempts   INTEGER NOT NULL,
  due        INTEGER NOT NULL,
  settled_at INTEGER CHECK ((settled_at IS NULL) = (state IN ('waiting', 'leased'))),
  sent       BLOB,
  last_error TEXT,
  body       TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_by_case ON outbox(case_id, settled_at);
CREATE INDEX outbox_due ON outbox(due) WHERE settled_at IS NULL;

CREATE TABLE replies(
  position INTEGER PRIMARY KEY,
  owner    TEXT    NOT NULL,
  route    TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  request  BLOB    NOT NULL CHECK (length(request) = 32),
  outcome  TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  UNIQUE(owner, key, route)
) STRICT;
)";

// Masters, and how people and machines prove who they are.
constexpr std::string_view people = R"(
CREATE TABLE masters(
  kind   TEXT NOT NULL,
  id     TEXT NOT NULL,
  tenant TEXT NOT NULL,
  body   TEXT NOT NULL,
  PRIMARY KEY(kind, id)
) STRICT;
CREATE TABLE credentials(
  kind         TEXT    NOT NULL CHECK (kind IN ('password', 'totp', 'device_token', 'gate_token', 'one_time_code')),
  owner        TEXT    NOT NULL,
  secret       BLOB    NOT NULL CHECK (length(secret) = 32),
  verifier     TEXT    NOT NULL,
  created      INTEGER NOT NULL,
  expires      INTEGER NOT NULL,
  last_counter INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  PRIMARY KEY(kind, owner, secret)
) STRICT, WITHOUT ROWID;
CREATE INDEX credentials_by_secret ON credentials(secret, kind);
CREATE TABLE sign_ins(
  id        TEXT    NOT NULL PRIMARY KEY,
  person    TEXT    NOT NULL,
  token     BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
  created   INTEGER NOT NULL,
  expires   INTEGER NOT NULL,
  ended     INTEGER,
  with_code INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_of ON sign_ins(person) WHERE ended IS NULL;
CREATE TABLE step_ups(
  token        BLOB    NOT NULL PRIMARY KEY CHECK (length(token) = 32),
  person       TEXT    NOT NULL,
  case_id      TEXT    NOT NULL,
  event        TEXT    NOT NULL,
  request_hash BLOB    NOT NULL,
  created      INTEGER NOT NULL,
  expires      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

// What waits for a person, however long the outbox is.
constexpr std::string_view given_up = R"(
CREATE INDEX outbox_given_up ON outbox(position) WHERE state = 'gave_up';
)";

// What a document was typed as, so that a reader can tell one from another before he opens it.
constexpr std::string_view places = R"(
ALTER TABLE documents ADD COLUMN place TEXT NOT NULL DEFAULT '';
)";

// From where and with what somebody signed in, when each token was last used, and certificates. The kinds of
// credentials are the program's to know: a list of them here would have to be copied with every new one.
constexpr std::string_view authority = R"(
ALTER TABLE sign_ins ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sign_ins ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_ins ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_ins_by_person ON sign_ins(person, created);
CREATE TABLE credentials_of_any_kind(
  kind         TEXT    NOT NULL CHECK (kind <> ''),
  owner        TEXT    NOT NULL,
  secret       BLOB    NOT NULL CHECK (length(secret) = 32),
  verifier     TEXT    NOT NULL,
  created      INTEGER NOT NULL,
  expires      INTEGER NOT NULL,
  last_counter INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  used         INTEGER NOT NULL DEFAULT 0,
  ended        INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(kind, owner, secret)
) STRICT, WITHOUT ROWID;
INSERT INTO credentials_of_any_kind(kind, owner, secret, verifier, created, expires, last_counter, failures,
                                    locked_until)
  SELECT kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until FROM credentials;
DROP TABLE credentials;
ALTER TABLE credentials_of_any_kind RENAME TO credentials;
CREATE INDEX credentials_by_secret ON credentials(secret, kind);
)";

// What makes the digest of a master unguessable; see engine/run/masters.h.
constexpr std::string_view master_salts = R"(
ALTER TABLE masters ADD COLUMN salt BLOB NOT NULL
  DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000' CHECK (length(salt) = 32);
)";

// Letters that are withdrawn, that share one with others, and what goes before the rest. SQLite changes no CHECK: the
// table is written anew.
constexpr std::string_view bundles = R"(
CREATE TABLE outbox_new(
  position   INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  case_id    TEXT    NOT NULL,
  lane       TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('waiting', 'leased', 'delivered', 'gave_up', 'withdrawn')),
  urgent     INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  bundle     TEXT    NOT NULL,
  attempts   INTEGER NOT NULL,
  due        INTEGER NOT NULL,
  settled_at INTEGER CHECK ((settled_at IS NULL) = (state IN ('waiting', 'leased'))),
  sent       BLOB,
  letter     TEXT,
  last_error TEXT,
  body       TEXT    NOT NULL
) STRICT;
INSERT INTO outbox_new(position, id, case_id, lane, state, urgent, bundle, attempts, due, settled_at, sent, last_error,
                       body)
     SELECT position, id, case_id, lane, state, 0, '', attempts, due, settled_at, sent, last_error, body
       FROM outbox ORDER BY position;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_by_case ON outbox(case_id, settled_at);
CREATE INDEX outbox_due ON outbox(urgent, due) WHERE settled_at IS NULL;
CREATE INDEX outbox_given_up ON outbox(position) WHERE state = 'gave_up';
CREATE INDEX outbox_bundled ON outbox(bundle, due) WHERE settled_at IS NULL AND bundle <> '';
)";

// What was handed to webhooks and what they answered. An attempt without an effect is a test.
constexpr std::string_view webhook_log = R"(
CREATE TABLE webhook_attempts(
  position INTEGER PRIMARY KEY,
  webhook  TEXT    NOT NULL,
  effect   TEXT    NOT NULL,
  case_id  TEXT    NOT NULL,
  attempt  INTEGER NOT NULL CHECK (attempt >= 1),
  at       INTEGER NOT NULL,
  took     INTEGER NOT NULL CHECK (took >= 0),
  status   INTEGER NOT NULL,
  sent     BLOB    NOT NULL CHECK (length(sent) = 32),
  error    TEXT    NOT NULL
) STRICT;
CREATE INDEX webhook_attempts_of ON webhook_attempts(webhook, at);
)";

// A case is found by the number that somebody reads out on the telephone, open or over. A number is written once.
constexpr std::string_view numbers = R"(
CREATE INDEX cases_by_number ON cases(number);
)";

// A page of the open cases in the order in which they were opened, without looking at all of them.
constexpr std::string_view open_order = R"(
CREATE INDEX cases_open_in_order ON cases(id) WHERE open = 1;
)";

// The same tables, with checks that are comparisons. SQLite lays out a table of its own for an IN of three values or
// more, anew for every row that is written: half of what a write of a row cost.
constexpr std::string_view plain_checks = R"(
CREATE TABLE cases_new(
  position    INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  tenant      TEXT    NOT NULL,
  rsc         TEXT    NOT NULL,
  device      TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state <> ''),
  open        INTEGER NOT NULL CHECK (open = 0 OR open = 1),
  version     INTEGER NOT NULL CHECK (version >= 0),
  priority    TEXT    NOT NULL CHECK (priority = 'p1' OR priority = 'p2' OR priority = 'p3'),
  fault_code  TEXT    NOT NULL,
  dedup_key   TEXT    NOT NULL,
  live_grant  INTEGER NOT NULL CHECK (live_grant = 0 OR live_grant = 1),
  next_due    INTEGER CHECK (next_due > 0),
  opened_at   INTEGER NOT NULL,
  state_since INTEGER NOT NULL,
  number      TEXT    NOT NULL,
  body        TEXT    NOT NULL
) STRICT;
INSERT INTO cases_new SELECT * FROM cases ORDER BY position;
DROP TABLE cases;
ALTER TABLE cases_new RENAME TO cases;
CREATE INDEX cases_by_tenant ON cases(tenant, id);
CREATE INDEX cases_by_rsc ON cases(rsc, id);
CREATE INDEX cases_by_device ON cases(device, id);
CREATE INDEX cases_open ON cases(device, opened_at, id) WHERE open = 1;
CREATE INDEX cases_timer ON cases(next_due, id) WHERE next_due IS NOT NULL;
-- I3: no second live grant for a device. A case of an unknown device holds none.
CREATE UNIQUE INDEX cases_live_grant ON cases(device) WHERE live_grant = 1 AND device <> '';
CREATE INDEX cases_by_number ON cases(number);
CREATE INDEX cases_open_in_order ON cases(id) WHERE open = 1;

CREATE TABLE outbox_new(
  position   INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  case_id    TEXT    NOT NULL,
  lane       TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'leased' OR state = 'delivered' OR
                                     state = 'gave_up' OR state = 'withdrawn'),
  urgent     INTEGER NOT NULL CHECK (urgent = 0 OR urgent = 1),
  bundle     TEXT    NOT NULL,
  attempts   INTEGER NOT NULL,
  due        INTEGER NOT NULL,
  settled_at INTEGER CHECK ((settled_at IS NULL) = (state = 'waiting' OR state = 'leased')),
  sent       BLOB,
  letter     TEXT,
  last_error TEXT,
  body       TEXT    NOT NULL
) STRICT;
INSERT INTO outbox_new SELECT * FROM outbox ORDER BY position;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_by_case ON outbox(case_id, settled_at);
CREATE INDEX outbox_due ON outbox(urgent, due) WHERE settled_at IS NULL;
CREATE INDEX outbox_given_up ON outbox(position) WHERE state = 'gave_up';
CREATE INDEX outbox_bundled ON outbox(bundle, due) WHERE settled_at IS NULL AND bundle <> '';
)";

constexpr std::array steps{
    Migration{1, "cases and documents", cases},
    Migration{2, "audit logs", audit},
    Migration{3, "outbox and replies", outbox},
    Migration{4, "masters, credentials and sign-ins", people},
    Migration{5, "effects that were given up", given_up},
    Migration{6, "places of documents", places},
    Migration{7, "sign-ins that are seen, certificates", authority},
    Migration{8, "letters that are shared or withdrawn", bundles},
    Migration{9, "delivery log of webhooks", webhook_log},
    Migration{10, "salts of masters", master_salts},
    Migration{11, "cases by number", numbers},
    Migration{12, "open cases in order", open_order},
    Migration{13, "checks that cost nothing", plain_checks},
};

}  // namespace

std::span<const Migration> migrations() {
  return steps;
}

}  // namespace kintsugi::sqlite
