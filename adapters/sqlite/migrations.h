#pragma once

#include "adapters/sqlite/connection.h"

#include <span>

namespace kintsugi::sqlite {

// One step of the schema. Steps are numbered from 1 without gaps and never change once released: what a database
// went through is recorded with the digest of the text.
struct Migration {
  int number = 0;
  std::string_view title;
  std::string_view sql;
};
std::span<const Migration> migrations();

// The step a database is at; 0 for an empty one. Refused for a database of a newer build, or one that went
// through a step this build knows in other words.
Result<int> schema_version(Connection& connection);

// Brings a database to the newest step (or to `upto`), each step in a transaction of its own together with its
// record. Returns how many steps were made.
Result<int> migrate(Connection& connection, Instant now, int upto = 0);

}  // namespace kintsugi::sqlite
