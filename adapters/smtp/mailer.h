#pragma once

#include "adapters/smtp/config.h"
#include "engine/ports/mailer.h"

#include <memory>

namespace kintsugi::smtp {

// Hands letters to a mail server with SMTP (RFC 5321), STARTTLS (RFC 3207) and AUTH (RFC 4954), by libcurl.
//
// What a failure means: a server that cannot be reached, that does not finish in time, that does not let us sign in,
// whose certificate does not hold, or that says 4xx is Transient, because none of it is the letter's fault and an
// operator can mend it while the letter waits. Refused is a 5xx to the message, its sender or to every recipient.
// A letter that compose() refuses is Invalid and nothing is sent.
//
// When a server takes a letter for some recipients and tells others to wait (4xx), those that can have it get it at
// once and the call is Transient; the object remembers who has it, by message id, for the last 1,024 such letters,
// so that the repeat goes to the others only. After a restart a repeat may reach a recipient twice, with the same
// Message-ID. Errors name phase and code, never an address, a password or the server's words.
//
// The connection is kept open between letters for some seconds, and for ten letters at most. Any thread; one letter
// at a time.
class Mailer final : public kintsugi::Mailer {
 public:
  // A configuration with mistakes (mistakes_in) makes every post() Invalid.
  explicit Mailer(Config config);
  ~Mailer() override;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  Result<Posted> post(const Letter& letter, Instant at) override;

 private:
  class Line;
  std::unique_ptr<Line> line_;
};

}  // namespace kintsugi::smtp
