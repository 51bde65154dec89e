#pragma once

#include "engine/audit/verify.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

// An audit log as a directory that anybody can check years later (C2SP tlog-tiles):
//
//   checkpoint          the signed note
//   vkey                the log's verifier key; to be compared with one got by another way
//   tile/entries/000    records, 256 a bundle
//   tile/0/000 …        hashes, 256 a tile
//
// The last bundle and the last tile of a level end in `.p/<number>`. Only what the checkpoint signs is exported.
namespace kintsugi::audit {

// Writes the log into `directory`, which must be empty or not exist yet. Refused if the records do not give the
// checkpoint's root: a broken log is not handed out as a sound one.
Result<Checkpoint> write_export(LogSource& source, const VerifierKey& key, const std::filesystem::path& directory);

// A directory as a LogSource. NotFound if it holds no checkpoint.
Result<std::unique_ptr<LogSource>> open_export(const std::filesystem::path& directory);

// verify_log() over a directory, and every other file in it: each tile against the records, the vkey against the
// one demanded, and nothing that does not belong there.
Report verify_export(const std::filesystem::path& directory, const VerifyOptions& options);

// The proof of one record, from any source that can be read from the start.
Result<TlogProof> prove(LogSource& source, std::int64_t index);

}  // namespace kintsugi::audit
