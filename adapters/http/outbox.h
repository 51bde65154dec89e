#pragma once

#include "adapters/http/case_view.h"

#include <vector>

namespace kintsugi::http {

// What was given up of a case, as tasks for a person: which delivery, of what kind, since when, and who may send it
// again. Everybody who sees the case sees that something of it did not arrive; why, only those who can mend it.
Json tasks_json(const CaseFile& file, const std::vector<OutboxRow>& given_up, const CaseViewer& viewer,
                const Actor& reader);

}  // namespace kintsugi::http
