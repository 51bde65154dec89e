#pragma once

#include "engine/base/instant.h"

#include <cstddef>

// Every limit of the mails that come in, with its unit. What is over one goes to a person, never away.
namespace kintsugi::intake {

// One mail.
inline constexpr std::size_t message_bytes_max = std::size_t{4} << 20;  // of a longer one the beginning is kept
inline constexpr std::size_t header_bytes_max = 8192;                   // one header field, unfolded; the rest is cut
inline constexpr std::size_t text_bytes_max = std::size_t{64} << 10;    // of its text, UTF-8; the rest is in the mail
inline constexpr int parts_max = 200;
inline constexpr int depth_max = 12;  // parts within parts
// Content-Types of a mail, and colons of a field of addresses: with more, nothing of it is read at all.
inline constexpr std::size_t nested_max = 2'000;
inline constexpr std::size_t references_max = 50;
inline constexpr std::size_t note_characters_max = 3'000;  // of a reply's text; the whole mail is kept beside it

// Attachments that become documents of their own. The others stay in the mail as received.
inline constexpr std::size_t attachments_of_mail_max = 20;
inline constexpr std::size_t attachment_bytes_max = std::size_t{2} << 20;  // decoded

// Templates.
inline constexpr std::size_t templates_max = 200;
inline constexpr std::size_t patterns_max = 24;        // of one template
inline constexpr std::size_t pattern_bytes_max = 200;  // one pattern
inline constexpr std::size_t lines_max = 2'000;        // of a mail that are looked at
inline constexpr std::size_t code_bytes_max = 64;
inline constexpr std::size_t serial_bytes_max = 64;

// Storms. Over the first limit a notice that repeats itself is counted without its text, and any other mail keeps
// its text and not its attachments; over the second, strangers share one case.
inline constexpr int whole_mails_per_hour = 30;    // with the same sender and code, kept whole
inline constexpr int unknown_cases_per_hour = 20;  // opened by mails that nobody can read or assign

// The spool and what stays beside it.
inline constexpr std::size_t spooled_mails_max = 10'000;  // more are left to the mail server
inline constexpr int taken_per_look_max = 100;
inline constexpr std::size_t quarantined_mails_max = 500;  // the oldest goes first
inline constexpr Duration quarantined_for = std::chrono::hours(24 * 30);
inline constexpr Duration unfinished_for = std::chrono::hours(24);  // then half a mail in the spool is nobody's
inline constexpr std::size_t ledger_lines_max = 50'000;             // of mails that were taken

// Waiting.
inline constexpr Duration look_every = std::chrono::milliseconds(500);  // into the spool
inline constexpr Duration rest_after_failure = std::chrono::seconds(5);

}  // namespace kintsugi::intake
