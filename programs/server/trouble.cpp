#include "programs/server/trouble.h"

#include "adapters/signer/ed25519_signer.h"
#include "adapters/sqlite/directory.h"
#include "adapters/sqlite/store.h"
#include "engine/base/fields.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace kintsugi {
namespace {

constexpr int looked_at = 256;  // newest records, of all logs together

bool is_in_use(const Home& home) {
  const int file = ::open((home.directory / sqlite::lock_file).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool taken = ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return taken;
}

bool is_older_than_signed(const Home& home) {
  auto store = sqlite::Store::look_at(home.database().string());
  const auto signer = Ed25519Signer::open(home.signer());
  const auto logs =
      store && signer ? (*store)->audit_logs() : Result<std::vector<std::string>>(fail(Errc::NotFound, ""));
  if (!logs) return false;
  return std::ranges::any_of(*logs, [&](const std::string& log) {
    const auto head = (*signer)->last(log);
    const auto size = (*store)->audit_size(log);
    return head && size && head->size > *size;
  });
}

}  // namespace

Trouble trouble_of(const Home& home) {
  struct statvfs disk {};
  if (is_in_use(home)) return Trouble::in_use;
  if (::statvfs(home.directory.c_str(), &disk) == 0) {
    if ((disk.f_flag & ST_RDONLY) != 0) return Trouble::read_only;
    if (std::uintmax_t{disk.f_bavail} * disk.f_frsize < room_min) return Trouble::disk_full;
  }
  return is_older_than_signed(home) ? Trouble::older_database : Trouble::other;
}

Instant newest_record(Store& store) {
  const auto end = store.audit_end();
  const auto rows = end ? store.audit_after(std::max<std::int64_t>(*end - looked_at, 0), looked_at)
                        : Result<std::vector<AuditRow>>(pass(end));
  Instant out{};
  if (!rows) return out;
  for (const AuditRow& row : *rows) {
    const Json record = Json::parse(row.body, nullptr, false);
    if (!record.is_object()) continue;
    if (const auto at = instant_from(record.value("t", std::string()))) out = std::max(out, *at);
  }
  return out;
}

}  // namespace kintsugi
