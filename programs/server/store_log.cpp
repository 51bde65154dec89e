#include "programs/server/store_log.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr int rows_at_once = 1024;

}  // namespace

Result<std::string> StoreLog::checkpoint() {
  auto last = store_.last_checkpoint(origin_);
  if (!last) return pass(last);
  if (!*last) return fail(Errc::NotFound, "nothing has been signed yet");
  return std::move((*last)->note);
}

Result<> StoreLog::read(std::int64_t first, std::int64_t count, const Visit& visit) {
  while (count > 0) {
    const auto rows = store_.audit_rows(origin_, first, static_cast<int>(std::min<std::int64_t>(count, rows_at_once)));
    if (!rows) return pass(rows);
    if (rows->empty())
      return fail(Errc::Corrupt, "record " + std::to_string(first) + " is missing");
    for (const AuditRow& row : *rows) {
      if (row.seq != first) return fail(Errc::Corrupt, "record " + std::to_string(first) + " is missing");
      if (!visit(first, {row.body, &row.leaf})) return {};
      ++first;
      --count;
    }
  }
  return {};
}

}  // namespace kintsugi
