#pragma once

#include "engine/domain/workflow.h"

#include <string>

// Parts that several letters share, and the letter that tells of several cases at once.
namespace kintsugi::fault_response {

enum class Tongue { ja, en };
std::string in(Tongue tongue, const Text& text);
// Masters are typed by people too; a line break in one must not become a header or a line of its own.
std::string one_line(std::string text);
// Both languages in one line, or once if they are the same.
std::string both(const Text& text);

// Of a letter of the ladder: who was asked before and when, and whom to call now, in order. Empty for other letters.
std::string ladder_part(Tongue tongue, const Effect& effect, const LetterContext& context);

// Workflow::digest_letter: what happened, each with its case, priority, device and time, P1 first. Says at most
// `lines_max` cases by name and the rest by number; every case says itself in which letter it was told.
Letter digest_letter(const std::vector<Told>& told, const DigestContext& context);
constexpr std::size_t lines_max = 500;

}  // namespace kintsugi::fault_response
