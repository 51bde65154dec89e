#pragma once

#include "engine/base/bytes.h"
#include "engine/base/instant.h"
#include "engine/domain/letter.h"

#include <string>
#include <vector>

namespace kintsugi {

struct Posted {
  Digest sent{};                     // SHA-256 of the bytes that were handed over
  std::vector<std::string> refused;  // recipients that the server refused for good (5xx); the others have it
};

// Hands letters to a mail server. Transient: try again (server away, 4xx). Refused: the server refused the letter
// for every recipient, for good. Any thread; one letter at a time per object.
class Mailer {
 public:
  virtual ~Mailer() = default;
  // `at` is the letter's date; the bytes depend on nothing but the letter and `at`.
  virtual Result<Posted> post(const Letter& letter, Instant at) = 0;
};

}  // namespace kintsugi
