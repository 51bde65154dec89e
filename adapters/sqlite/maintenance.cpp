#include "adapters/sqlite/maintenance.h"

#include "adapters/sqlite/directory.h"
#include "adapters/sqlite/migrations.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr Duration busy_wait = 5s;
constexpr std::size_t chunk_bytes = 1024 * 1024;

class File {
 public:
  File(const std::string& path, int flags)
      : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  tl::unexpected<Error> failed(const std::string& doing) const {
    return fail(errno == ENOENT ? Errc::NotFound : Errc::Transient,
                "cannot " + doing + " " + path_ + ": " + std::strerror(errno));
  }
  // At most a chunk; empty at the end.
  Result<std::size_t> read(Bytes& chunk) const {
    chunk.resize(chunk_bytes);
    const auto length = ::read(descriptor_, chunk.data(), chunk.size());
    if (length < 0) return failed("read");
    chunk.resize(static_cast<std::size_t>(length));
    return chunk.size();
  }
  Result<> write(BytesView bytes) const {
    while (!bytes.empty()) {
      const auto length = ::write(descriptor_, bytes.data(), bytes.size());
      if (length < 0) return failed("write");
      bytes = bytes.subspan(static_cast<std::size_t>(length));
    }
    return {};
  }
  Result<> sync() const {
    if (::fsync(descriptor_) != 0) return failed("sync");
    return {};
  }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  std::string path_;
  int descriptor_;
};

// SHA-256 of a file of any size.
Result<Digest> digest_of(const std::string& path) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const File file(path, O_RDONLY);
  if (!file.is_open()) return file.failed("open");
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (Bytes chunk;;) {
    const auto length = file.read(chunk);
    if (!length) return pass(length);
    if (*length == 0) break;
    EVP_DigestUpdate(context.get(), chunk.data(), chunk.size());
  }
  Digest out{};
  EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  return out;
}

Result<> copy_file(const std::string& from, const std::string& to) {
  const File source(from, O_RDONLY);
  if (!source.is_open()) return source.failed("open");
  const File target(to, O_WRONLY | O_CREAT | O_EXCL);
  if (!target.is_open()) return target.failed("make");
  for (Bytes chunk;;) {
    const auto length = source.read(chunk);
    if (!length) return pass(length);
    if (*length == 0) return target.sync();
    if (auto written = target.write(chunk); !written) return written;
  }
}

Result<> sync_directory(const std::string& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open()) return directory.failed("open");
  return directory.sync();
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<> make_directory(const std::string& path) {
  std::error_code failed;
  if (fs::create_directories(path, failed)) ::chmod(path.c_str(), 0700);
  if (failed) return fail(Errc::Refused, "cannot make " + path + ": " + failed.message());
  return {};
}

// SQLite's own online backup, in one step: the snapshot is that of the moment at which it starts.
Result<> copy_database(const std::string& from, const std::string& to) {
  auto source = Connection::open(from, Connection::Access::read_only, busy_wait);
  if (!source) return pass(source);
  auto target = Connection::open(to, Connection::Access::read_write, busy_wait);
  if (!target) return pass(target);
  // The copy must be one file, that can be opened where nothing may be written.
  if (auto plain = target->execute("PRAGMA journal_mode = DELETE"); !plain) return plain;
  sqlite3_backup* copying = sqlite3_backup_init(target->handle(), "main", source->handle(), "main");
  if (copying == nullptr)
    return tl::make_unexpected(error_of(target->handle(), sqlite3_errcode(target->handle()), "copying the database"));
  const int copied = sqlite3_backup_step(copying, -1);
  const int finished = sqlite3_backup_finish(copying);
  if (copied != SQLITE_DONE || finished != SQLITE_OK)
    return tl::make_unexpected(error_of(nullptr, copied != SQLITE_DONE ? copied : finished, "copying the database"));
  // The copied header says WAL; a connection notices that when it reads, and only then can change it.
  static constexpr std::string_view look = "SELECT count(*) FROM sqlite_schema";
  if (auto seen = target->integer(look); !seen) return pass(seen);
  return target->execute("PRAGMA journal_mode = DELETE");
}

Result<Findings> sound(const std::string& database) {
  auto found = check(database);
  if (!found) return found;
  if (found->mistakes.empty()) return found;
  return fail(Errc::Corrupt, database + " is not sound: " + found->mistakes.front() + " (" +
                                 std::to_string(found->mistakes.size()) + " in all)");
}

}  // namespace

