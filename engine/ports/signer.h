#pragma once

#include "engine/base/bytes.h"

#include <string>
#include <vector>

namespace kintsugi {

// Signs checkpoints of audit logs (C2SP tlog-checkpoint). It remembers, durably and outside the database, the last
// size and root it signed for each log, and refuses whatever is not an extension of that: a restored old database
// stops here before it can lie.
class Signer {
 public:
  virtual ~Signer() = default;

  struct Head {
    std::string origin;
    std::int64_t size = 0;
    Digest root{};
  };

  // The signed note. `proof` is the consistency proof from last(origin) to `head` (RFC 6962 2.1.2; empty from size
  // 0). Refused when it does not hold or the size would go back.
  virtual Result<std::string> sign(const Head& head, const std::vector<Digest>& proof) = 0;
  // What was signed last for this origin; size 0 if nothing was.
  virtual Result<Head> last(const std::string& origin) = 0;
  // The verifier key of an origin, `name+keyid+base64` (C2SP signed-note).
  virtual std::string verifier_key(const std::string& origin) const = 0;
};

}  // namespace kintsugi
