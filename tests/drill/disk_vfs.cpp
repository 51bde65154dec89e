#include "engine/base/ensure.h"
#include "tests/drill/disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

// The disk as SQLite sees it.
namespace kintsugi::drill {
namespace {

struct Handle {
  sqlite3_file base;
  std::shared_ptr<Disk::File> file;
  bool deletes = false;
  std::string name;
  int level = SQLITE_LOCK_NONE;
  std::array<int, SQLITE_SHM_NLOCK> shared{};  // 0 none, 1 shared, 2 exclusive
};

Handle& of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}
Disk& disk() {
  return Disk::the();
}

template <class F>
bool any_other(Handle& self, F&& holds) {
  return std::ranges::any_of(self.file->opened, [&](void* one) {
    auto* other = static_cast<Handle*>(one);
    return other != &self && holds(*other);
  });
}

int x_close(sqlite3_file* file) {
  Handle& self = of(file);
  std::erase(self.file->opened, &self);
  if (self.deletes && !disk().is_frozen()) disk().remove(self.name);
  self.~Handle();
  return SQLITE_OK;
}

int x_read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  if (disk().is_frozen()) return SQLITE_IOERR_READ;
  const std::string& bytes = of(file).file->bytes;
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  const auto there = std::clamp<sqlite3_int64>(size - at, 0, count);
  std::memcpy(to, bytes.data() + std::min(at, size), static_cast<std::size_t>(there));
  if (there == count) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(count - there));
  return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
  bool half = false;
  const int fate = disk().fate_of_write(half);
  if (fate != SQLITE_OK && !half) return fate;
  Disk::File& to = *of(file).file;
  const auto size = static_cast<std::size_t>(half ? count / 2 : count);
  write_at(to.bytes, at, static_cast<const char*>(from), size);
  to.since.push_back({.cut = false, .at = at, .bytes = std::string(static_cast<const char*>(from), size)});
  return fate;
}

int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (disk().is_frozen()) return SQLITE_IOERR_TRUNCATE;
  Disk::File& one = *of(file).file;
  one.bytes.resize(static_cast<std::size_t>(size), '\0');
  one.since.push_back({.cut = true, .at = size, .bytes = {}});
  return SQLITE_OK;
}

int x_sync(sqlite3_file* file, int) {
  if (const int fate = disk().fate_of_sync(); fate != SQLITE_OK) return fate;
  Disk::File& one = *of(file).file;
  one.sync();
  return SQLITE_OK;
}

int x_file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(file).file->bytes.size());
  return SQLITE_OK;
}

int x_lock(sqlite3_file* file, int level) {
  Handle& self = of(file);
  if (self.level >= level) return SQLITE_OK;
  const auto held = [&](int least) { return any_other(self, [&](const Handle& one) { return one.level >= least; }); };
  if (level == SQLITE_LOCK_SHARED && held(SQLITE_LOCK_PENDING)) return SQLITE_BUSY;
  if (level >= SQLITE_LOCK_RESERVED && held(SQLITE_LOCK_RESERVED)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && held(SQLITE_LOCK_SHARED)) {
    self.level = SQLITE_LOCK_PENDING;
    return SQLITE_BUSY;
  }
  self.level = level;
  return SQLITE_OK;
}
int x_unlock(sqlite3_file* file, int level) {
  of(file).level = level;
  return SQLITE_OK;
}
int x_check_reserved_lock(sqlite3_file* file, int* held) {
  *held = static_cast<int>(any_other(of(file), [](const Handle& one) { return one.level >= SQLITE_LOCK_RESERVED; }));
  return SQLITE_OK;
}
int x_file_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int x_sector_size(sqlite3_file*) {
  return 512;
}
int x_device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int x_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  auto& pages = of(file).file->shared;
  while (extend != 0 && static_cast<int>(pages.size()) <= page)
    pages.push_back(std::make_unique<std::string>(static_cast<std::size_t>(size), '\0'));
  *at = static_cast<int>(pages.size()) > page ? pages[static_cast<std::size_t>(page)]->data() : nullptr;
  return SQLITE_OK;
}
int x_shm_lock(sqlite3_file* file, int first, int count, int flags) {
  if (disk().is_frozen()) return SQLITE_IOERR_SHMLOCK;
  Handle& self = of(file);
  const int wanted = (flags & SQLITE_SHM_UNLOCK) != 0 ? 0 : (flags & SQLITE_SHM_SHARED) != 0 ? 1 : 2;
  for (int i = first; i < first + count; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    if (wanted > 0 && any_other(self, [&](const Handle& one) { return one.shared[slot] + wanted > 2; }))
      return SQLITE_BUSY;
  }
  for (int i = first; i < first + count; ++i)
    self.shared[static_cast<std::size_t>(i)] = wanted;
  return SQLITE_OK;
}
void x_shm_barrier(sqlite3_file*) {}
int x_shm_unmap(sqlite3_file* file, int) {
  of(file).shared = {};
  return SQLITE_OK;
}

