#include "tests/end_to_end/disk.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <unistd.h>

namespace kintsugi::testing {
namespace {

void must(bool done, const std::string& what) {
  if (!done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

void may_mount() {
  if (::geteuid() == 0) return;
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  must(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "a name space of one's own");
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " + user + " 1";
  std::ofstream("/proc/self/gid_map") << "0 " + group + " 1";
}

}  // namespace

Disk::Disk(std::size_t mebibytes) {
  may_mount();
  auto pattern = (std::filesystem::temp_directory_path() / "kintsugi-disk-XXXXXX").string();
  must(::mkdtemp(pattern.data()) != nullptr, "a directory to mount at");
  path_ = pattern;
  const std::string size = "size=" + std::to_string(mebibytes) + "m";
  must(::mount("kintsugi-test", path_.c_str(), "tmpfs", 0, size.c_str()) == 0, "mounting a tmpfs");
  if (const char* before = std::getenv("TMPDIR")) temporary_before_ = before;
  ::setenv("TMPDIR", path_.c_str(), 1);
}

Disk::~Disk() {
  if (temporary_before_.empty())
    ::unsetenv("TMPDIR");
  else
    ::setenv("TMPDIR", temporary_before_.c_str(), 1);
  ::umount2(path_.c_str(), MNT_DETACH);
  ::rmdir(path_.c_str());
}

void Disk::fill() {
  const int file = ::open((path_ + "/ballast").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  must(file >= 0, "ballast");
  static const std::array<char, std::size_t{1} << 16> stone{};
  for (std::size_t size = stone.size(); size > 0;)
    if (::write(file, stone.data(), size) <= 0) size /= 2;
  ::close(file);
}

void Disk::make_room() {
  std::filesystem::remove(path_ + "/ballast");
}

void Disk::be_read_only(bool on) {
  must(::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | (on ? MS_RDONLY : 0), nullptr) == 0, "remounting");
}

}  // namespace kintsugi::testing
