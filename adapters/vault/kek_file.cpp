#include "adapters/vault/kek_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::vault {
namespace {

class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<> write_durably(const std::string& path, int flags, const Secret& secret) {
  const File file(path, O_WRONLY | flags);
  if (file.get() < 0 || ::write(file.get(), secret.data(), sizeof(Digest)) != sizeof(Digest) ||
      ::fsync(file.get()) != 0)
    return fail(Errc::Transient, "cannot write " + path + ": " + std::strerror(errno));
  return {};
}

}  // namespace

Result<> write_kek(const std::string& path, const Secret& kek) {
  return write_durably(path, O_CREAT | O_EXCL, kek);
}

Result<Secret> read_kek(const std::string& path) {
  const File file(path, O_RDONLY);
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
    return fail(Errc::Refused, "cannot open " + path + ": " + std::strerror(errno));
  if ((info.st_mode & 077) != 0)
    return fail(Errc::Refused, path + " can be read by others than its owner: chmod 600 it, and ask who has read it");
  Secret kek;
  if (info.st_size != sizeof(Digest) || ::read(file.get(), kek.data(), sizeof(Digest)) != sizeof(Digest))
    return fail(Errc::Corrupt, path + " does not hold a key of 32 bytes");
  return kek;
}

Result<> overwrite_kek(const std::string& path) {
  return write_durably(path, 0, Secret{});
}

Result<> sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const File directory(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
  if (directory.get() < 0 || ::fsync(directory.get()) != 0)
    return fail(Errc::Transient, "cannot sync the directory of " + path + ": " + std::strerror(errno));
  return {};
}

}  // namespace kintsugi::vault
