#pragma once

#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi::fuzz {

// A file in memory that holds what it is told and has a path, for readers that want one.
class BytesFile {
 public:
  BytesFile() : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) { ::fchmod(descriptor_, 0600); }
  ~BytesFile() { ::close(descriptor_); }
  BytesFile(const BytesFile&) = delete;
  BytesFile& operator=(const BytesFile&) = delete;

  // True when all of it is there.
  bool hold(std::string_view bytes) {
    return ::ftruncate(descriptor_, 0) == 0 &&
           ::pwrite(descriptor_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace kintsugi::fuzz
