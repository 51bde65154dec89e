#pragma once

#include <string_view>

namespace kintsugi {

// For what cannot happen. On in every build: logs the sentence and aborts, because a process that is wrong
// about itself must not go on writing to a hospital's record. The outbox and the journal make a restart safe.
void ensure(bool holds, std::string_view sentence);

}  // namespace kintsugi
