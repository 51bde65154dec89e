#include "programs/server/backup_note.h"

#include <fstream>
#include <iterator>

namespace kintsugi {

std::optional<BackupNote> read_backup_note(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  auto note = from_json_text<BackupNote>(text);
  if (!note || note->taken_at == Instant{}) return std::nullopt;
  return *note;
}

Result<> write_backup_note(const std::filesystem::path& file, const BackupNote& note) {
  if (const auto before = read_backup_note(file); before && before->taken_at > note.taken_at) return {};
  const std::filesystem::path temporary = file.string() + ".new";
  {
    std::ofstream out(temporary, std::ios::trunc);
    out << to_json_text(note) << '\n';
    if (!out.flush()) return fail(Errc::Transient, temporary.string() + " cannot be written");
  }
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  if (error) return fail(Errc::Transient, file.string() + ": " + error.message());
  return {};
}

}  // namespace kintsugi
