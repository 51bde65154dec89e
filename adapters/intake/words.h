#pragma once

#include "adapters/intake/judge.h"

#include <string>

namespace kintsugi::intake {

// What a person reads about a reason, in both languages.
Text words_for(Reason reason);

// What of the mail is kept in its case, beside the text.
enum class Kept { whole, text_only };

// The document that a person reads first: who claims to have sent it, what was made of it and why, and the text. In
// both languages, at most text_bytes_max and some lines long. It holds what somebody typed and is sealed with the
// case.
std::string as_document(const Mail& mail, Reason reason, Kept kept = Kept::whole);
// The same for a note, at most note_characters_max of the text.
std::string as_note(const Mail& mail, Kept kept = Kept::whole);

}  // namespace kintsugi::intake
