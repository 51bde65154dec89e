#pragma once

#include "adapters/http/desk.h"
#include "adapters/http/language.h"
#include "engine/run/queries.h"

// A case as one person may see it, in his language. It holds ids, names of a closed vocabulary, labels, digests and
// times; what somebody typed is behind the document links.
namespace kintsugi::http {

struct CaseViewer {
  const Desk& desk;
  const Directory& directory;
  Language language;
};

// Everything about one case, `actions` included: each event of its state, allowed for this person or with what
// blocks it, who can lift that, and since when.
Json case_json(const Queries::CaseView& view, const CaseViewer& viewer);

// One of a case's documents, in its view and in the list of them.
Json document_json(const DocumentBrief& document, const CaseId& case_id, const CaseViewer& viewer);

// One line of a list.
Json brief_json(const CaseBrief& brief, const CaseViewer& viewer);

}  // namespace kintsugi::http
