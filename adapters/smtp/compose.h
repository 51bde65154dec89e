#pragma once

#include "adapters/smtp/config.h"
#include "engine/domain/letter.h"

#include <string>

namespace kintsugi::smtp {

constexpr std::size_t subject_max = 998;       // bytes of UTF-8
constexpr std::size_t body_max = 1024 * 1024;  // bytes of UTF-8
constexpr std::size_t recipients_max = 200;    // in one letter
constexpr std::size_t message_id_max = 200;    // bytes, so that the header fits one line

// Before the first letter, while no other thread is in GMime: two rooms use it, and its own start is not made for two
// threads at once.
void start_gmime();

// The message as it is handed to a mail server (RFC 5322, lines end with CR LF): the words of the letter in UTF-8,
// the subject in encoded words (RFC 2047), the body in base64, `at` as its date in UTC. Threaded by In-Reply-To and
// References to the letter's thread root; the root itself has neither. Auto-Submitted says that no person wrote it
// (RFC 3834), so that absence notices do not answer it.
//
// The bytes are a function of the arguments and of nothing else, so their digest can be proved later.
// Invalid: an address or id that we do not accept, a subject with a line end or other control character, text that
// is no UTF-8, a size beyond the limits above. Any thread.
Result<std::string> compose(const Letter& letter, Instant at, const Config& config);

}  // namespace kintsugi::smtp
