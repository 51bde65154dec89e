#pragma once

#include "adapters/http/case_view.h"

// Who was asked, who comes next, whom to call, and which letter told whom.
namespace kintsugi::http {

// Of a case in which somebody is waited for; null when nobody is.
Json ladder_json(const CaseFile& file, const CaseViewer& viewer);

// The letters of the case, newest first, with what became of each; `told_in` names the letter that told of several.
Json letters_json(const std::vector<OutboxRow>& rows, const CaseViewer& viewer);

}  // namespace kintsugi::http
