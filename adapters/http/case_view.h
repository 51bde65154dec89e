#pragma once

#include "adapters/http/desk.h"
#include "adapters/http/language.h"
#include "engine/run/queries.h"

#include <map>
#include <vector>

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

// What people call attachments by, having no names: 1 is the first that came to the case.
using AttachmentNumbers = std::map<DocumentId, int>;
AttachmentNumbers attachment_numbers(const CaseFile& file, const std::vector<DocumentBrief>& all_of_case);

// One of a case's documents, in its view and in the list of them; an attachment with what it was judged to be.
Json document_json(const DocumentBrief& document, const CaseFile& file, const AttachmentNumbers& numbers,
                   const CaseViewer& viewer);

// One line of a list.
Json brief_json(const CaseBrief& brief, const CaseViewer& viewer);

}  // namespace kintsugi::http
