#pragma once

#include "engine/run/prepare.h"

#include <string>
#include <vector>

namespace kintsugi {

// Where closings are kept whose commit failed: a file beside the database, one line of JSON for each, with a digest
// over the rest of the line, synced before the caller hears of it. Texts in it are ciphertext, as in the store.
// One thread.
class Journal {
 public:
  // An empty path: no journal; append() is then Transient and read() finds nothing.
  explicit Journal(std::string path) : path_(std::move(path)) {}

  // The closing as it was submitted, the orders already handed over, and the records that its laps made.
  Result<> append(const Prepared& closing, const std::vector<Effect>& orders, const std::vector<AuditLine>& records);

  // Everything in it, oldest first. A torn last line was never promised to anybody and is left out; any other line
  // that does not fit its digest is Corrupt.
  Result<std::vector<Prepared>> read(const Schemas& schemas) const;

  // After the commit of what it held.
  Result<> truncate();

 private:
  std::string path_;
};

}  // namespace kintsugi
