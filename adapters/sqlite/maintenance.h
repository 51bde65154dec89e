#pragma once

#include "engine/base/fields.h"
#include "engine/base/instant.h"

#include <string>
#include <vector>

// What an operator does with a data directory: bring it up to date, look whether it is sound, copy it, put a copy
// back. Nothing here touches the key that wraps the keys, or the signer's memory: neither belongs beside the data.
namespace kintsugi::sqlite {

// How far an audit log goes, and what it is worth (RFC 6962 2.1).
struct AuditHead {
  std::string log;
  std::int64_t size = 0;
  Digest root{};
  auto operator<=>(const AuditHead&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("log", &AuditHead::log), field("size", &AuditHead::size),
                      field("root", &AuditHead::root)};
  }
};

// What a look over a whole database found.
struct Findings {
  int schema = 0;
  std::vector<AuditHead> heads;       // by name
  std::vector<std::string> mistakes;  // in words for the operator; empty: sound. At most `mistakes_max`
  static constexpr std::size_t mistakes_max = 100;
};

// What a backup holds, written last: a directory without it is no backup.
struct Manifest {
  int format = 1;
  int schema = 0;
  Instant at{};
  Digest database{};  // SHA-256 of the files
  Digest slots{};     // zero: there were none
  std::vector<AuditHead> heads;
  static constexpr auto fields() {
    return std::tuple{field("format", &Manifest::format), field("schema", &Manifest::schema),
                      field("at", &Manifest::at),         field("database", &Manifest::database),
                      field("slots", &Manifest::slots),   field("heads", &Manifest::heads)};
  }
};
constexpr auto manifest_file = "manifest.json";

// Brings the database of a directory to this build's schema; returns how many steps were made.
Result<int> migrate(const std::string& directory, Instant now);

// Reads everything: SQLite's own check, foreign keys, open cases against their columns, every audit row's place
// and leaf, bundles, tiles and checkpoints against the trees built anew. Works beside a running server, in one
// snapshot. An error is only what kept it from looking.
Result<Findings> check(const std::string& database);

// Copies database and slots into a new or empty directory, beside a running server, and checks the copy. Corrupt
// if the copy is not sound.
Result<Manifest> backup(const std::string& directory, const std::string& into, Instant now);

// Puts a backup into a directory that has neither database nor slots, after verifying all that its manifest says.
Result<Manifest> restore(const std::string& from, const std::string& directory);

}  // namespace kintsugi::sqlite