const sqlite3_io_methods methods = {2,
                                    x_close,
                                    x_read,
                                    x_write,
                                    x_truncate,
                                    x_sync,
                                    x_file_size,
                                    x_lock,
                                    x_unlock,
                                    x_check_reserved_lock,
                                    x_file_control,
                                    x_sector_size,
                                    x_device_characteristics,
                                    x_shm_map,
                                    x_shm_lock,
                                    x_shm_barrier,
                                    x_shm_unmap,
                                    nullptr,
                                    nullptr};

int x_open(sqlite3_vfs*, const char* name, sqlite3_file* at, int flags, int* got) {
  at->pMethods = nullptr;
  if (disk().is_frozen()) return SQLITE_CANTOPEN;
  const std::string path = name == nullptr ? "unnamed" : name;
  auto file = disk().find(path);
  if (!file && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  if (!file) file = disk().make(path);
  auto* self = new (at) Handle{};
  self->file = std::move(file);
  self->name = path;
  self->deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  self->file->opened.push_back(self);
  self->base.pMethods = &methods;
  if (got != nullptr) *got = flags;
  return SQLITE_OK;
}
int x_delete(sqlite3_vfs*, const char* name, int) {
  if (disk().is_frozen()) return SQLITE_IOERR_DELETE;
  if (!disk().find(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk().remove(name);
  return SQLITE_OK;
}
int x_access(sqlite3_vfs*, const char* name, int, int* there) {
  const auto file = disk().find(name);
  *there = static_cast<int>(file != nullptr);
  return SQLITE_OK;
}
int x_full_pathname(sqlite3_vfs*, const char* name, int size, char* to) {
  sqlite3_snprintf(size, to, "%s", name);
  return SQLITE_OK;
}
int x_randomness(sqlite3_vfs*, int count, char* to) {
  static Dice chance{42};
  for (int i = 0; i < count; ++i)
    to[i] = static_cast<char>(chance.below(256));
  return count;
}
int x_sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;  // whoever holds the lock is this thread
}
int x_current_time(sqlite3_vfs*, double* days) {
  *days = 2461041.5;
  return SQLITE_OK;
}
int x_get_last_error(sqlite3_vfs*, int, char*) {
  return 0;
}
int x_current_time_int64(sqlite3_vfs*, sqlite3_int64* milliseconds) {
  *milliseconds = 212633985600000;
  return SQLITE_OK;
}

}  // namespace

Disk& Disk::the() {
  static Disk one;
  static sqlite3_vfs vfs = {};
  static const bool registered = [] {
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(Handle);
    vfs.mxPathname = 512;
    vfs.zName = "drill";
    vfs.xOpen = x_open;
    vfs.xDelete = x_delete;
    vfs.xAccess = x_access;
    vfs.xFullPathname = x_full_pathname;
    vfs.xRandomness = x_randomness;
    vfs.xSleep = x_sleep;
    vfs.xCurrentTime = x_current_time;
    vfs.xGetLastError = x_get_last_error;
    vfs.xCurrentTimeInt64 = x_current_time_int64;
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
  }();
  ensure(registered, "SQLite takes the disk of the drill");
  return one;
}

}  // namespace kintsugi::drill
