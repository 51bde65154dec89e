#include "adapters/sodium/phone.h"

#include "adapters/sodium/hasher.h"
#include "engine/base/private_file.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

namespace kintsugi::sodium {
namespace {

constexpr std::chrono::milliseconds look_at_clock_again{200};

// What is given out must still be good when somebody has typed it, or a slow machine has sent it.
constexpr std::chrono::seconds typed_within{15};

std::int64_t first_good(const Clock& clock) {
  return step_of(clock.now() + typed_within) - code_steps_off_max;
}
// The step up to which codes are good now.
std::int64_t last_good(const Clock& clock) {
  return step_of(clock.now()) + code_steps_off_max;
}

}  // namespace

// A `.used` from a time when the clock was ahead does not make anybody wait for longer than a fresh one would.
std::int64_t Phone::next_step(const Clock& clock) const {
  std::int64_t last = 0;
  std::ifstream(used()) >> last;
  return std::clamp(last + 1, first_good(clock), last_good(clock) + code_steps_off_max + 1);
}

bool Phone::has_code(const Clock& clock) const {
  return next_step(clock) <= last_good(clock);
}

Result<std::string> Phone::next_code(const Clock& clock) const {
  std::ifstream in(file_);
  std::string uri;
  if (!std::getline(in, uri)) return fail(Errc::NotFound, file_.string() + " cannot be read");
  const auto secret = secret_of(uri.substr(0, uri.find('\r')));
  if (!secret) return pass(secret);
  const std::int64_t step = next_step(clock);
  while (last_good(clock) < step)
    std::this_thread::sleep_for(look_at_clock_again);
  if (auto kept = write_private_file(used(), std::to_string(step) + "\n"); !kept) return pass(kept);
  return code_of(*secret, step);
}

}  // namespace kintsugi::sodium
