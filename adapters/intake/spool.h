#pragma once

#include "engine/base/entropy.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::intake {

// The directory through which a mail server hands mails over, whether or not the engine runs (in the manner of a
// maildir). Whoever puts and whoever takes may be different processes of the same user.
//
//   tmp/         being written                      new/      whole and synced: ours to take, the sender may forget
//   it quarantine/  kept aside: `loop-…` for a while, `failed-…` until a person has looked
//
// Mails in here are in clear, for as long as it takes to seal them in a case; the directory is its owner's only.
class Spool {
 public:
  explicit Spool(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Makes the directories that are missing and removes what was begun and never finished.
  Result<> prepare(Instant now) const;
  // Durable when it returns. Transient when it cannot be kept now: no room, too many waiting.
  Result<> put(std::string_view bytes, Instant now, Entropy& entropy) const;

  // Names of the mails in new/, oldest first.
  Result<std::vector<std::string>> waiting(std::size_t most) const;
  // Transient when it cannot be read now, Corrupt when it is no file.
  Result<std::string> read(const std::string& name) const;
  // Gone from the disk's directory when it returns.
  Result<> remove(const std::string& name) const;

  // Keeps a copy as `loop-name`; the oldest of them beyond quarantined_mails_max go.
  Result<> keep_aside(const std::string& name, std::string_view bytes, Instant now) const;
  // Moves one that nothing can be done with; it stays until a person removes it.
  Result<> give_up(const std::string& name) const;

 private:
  Result<> write(const std::filesystem::path& final, std::string_view bytes) const;
  std::filesystem::path directory_;
};

}  // namespace kintsugi::intake
