#pragma once

#include "engine/audit/note.h"
#include "engine/audit/tree.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is signed: how long a log is and what its root is (C2SP tlog-checkpoint), and the file that proves one
// record to anybody who has the log's key (C2SP tlog-proof).
namespace kintsugi::audit {

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Digest root{};
};

// Three lines: origin, size in decimal, base64 of the root. Extension lines are refused; we write none.
std::string format_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  Verified verified;
};
// Parses the note, demands the signatures and that the origin is the log key's name.
Result<OpenedCheckpoint> open_checkpoint(std::string_view note, const Trust& trust);

struct TlogProof {
  std::int64_t index = 0;
  std::optional<Bytes> extra;
  std::vector<Digest> proof;
  std::string checkpoint;  // the signed note
};
std::string format_tlog_proof(const TlogProof& proof);
Result<TlogProof> parse_tlog_proof(std::string_view text);
// The checkpoint under which the leaf is proved to stand at proof.index.
Result<OpenedCheckpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf, const Trust& trust);

}  // namespace kintsugi::audit
