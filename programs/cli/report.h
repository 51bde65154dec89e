#pragma once

#include "engine/audit/verify.h"
#include "engine/base/result.h"
#include "engine/base/wording.h"
#include "programs/cli/client/words.h"

#include <span>
#include <string>

namespace kintsugi::cli {

// What the rooms below say of a failure or of a mistake in a file, in the language of whoever is at the terminal.
// What nobody has put into Japanese (a system's own words, a bug) stands in English behind the kind of failure it is.
std::string in_words(const Error& error, const Tongue& say);
std::string in_words(const std::string& mistake, const Tongue& say);
// What was found of a log, one line a fact.
std::string in_words(const audit::Report& report, const Tongue& say);

// The same on standard error; returns the exit code for it.
int report(const Error& error, const Tongue& say);

// Sentences of the rooms that the command line calls itself. In error_words.cpp.
std::span<const Wording> error_wordings();

}  // namespace kintsugi::cli
