#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/document.h"
#include "engine/run/conductor.h"

#include <map>
#include <mutex>
#include <string>

namespace kintsugi::http {

// Puts it into the hospital's log that somebody was shown a document (`document.read`), durably, before he is.
// Its records are numbered as those of a node of their own, beside the conductor's. Any thread.
class Readings {
 public:
  // `run` tells this start of the process from others: 8 hexadecimal digits.
  Readings(Conductor& conductor, const Clock& clock, std::string node, std::string log_base, std::string run);
  Result<> record(const Actor& actor, const CaseFile& file, const Document& document);

 private:
  Conductor& conductor_;
  const Clock& clock_;
  const std::string node_;
  const std::string log_base_;
  const std::string run_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> next_;  // by log; raised only by what was committed
};

}  // namespace kintsugi::http
