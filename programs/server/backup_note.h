#pragma once

#include "engine/base/fields.h"

#include <filesystem>
#include <optional>

namespace kintsugi {

// What an installation remembers of its backups: a copy that nobody has put back and checked is a hope. Written by
// `kintsugi db verify`, read by the health check.
struct BackupNote {
  Instant taken_at{};     // when the newest verified backup was made
  Instant verified_at{};  // when it was put back into a directory of its own and found whole
  static constexpr auto fields() {
    return std::tuple{field("taken_at", &BackupNote::taken_at), field("verified_at", &BackupNote::verified_at)};
  }
};

// None if there is none, or it cannot be read.
std::optional<BackupNote> read_backup_note(const std::filesystem::path& file);
// The newer of two backups stays. Transient when the disk says no.
Result<> write_backup_note(const std::filesystem::path& file, const BackupNote& note);

}  // namespace kintsugi
