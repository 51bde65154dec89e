#include "engine/base/private_file.h"

#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi {

Result<> write_private_file(const std::filesystem::path& path, std::string_view text) {
  const std::string draft = path.string() + ".new";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  // A draft that somebody left behind keeps its mode when it is opened again.
  const bool written = file >= 0 && ::fchmod(file, 0600) == 0 &&
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (written && ::rename(draft.c_str(), path.c_str()) == 0) return {};
  if (file >= 0) ::unlink(draft.c_str());
  return fail(Errc::Transient, "cannot write " + path.string());
}

}  // namespace kintsugi
