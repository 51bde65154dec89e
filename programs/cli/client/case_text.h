#pragma once

#include "engine/base/fields.h"
#include "engine/base/instant.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/words.h"

#include <string>

// Cases as a person reads them at a terminal, from what the API answered. Pure.
namespace kintsugi::cli {

struct Page {
  const Tongue& tongue;
  Paint paint;
  Instant now;
};

// One line a case.
std::string cases_text(const Json& cases, const Page& page);
// Where one case stands, what runs out when, what this person may do, what blocks the rest and who can lift it.
std::string case_text(const Json& seen, const Page& page);
// A line for each case whose door may be open: where, since when, until when, and for whom.
std::string inside_text(const Json& cases, const Page& page);
// What is asked of an approver before he proves who he is.
std::string request_text(const Json& seen, const Page& page);
// Of one of its documents: whether patient data is in it, who judged that and when; empty for what is no attachment.
std::string judgement_text(const Json& document, const Tongue& tongue);
// One line: number, state, how long.
std::string state_text(const Json& seen, const Page& page);

}  // namespace kintsugi::cli
