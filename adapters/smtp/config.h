#pragma once

#include "engine/base/instant.h"

#include <string>
#include <vector>

namespace kintsugi::smtp {

// `required` is the default: a mail server that offers no STARTTLS then gets no letter and no password.
// `opportunistic` encrypts when it is offered and checks the certificate; a forged answer can switch it off, so it
// may not be used together with a password. `off` is for a server on the same machine.
enum class StartTls { required, opportunistic, off };

// How letters reach the mail server, and whom they come from.
struct Config {
  std::string host;
  int port = 587;  // TCP; 587 is submission (RFC 6409)
  StartTls starttls = StartTls::required;
  std::string ca_file;   // PEM; empty: the machine's own authorities
  std::string user;      // empty: no AUTH
  std::string password;  // never in an error, a log or a message
  std::string helo;      // name this engine gives itself in EHLO; empty: the part of `from` behind the @

  std::string from;             // address of the header and, unless `envelope_from` is set, of the envelope
  std::string from_name;        // UTF-8, shown beside the address; may be empty
  std::string envelope_from;    // where bounces go
  std::string reply_to;         // address; may be empty
  std::string list_id;          // RFC 2919 without brackets, `cases.kintsugi.example`; may be empty
  Duration connect_limit = 5s;  // name look-up, TCP and TLS; whole milliseconds
  Duration total_limit = 30s;   // one transaction with the server from connecting to its last answer
};

// Every mistake in a configuration, in words for the operator; empty when there is none.
std::vector<std::string> mistakes_in(const Config& config);

// An address as we accept it anywhere: `local@domain` in printable ASCII (RFC 5321 dot-strings, at most 254 bytes).
// Quoted local parts, comments, address literals and SMTPUTF8 are not accepted; nothing that is accepted can end a
// header line or a command.
bool is_address(std::string_view text);

}  // namespace kintsugi::smtp