Result<int> migrate(const std::string& directory, Instant now) {
  const auto path = directory + "/" + database_file;
  if (!exists(path)) return fail(Errc::NotFound, "there is no database in " + directory);
  auto db = Connection::open(path, Connection::Access::read_write, busy_wait);
  if (!db) return pass(db);
  return migrate(*db, now);
}

Result<Manifest> backup(const std::string& directory, const std::string& into, Instant now) {
  const auto source = directory + "/" + database_file;
  if (!exists(source)) return fail(Errc::NotFound, "there is no database in " + directory);
  if (auto made = make_directory(into); !made) return pass(made);
  std::error_code ignored;
  if (!fs::is_empty(into, ignored)) return fail(Errc::Refused, into + " is not empty: a backup overwrites nothing");

  const auto database = into + "/" + database_file;
  if (auto copied = copy_database(source, database); !copied) return pass(copied);
  ::chmod(database.c_str(), 0600);
  // Keys are synced before the commit of the case they belong to, so slots copied later hold every key that the
  // copied database needs; a slot that is half overwritten meanwhile is one that is being destroyed.
  const bool has_slots = exists(directory + "/" + slots_file);
  if (has_slots)
    if (auto copied = copy_file(directory + "/" + slots_file, into + "/" + slots_file); !copied) return pass(copied);

  auto found = sound(database);
  if (!found) return pass(found);
  Manifest manifest{
      .format = 1, .schema = found->schema, .at = now, .database = {}, .slots = {}, .heads = found->heads};
  const auto digest = digest_of(database);
  if (!digest) return pass(digest);
  manifest.database = *digest;
  if (has_slots) {
    const auto slots = digest_of(into + "/" + slots_file);
    if (!slots) return pass(slots);
    manifest.slots = *slots;
  }
  const auto text = to_json_text(manifest) + "\n";
  const File file(into + "/" + manifest_file, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) return file.failed("make");
  if (auto written = file.write(bytes_of(text)); !written) return pass(written);
  if (auto synced = file.sync(); !synced) return pass(synced);
  if (auto synced = sync_directory(into); !synced) return pass(synced);
  return manifest;
}

Result<Manifest> restore(const std::string& from, const std::string& directory) {
  std::ifstream file(from + "/" + manifest_file, std::ios::binary);
  if (!file) return fail(Errc::NotFound, from + " is no backup: it has no " + manifest_file);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto manifest = from_json_text<Manifest>(text);
  if (!manifest) return fail(Errc::Corrupt, "the manifest cannot be read: " + manifest.error().what);
  if (manifest->format != 1) return fail(Errc::Refused, "this backup is of a newer format");

  if (auto made = make_directory(directory); !made) return pass(made);
  // The lock also turns away a server that is starting here meanwhile.
  auto lock = DirectoryLock::take(directory);
  if (!lock) return pass(lock);
  for (const auto* name : {database_file, slots_file})
    if (exists(directory + "/" + name))
      return fail(Errc::Refused, directory + " has a " + name + " already: a restore overwrites nothing");

  const bool has_slots = manifest->slots != Digest{};
  const auto agrees = [](const std::string& path, const Digest& expected) -> Result<> {
    const auto digest = digest_of(path);
    if (!digest) return pass(digest);
    if (*digest != expected) return fail(Errc::Corrupt, path + " is not what the manifest says");
    return {};
  };
  if (auto same = agrees(from + "/" + database_file, manifest->database); !same) return pass(same);
  if (has_slots)
    if (auto same = agrees(from + "/" + slots_file, manifest->slots); !same) return pass(same);
  const auto found = sound(from + "/" + database_file);
  if (!found) return pass(found);
  if (found->heads != manifest->heads)
    return fail(Errc::Corrupt, "the audit logs of this backup are not those of its manifest");

  if (has_slots)
    if (auto copied = copy_file(from + "/" + slots_file, directory + "/" + slots_file); !copied) return pass(copied);
  if (auto copied = copy_file(from + "/" + database_file, directory + "/" + database_file); !copied)
    return pass(copied);
  if (auto same = agrees(directory + "/" + database_file, manifest->database); !same) return pass(same);
  if (auto synced = sync_directory(directory); !synced) return pass(synced);
  return *manifest;
}

}  // namespace kintsugi::sqlite
