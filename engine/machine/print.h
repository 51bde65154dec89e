#pragma once

#include "engine/domain/workflow.h"

#include <string>

// A workflow's table, printed. All three are functions of the value alone and stable: the same workflow gives the
// same bytes, so that a page can be compared with what was generated.
namespace kintsugi {

// A Mermaid state diagram: states grouped by the guideline's steps, coloured by access, moves labelled with their
// rows. Internal rows and notes move nothing and are left to the table.
std::string to_mermaid(const Workflow& workflow);

// Two Markdown tables, states and rows. A row with several from-states is one line.
std::string to_markdown(const Workflow& workflow);

// One line of JSON with sorted members: states, arcs and events, without labels, payloads and the digest itself.
// Workflow::digest is the SHA-256 of exactly these bytes.
std::string to_table_json(const Workflow& workflow);

}  // namespace kintsugi
