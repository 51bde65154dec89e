#pragma once

#include "engine/base/clock.h"
#include "engine/domain/directory.h"
#include "programs/stage/client.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace kintsugi::demo {

struct RoleAt {
  Role role = Role::none;
  OrganisationId at;
  bool operator==(const RoleAt&) const = default;
  static constexpr auto fields() { return std::tuple{field("role", &RoleAt::role), field("at", &RoleAt::at)}; }
};

// One person of the demo and how he proves who he is. A real person keeps this in his head and in his telephone;
// here the telephone is a file, people/<nick>.otpauth.
struct Player {
  PersonId id;
  Text name;
  OrganisationId employer;
  std::string mail;
  std::vector<RoleAt> roles;
  std::vector<RoleAt> stands_in;  // as a deputy
  Text may_try;
  std::string password;
  std::string token;  // of his sign-in, which outlives a kill of the server
  std::string nick() const { return mail.substr(0, mail.find('@')); }
  static constexpr auto fields() {
    return std::tuple{field("id", &Player::id),
                      field("name", &Player::name),
                      field("employer", &Player::employer),
                      field("mail", &Player::mail),
                      field("roles", &Player::roles),
                      field("stands_in", &Player::stands_in),
                      field("may_try", &Player::may_try),
                      field("password", &Player::password),
                      field("token", &Player::token)};
  }
};

// Everybody, and what a story has to remember so that it can go on after a crash.
struct Script {
  std::vector<Player> players;
  OrganisationId hospital;  // of the story
  OrganisationId vendor;
  DeviceId device;
  std::string device_token;
  std::string story;              // the one being told
  CaseId case_id;                 // of its fault; empty before it was reported
  std::vector<std::string> done;  // what happens once in this story, and has happened
  static constexpr auto fields() {
    return std::tuple{field("players", &Script::players),
                      field("hospital", &Script::hospital),
                      field("vendor", &Script::vendor),
                      field("device", &Script::device),
                      field("device_token", &Script::device_token),
                      field("story", &Script::story),
                      field("case_id", &Script::case_id),
                      field("done", &Script::done)};
  }
};

// The players of one story, signing in as they are needed. Saves every change of the script before it counts.
// One thread.
class Cast {
 public:
  // `file` is the script's; the telephones lie in people/ beside it.
  Cast(Script script, std::filesystem::path file, const Clock& clock);
  static Result<Script> load(const std::filesystem::path& file);
  Result<> save() const;

  Script script;

  // Those of the story's hospital and vendor who hold the role, deputies last.
  std::vector<const Player*> all_with(Role role) const;
  const Player* with(Role role) const;  // the first of them; null if nobody does
  // Writes down his password and puts his otpauth address into his telephone.
  Result<> give_phone(const PersonId& id, const std::string& otpauth) const;
  std::filesystem::path phone_of(const Player& who) const;
  // Has he a code that he need not wait for?
  bool has_code(const PersonId& id) const;
  // His bearer token; signs him in when he is not.
  Result<std::string> token(Client& client, const PersonId& id);
  // A step-up token for one act.
  Result<std::string> step_up(Client& client, const PersonId& id, const std::string& event,
                              const std::string& request_hash);

  bool was(const std::string& what) const;
  Result<> remember(const std::string& what);

 private:
  Player& player(const PersonId& id);
  Result<std::string> code(const PersonId& id);

  const std::filesystem::path file_;
  const Clock& clock_;
  std::set<PersonId> signed_in_;  // whose tokens this server has taken
};

}  // namespace kintsugi::demo
