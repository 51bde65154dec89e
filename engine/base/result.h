#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace kintsugi {

// What a caller can do about a failure; nothing finer, because nobody could act on it.
enum class Errc {
  NotFound,   // no such case, device, person or file
  Refused,    // a rule says no; the text names it
  Conflict,   // somebody moved the case first; load and decide again
  Invalid,    // the caller's input breaks a rule it could have known
  Transient,  // worth trying again: network, lock, full disk
  Corrupt,    // stored bytes contradict each other; stop and call a person
};

// `what` is for the operator's log and the command line, never for a device or a mail.
struct Error {
  Errc code = Errc::Corrupt;
  std::string what;
};

// The outcome of everything that can fail in the ordinary course of work. Exceptions are left to the
// libraries that throw them and are caught where such a library is called.
template <class T = void>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string what) {
  return tl::make_unexpected(Error{code, std::move(what)});
}

// Hands an inner failure to the caller of a function with another result type.
template <class T>
[[nodiscard]] tl::unexpected<Error> pass(const Result<T>& failed) {
  return tl::make_unexpected(failed.error());
}

}  // namespace kintsugi
