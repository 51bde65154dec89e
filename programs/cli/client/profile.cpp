#include "programs/cli/client/profile.h"

#include "programs/cli/client/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

namespace kintsugi::cli {
namespace {

constexpr std::size_t name_bytes_max = 64;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= name_bytes_max && text.front() != '.' &&
         std::ranges::all_of(text, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                  c == '_' || c == '-';
         });
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// A relative XDG_CONFIG_HOME is to be ignored, says its specification.
std::string folder() {
  const std::string chosen = variable("XDG_CONFIG_HOME");
  const std::string base = chosen.starts_with('/') ? chosen : variable("HOME") + "/.config";
  return base + "/kintsugi";
}

}  // namespace

Result<ProfilePlace> ProfilePlace::of(const std::string& name, const Tongue& tongue) {
  if (!is_name(name)) return fail(Errc::Invalid, tongue("profile.name", name));
  return ProfilePlace(name, folder(), tongue);
}

Result<Profile> ProfilePlace::load() const {
  const std::string path = stem_ + ".json";
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return Profile{};
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) return fail(Errc::Refused, tongue_("profile.open", path));
  const auto text = whole_file(tongue_, path);
  if (!text) return pass(text);
  auto profile = from_json_text<Profile>(*text);
  if (!profile) return fail(Errc::Corrupt, tongue_("profile.unreadable", path));
  return profile;
}

Result<> ProfilePlace::make_folder() const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || ::chmod(folder_.c_str(), 0700) != 0)
    return fail(Errc::Transient, tongue_("profile.unwritable", folder_));
  return {};
}

Result<> ProfilePlace::save(const Profile& profile) const {
  if (auto made = make_folder(); !made) return made;
  return write_private(tongue_, stem_ + ".json", to_json_text(profile) + "\n");
}

Result<> ProfilePlace::pin(const std::string& certificate) const {
  if (auto made = make_folder(); !made) return made;
  return write_private(tongue_, ca_file(), certificate);
}

}  // namespace kintsugi::cli
