#pragma once

#include "engine/base/bytes.h"
#include "engine/base/entropy.h"

#include <optional>
#include <string>
#include <string_view>

namespace kintsugi {

// Codes for the day on which the generator is lost: 80 random bits each, as ABCD-EFGH-JKMN-PQRS for paper, without
// letters that are taken for one another.
std::string new_recovery_code(Entropy& entropy);

// What is stored of one, however it was typed (small letters, blanks, no hyphens). Empty when it is none by its form:
// the codes of a generator are shorter.
std::optional<Digest> recovery_digest(std::string_view typed);

}  // namespace kintsugi
