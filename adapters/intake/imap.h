#pragma once

#include "adapters/intake/config.h"

#include <functional>
#include <memory>
#include <string_view>

namespace kintsugi::intake {

// Empties a mailbox with IMAP (RFC 3501, UIDPLUS, MOVE), by libcurl.
//
// look() lists the folder by UID, fetches every mail of it, hands it to `take`, and only when that has succeeded
// moves the mail to the taken folder, or deletes it if there is none. A crash or a lost connection in between leaves
// the mail where it was; it comes again and is known then. Every step names the folder's UIDVALIDITY, so that a
// folder that was made anew is never mistaken for the old one. A mail longer than message_bytes_max is fetched up to
// there.
//
// Errors name the step and libcurl's reason, never a password, an address or the server's words. One thread; stop()
// from any.
class Imap {
 public:
  using Take = std::function<Result<>(std::string_view)>;

  explicit Imap(Mailbox mailbox);
  ~Imap();
  Imap(const Imap&) = delete;
  Imap& operator=(const Imap&) = delete;

  // How many were taken. Transient when the server cannot be reached or does not do what it is told, or when `take`
  // is Transient; mails that `take` refuses for another reason stay and the next ones are taken.
  Result<int> look(const Take& take);
  // Breaks off whatever waits for the server, within about a second and for good.
  void stop();

 private:
  class Line;
  std::unique_ptr<Line> line_;
};

}  // namespace kintsugi::intake
