#pragma once

#include "engine/base/result.h"
#include "programs/cli/client/words.h"

#include <string>

namespace kintsugi::cli {

inline constexpr std::size_t line_bytes_max = 4096;                  // of what somebody types
inline constexpr std::size_t file_bytes_max = std::size_t{1} << 20;  // of a file that is sent: the API takes no more

// Asks at the terminal of this process, whatever standard input is. A secret is not shown while it is typed; the
// terminal is put right again also when Ctrl-C ends the question. Invalid when there is no terminal.
Result<std::string> ask(const Tongue& tongue, const std::string& question, std::string_view instead);
Result<std::string> ask_secret(const Tongue& tongue, const std::string& question, std::string_view instead);

// The next line of standard input without its end, and nothing beyond it, so that a second line can be read later.
// Invalid, naming `what`, at its end or when the line is too long.
Result<std::string> line_of_input(const Tongue& tongue, const std::string& what);

// A whole file, or all of standard input for `-`. Nothing when it cannot be read or is too large.
Result<std::string> whole_file(const Tongue& tongue, const std::string& path);

// Writes a file that only its owner can read: beside it first, then in its place, so that it is never half there.
Result<> write_private(const Tongue& tongue, const std::string& path, const std::string& text);

// Are colours welcome on standard output? Only on a terminal, and not with NO_COLOR (https://no-color.org).
bool colours_welcome();

}  // namespace kintsugi::cli
