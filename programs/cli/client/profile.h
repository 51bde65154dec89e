#pragma once

#include "engine/base/fields.h"
#include "programs/cli/client/words.h"

#include <string>

namespace kintsugi::cli {

// Who is signed in where, kept between runs in $XDG_CONFIG_HOME/kintsugi (or ~/.config/kintsugi), one file a profile.
// The file holds the sign-in's token: only its owner may read it, and one that others can read is not used. Beside
// it lies the certificate that the server must show, when one was given: then no other authority counts.
struct Profile {
  std::string server;   // https://host:port
  bool pinned = false;  // ca_file() holds what the server is known by
  std::string mail;
  std::string person;  // id
  std::string name;    // as the server spelt it in the language of the sign-in
  std::string token;   // empty: not signed in
  Instant expires{};
  std::string client_key;  // by which the server knows this machine again
  static constexpr auto fields() {
    return std::tuple{field("server", &Profile::server),   field("pinned", &Profile::pinned),
                      field("mail", &Profile::mail),       field("person", &Profile::person),
                      field("name", &Profile::name),       field("token", &Profile::token),
                      field("expires", &Profile::expires), field("client_key", &Profile::client_key)};
  }
};

// Where one profile is kept. Errors are in words for the person at the terminal: Invalid for a name that is none,
// Refused for a file that others can read, Corrupt for one that makes no sense.
class ProfilePlace {
 public:
  static Result<ProfilePlace> of(const std::string& name, const Tongue& tongue);

  // An empty one when there is none yet.
  Result<Profile> load() const;
  // Makes the directory (0700) if need be.
  Result<> save(const Profile& profile) const;
  Result<> pin(const std::string& certificate) const;
  std::string ca_file() const { return stem_ + ".pem"; }
  const std::string& name() const { return name_; }

 private:
  ProfilePlace(std::string name, std::string folder, const Tongue& tongue)
      : name_(std::move(name)), folder_(std::move(folder)), stem_(folder_ + "/" + name_), tongue_(tongue) {}
  Result<> make_folder() const;

  std::string name_;
  std::string folder_;
  std::string stem_;
  Tongue tongue_;
};

}  // namespace kintsugi::cli
