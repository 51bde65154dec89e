#pragma once

#include "engine/base/clock.h"
#include "engine/base/entropy.h"
#include "engine/domain/directory.h"
#include "programs/demo/client.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kintsugi::demo {

// One person of the demo and how he proves who he is. A real person keeps this in his head and in his telephone.
struct Player {
  PersonId id;
  Text name;
  std::string mail;
  std::vector<Role> roles;
  std::string password;
  std::string secret;          // of his codes, hexadecimal
  std::int64_t last_step = 0;  // last time step whose code he used
  static constexpr auto fields() {
    return std::tuple{field("id", &Player::id),
                      field("name", &Player::name),
                      field("mail", &Player::mail),
                      field("roles", &Player::roles),
                      field("password", &Player::password),
                      field("secret", &Player::secret),
                      field("last_step", &Player::last_step)};
  }
};

// Everybody, and what the play has to remember so that it can go on after a crash.
struct Script {
  std::vector<Player> players;
  DeviceId device;
  std::string device_token;
  CaseId case_id;  // of the fault being played; empty before it was reported
  static constexpr auto fields() {
    return std::tuple{field("players", &Script::players), field("device", &Script::device),
                      field("device_token", &Script::device_token), field("case_id", &Script::case_id)};
  }
};

// The players of one play, signing in as they are needed. Saves every change of the script before it counts, so
// that after a kill no code is used twice.
class Cast {
 public:
  Cast(Script script, std::filesystem::path file, const Clock& clock);
  static Result<Script> load(const std::filesystem::path& file);
  Result<> save() const;

  Script script;

  const Player* with(Role role) const;
  // A code that has not been used yet; waits for the next time step if there is none (half a minute at most).
  Result<std::string> code(const PersonId& id);
  // His bearer token; signs him in the first time.
  Result<std::string> token(Client& client, const PersonId& id);
  // A step-up token for one act.
  Result<std::string> step_up(Client& client, const PersonId& id, const std::string& event,
                              const std::string& request_hash);

 private:
  Player& player(const PersonId& id);

  const std::filesystem::path file_;
  const Clock& clock_;
  std::map<PersonId, std::string> tokens_;
};

}  // namespace kintsugi::demo
