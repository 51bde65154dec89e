#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace kintsugi::sodium {

// Somebody's authenticator as a file: its first line is the otpauth:// address of his codes, and beside it, with
// `.used` after its name, stands the time step of the code that was given out last. A server takes a code once, and
// those of the step before and after as well; so three can be given out at once, and the next is half a minute away.
// A code that would end before somebody has typed it is not given out. For a terminal without a telephone, the demo
// and tests. One process at a time.
class Phone {
 public:
  explicit Phone(std::filesystem::path file) : file_(std::move(file)) {}

  // NotFound when the file cannot be read, Invalid when it holds no address, Transient when `.used` cannot be
  // written. A code that was not given out before; waits for its time if it must.
  Result<std::string> next_code(const Clock& clock) const;
  // Would next_code() answer without waiting?
  bool has_code(const Clock& clock) const;

 private:
  std::filesystem::path used() const { return file_.string() + ".used"; }
  std::int64_t next_step(const Clock& clock) const;

  const std::filesystem::path file_;
};

}  // namespace kintsugi::sodium
