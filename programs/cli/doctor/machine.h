#pragma once

#include "engine/base/instant.h"
#include "engine/base/result.h"

#include <string>

// Questions to this machine and to what it can reach. Nothing here changes anything.
namespace kintsugi::cli {

inline constexpr std::chrono::seconds reach_limit{5};  // for connecting, and for each answer

// Until when the first certificate of a PEM file is good.
Result<Instant> certificate_end(const std::string& file);
// The same of whoever answers there with TLS, trusted or not.
Result<Instant> certificate_end(const std::string& host, int port);

// Whether a private key is that of a certificate; no if either cannot be read.
bool belong_together(const std::string& certificate_file, const std::string& key_file);

enum class Reached { answered, refused, nobody };  // nobody: no such name, no way there, or silence
Reached reach(const std::string& host, int port);
// What a mail server says first; empty when it says nothing.
std::string greeting(const std::string& host, int port);

// Could a server listen there now?
bool can_listen(const std::string& host, int port);

// Does the operating system keep the clock right (adjtimex: synchronised)?
bool clock_is_kept();

}  // namespace kintsugi::cli
