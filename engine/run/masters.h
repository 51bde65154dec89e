#pragma once

#include "engine/domain/directory.h"
#include "engine/domain/event.h"
#include "engine/ports/store.h"
#include "engine/run/outcome.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kintsugi {

// The Directory that these rows describe. Corrupt, naming the row, when one is of no known kind or does not read.
Result<std::shared_ptr<const Directory>> directory_of(std::span<const Master> masters);

// The same with these rows in place of theirs.
Result<std::shared_ptr<const Directory>> directory_with(const Directory& before, std::span<const Master> masters);

// What audit records say of a master: SHA-256 over its salt, kind, id and body. Whoever holds the row can prove that
// it was this one that was in force; from the digest alone nothing can be guessed.
Digest digest_of(const Master& master);

// One record of the engine's own about a change of masters (audit/record_schema.h). If `about` names one of the
// masters of the change, the digests of it before and after are added as x.was and x.rev.
struct MastersRecord {
  std::string event;
  OrganisationId tenant;  // whose log; empty: the system log
  std::map<std::string, Json> x;
  std::optional<std::size_t> about;
};

// What one change of the masters writes: all of it, or nothing.
struct MastersChange {
  std::vector<Master> masters;  // salts are made when they are written
  std::vector<MastersRecord> records;
  std::string reply;  // JSON; kept for the idempotency key if there is one
  // Written in the same commit; must start afresh each time it is called, as a chore.
  std::function<Result<>(Batch&)> also{};
};

// Who changes masters, and under which key.
struct MastersAsked {
  Actor actor;
  Role as = Role::none;
  std::optional<IdempotencyKey> key;
  Digest request{};  // of the body, for the key
};

struct MastersReply {
  std::string reply;
  bool replayed = false;  // it is the answer to an earlier request
  bool reused = false;    // the key came with another body before; nothing was done
  // What became of the open cases that lost their ground by it (Workflow::review), in the same commit.
  std::vector<Outcome> followed{};
};

// Makes the change from the masters as they stand; whatever it fails with is handed to the caller, and then nothing
// is written.
using MakeMastersChange = std::function<Result<MastersChange>(const Directory&)>;

}  // namespace kintsugi
