#pragma once

#include "engine/base/wording.h"
#include "engine/domain/directory.h"

#include <span>
#include <string>

namespace kintsugi::http {

// What is wrong with a place of the input, in both languages. It is English where it is found, by fields.h, by the
// validator of JSON Schema, by the rooms behind the API; here it is put into words of our own. A text that nobody has
// written into the list stands as it came, and a test sees to it that none is left.
Text input_words(const std::string& found);

// The list, but for what fields.h says (wording.h).
std::span<const Wording> input_wordings();

}  // namespace kintsugi::http
