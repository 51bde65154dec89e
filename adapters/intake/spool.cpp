#include "adapters/intake/spool.h"

#include "adapters/intake/limits.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::intake {

namespace fs = std::filesystem;

namespace {

constexpr mode_t owner_only = 0600;

tl::unexpected<Error> trouble(const char* what) {
  return fail(Errc::Transient, std::string("spool: ") + what + ": " + std::strerror(errno));
}

class File {
 public:
  File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, owner_only)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<> sync_directory(const fs::path& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.fd()) != 0) return trouble("the directory cannot be synced");
  return {};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> out;
  std::error_code wrong;
  for (fs::directory_iterator at(directory, wrong), end; !wrong && at != end; at.increment(wrong))
    out.push_back(at->path().filename().string());
  std::ranges::sort(out);
  return out;
}

// A file's age by its name's own clock is not known to strangers' files; the disk's is good enough for tidying up.
bool older_than(const fs::path& file, Instant now, Duration age) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return false;
  return Instant(std::chrono::seconds(found.st_mtime)) + age < now;
}

}  // namespace

Result<> Spool::prepare(Instant now) const {
  std::error_code wrong;
  for (const char* one : {"", "tmp", "new", "quarantine"}) {
    const fs::path path = directory_ / one;
    const bool made = fs::create_directory(path, wrong);
    if (wrong) return fail(Errc::Transient, "spool: " + path.string() + " cannot be made: " + wrong.message());
    struct stat parent {};
    if (!made) continue;
    fs::permissions(path, fs::perms::owner_all, wrong);
    // A mail server that pipes as root must not make what the engine cannot take.
    if (::geteuid() == 0 && ::stat(directory_.parent_path().c_str(), &parent) == 0)
      std::ignore = ::chown(path.c_str(), parent.st_uid, parent.st_gid);
  }
  for (const std::string& name : names_in(directory_ / "tmp"))
    if (older_than(directory_ / "tmp" / name, now, unfinished_for)) fs::remove(directory_ / "tmp" / name, wrong);
  for (const std::string& name : names_in(directory_ / "quarantine"))
    if (!name.starts_with("failed-") && older_than(directory_ / "quarantine" / name, now, quarantined_for))
      fs::remove(directory_ / "quarantine" / name, wrong);
  return {};
}

Result<> Spool::write(const fs::path& final, std::string_view bytes) const {
  const fs::path begun = directory_ / "tmp" / final.filename();
  {
    const File file(begun, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    if (!file.is_open()) return trouble("a mail cannot be written");
    struct stat owner {};
    if (::geteuid() == 0 && ::stat(directory_.c_str(), &owner) == 0)
      std::ignore = ::fchown(file.fd(), owner.st_uid, owner.st_gid);
    if (!write_all(file.fd(), bytes) || ::fsync(file.fd()) != 0) {
      auto why = trouble("a mail cannot be written");
      ::unlink(begun.c_str());
      return why;
    }
  }
  if (::rename(begun.c_str(), final.c_str()) != 0) return trouble("a mail cannot be put in its place");
  return sync_directory(final.parent_path());
}

Result<> Spool::put(std::string_view bytes, Instant now, Entropy& entropy) const {
  if (names_in(directory_ / "new").size() >= spooled_mails_max)
    return fail(Errc::Transient, "spool: too many mails are waiting");
  return write(directory_ / "new" / new_id_text("mail", now, entropy.digest(), 0), bytes);
}

Result<std::vector<std::string>> Spool::waiting(std::size_t most) const {
  std::error_code wrong;
  if (!fs::is_directory(directory_ / "new", wrong)) return fail(Errc::Transient, "spool: the directory is not there");
  auto names = names_in(directory_ / "new");
  if (names.size() > most) names.resize(most);
  return names;
}

Result<std::string> Spool::read(const std::string& name) const {
  const fs::path path = directory_ / "new" / name;
  std::error_code wrong;
  if (!fs::is_regular_file(fs::symlink_status(path, wrong))) return fail(Errc::Corrupt, "spool: this is no mail");
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Errc::Transient, "spool: a mail cannot be read");
  std::string out(message_bytes_max + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return fail(Errc::Transient, "spool: a mail cannot be read");
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

Result<> Spool::remove(const std::string& name) const {
  if (::unlink((directory_ / "new" / name).c_str()) != 0 && errno != ENOENT)
    return trouble("a mail cannot be removed");
  return {};
}

Result<> Spool::keep_aside(const std::string& name, std::string_view bytes, Instant now) const {
  const std::string prefix = "loop-";
  if (auto done = write(directory_ / "quarantine" / (prefix + name), bytes); !done) return done;
  std::vector<std::pair<fs::file_time_type, fs::path>> kept;
  std::error_code wrong;
  for (const std::string& one : names_in(directory_ / "quarantine"))
    if (one.starts_with(prefix)) {
      const fs::path path = directory_ / "quarantine" / one;
      if (older_than(path, now, quarantined_for))
        fs::remove(path, wrong);
      else
        kept.emplace_back(fs::last_write_time(path, wrong), path);
    }
  std::ranges::sort(kept);
  for (std::size_t i = 0; i + quarantined_mails_max < kept.size(); ++i)
    fs::remove(kept[i].second, wrong);
  return {};
}

Result<> Spool::give_up(const std::string& name) const {
  const fs::path to = directory_ / "quarantine" / ("failed-" + name);
  if (::rename((directory_ / "new" / name).c_str(), to.c_str()) != 0) return trouble("a mail cannot be kept aside");
  return sync_directory(to.parent_path());
}

}  // namespace kintsugi::intake
