#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::intake {

// Whether the mail server that brought a mail vouches for the address in its From (RFC 8601).
//
// Only Authentication-Results with our server's own name count; the server must remove such fields from what it
// receives. Should one be left in, it cannot help: a method counts when it says `pass` wherever it is named, and an
// aligned domain every time.
//   dmarc  pass for the domain of From
//   dkim   pass of a signature by exactly that domain
//   spf    pass for an envelope sender of exactly that domain
//   auth   the sender has signed in at our server under this address
// Linear in the length; comments and quoted texts are understood, nothing is guessed.
bool vouched_for(std::string_view from, const std::vector<std::string>& results, std::string_view authserv_id,
                 const std::vector<std::string>& accepted_methods);

}  // namespace kintsugi::intake
