#include "tests/drill/disk.h"

#include <sqlite3.h>

#include <algorithm>

namespace kintsugi::drill {

void write_at(std::string& bytes, std::int64_t at, const char* from, std::size_t count) {
  const auto end = static_cast<std::size_t>(at) + count;
  if (bytes.size() < end) bytes.resize(end, '\0');
  std::copy_n(from, count, bytes.begin() + at);
}

// Only what was written since: a database is much larger than a commit.
void Disk::File::sync() {
  for (const Op& op : since)
    if (op.cut)
      durable.resize(static_cast<std::size_t>(op.at), '\0');
    else
      write_at(durable, op.at, op.bytes.data(), op.bytes.size());
  since.clear();
}

std::shared_ptr<Disk::File> Disk::find(const std::string& name) {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<Disk::File> Disk::make(const std::string& name) {
  auto& file = files_[name];
  if (!file) file = std::make_shared<File>();
  return file;
}

void Disk::thaw(bool power_cut, Dice& chance) {
  frozen_ = false;
  for (auto& [name, file] : files_) {
    file->shared.clear();
    if (power_cut) {
      for (const Op& op : file->since) {
        const int luck = chance.below(5);
        if (luck <= 1) continue;
        if (op.cut)
          file->durable.resize(static_cast<std::size_t>(op.at), '\0');
        else
          write_at(file->durable, op.at, op.bytes.data(), luck == 2 ? op.bytes.size() / 2 : op.bytes.size());
      }
      file->bytes = file->durable;
      file->since.clear();
    }
  }
}

int Disk::fate_of_write(bool& half) {
  half = false;
  if (frozen_) return SQLITE_IOERR_WRITE;
  if (dice == nullptr) return SQLITE_OK;
  half = faults.torn > 0 && dice->percent(faults.torn);
  const bool full = half || (faults.full > 0 && dice->percent(faults.full));
  const bool error = !full && faults.error > 0 && dice->percent(faults.error);
  if (full || error) ++faults_met;
  return full ? SQLITE_FULL : error ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int Disk::fate_of_sync() {
  if (frozen_) return SQLITE_IOERR_FSYNC;
  if (dice == nullptr || faults.error == 0 || !dice->percent(faults.error)) return SQLITE_OK;
  ++faults_met;
  return SQLITE_IOERR_FSYNC;
}

}  // namespace kintsugi::drill
