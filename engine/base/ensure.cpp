#include "engine/base/ensure.h"

#include "engine/base/log.h"

#include <cstdlib>

namespace kintsugi {

void ensure(bool holds, std::string_view sentence) {
  if (holds) return;
  log::engine().critical("cannot happen: {}", sentence);
  log::engine().flush();
  std::abort();
}

}  // namespace kintsugi
