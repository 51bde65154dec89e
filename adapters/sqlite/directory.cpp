#include "adapters/sqlite/directory.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::sqlite {

DirectoryLock::Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  std::error_code failed;
  const bool fresh = std::filesystem::create_directories(directory, failed);
  if (failed) return fail(Errc::Refused, "cannot make the data directory " + directory + ": " + failed.message());
  if (fresh) ::chmod(directory.c_str(), 0700);

  const std::string path = directory + "/" + lock_file;
  auto held = std::make_unique<Descriptor>(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (held->get() < 0) return fail(Errc::Refused, "cannot open " + path + ": " + std::strerror(errno));
  if (::flock(held->get(), LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> owner{};
    const auto length = ::pread(held->get(), owner.data(), owner.size() - 1, 0);
    const std::string who = length > 0 ? " (process " + std::string(owner.data()) + ")" : "";
    return fail(Errc::Refused,
                "the data directory " + directory + " is in use by another kintsugi" + who + ": stop it first");
  }
  const std::string self = std::to_string(::getpid());
  if (::ftruncate(held->get(), 0) != 0 || ::pwrite(held->get(), self.data(), self.size(), 0) < 0)
    return fail(Errc::Transient, "cannot write " + path + ": " + std::strerror(errno));
  return DirectoryLock{std::move(held)};
}

}  // namespace kintsugi::sqlite
