#include "programs/stage/cast.h"

#include "adapters/sodium/phone.h"
#include "engine/base/ensure.h"
#include "engine/base/private_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace kintsugi::demo {

Cast::Cast(Script start, std::filesystem::path file, const Clock& clock)
    : script(std::move(start)), file_(std::move(file)), clock_(clock) {}

Result<Script> Cast::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(Errc::NotFound, file.string() + " does not exist");
  std::ostringstream text;
  text << in.rdbuf();
  return from_json_text<Script>(text.str());
}

Result<> Cast::save() const {
  return write_private_file(file_, to_json_text(script));
}

std::vector<const Player*> Cast::all_with(Role role) const {
  std::vector<const Player*> out;
  for (const auto& list : {&Player::roles, &Player::stands_in})
    for (const Player& one : script.players)
      if (std::ranges::any_of(one.*list, [&](const RoleAt& held) {
            return held.role == role && (held.at == script.hospital || held.at == script.vendor);
          }))
        out.push_back(&one);
  return out;
}

const Player* Cast::with(Role role) const {
  const auto all = all_with(role);
  return all.empty() ? nullptr : all.front();
}

Player& Cast::player(const PersonId& id) {
  const auto found = std::ranges::find(script.players, id, &Player::id);
  ensure(found != script.players.end(), "whoever acts in the demo is in its cast");
  return *found;
}

std::filesystem::path Cast::phone_of(const Player& who) const {
  return file_.parent_path() / "people" / (who.nick() + ".otpauth");
}

Result<> Cast::give_phone(const PersonId& id, const std::string& otpauth) const {
  const auto who = std::ranges::find(script.players, id, &Player::id);
  ensure(who != script.players.end(), "whoever has a telephone is in the cast");
  std::error_code error;
  std::filesystem::create_directories(phone_of(*who).parent_path(), error);
  std::filesystem::path password = phone_of(*who);
  password.replace_extension(".password");
  if (auto kept = write_private_file(password, who->password + "\n"); !kept) return kept;
  return write_private_file(phone_of(*who), otpauth + "\n");
}

bool Cast::has_code(const PersonId& id) const {
  const auto who = std::ranges::find(script.players, id, &Player::id);
  return who != script.players.end() && sodium::Phone(phone_of(*who)).has_code(clock_);
}

Result<std::string> Cast::code(const PersonId& id) {
  return sodium::Phone(phone_of(player(id))).next_code(clock_);
}

// Whoever signed in before a kill is still signed in; a code spent on signing in again would be missed later.
Result<std::string> Cast::token(Client& client, const PersonId& id) {
  Player& who = player(id);
  if (signed_in_.contains(id)) return who.token;
  if (!who.token.empty() && client.get("/api/v1/sign-ins/current", who.token).ok()) {
    signed_in_.insert(id);
    return who.token;
  }
  const auto now = code(id);
  if (!now) return pass(now);
  const auto reply =
      client.post("/api/v1/sign-ins", "", {{"mail", who.mail}, {"password", who.password}, {"code", *now}});
  if (reply.status == 0) return fail(Errc::Transient, "the server did not answer " + who.mail + " within 60 s");
  if (!reply.ok()) return fail(Errc::Refused, who.mail + " cannot sign in: " + reply.body.dump());
  who.token = reply.body.at("token").get<std::string>();
  if (auto saved = save(); !saved) return pass(saved);
  signed_in_.insert(id);
  return who.token;
}

Result<std::string> Cast::step_up(Client& client, const PersonId& id, const std::string& event,
                                  const std::string& request_hash) {
  const auto bearer = token(client, id);
  if (!bearer) return pass(bearer);
  const auto now = code(id);
  if (!now) return pass(now);
  Json body = {
      {"password", player(id).password}, {"code", *now}, {"case_id", script.case_id.text()}, {"event", event}};
  if (!request_hash.empty()) body["request_hash"] = request_hash;
  const auto reply = client.post("/api/v1/step-ups", *bearer, body);
  if (!reply.ok()) return fail(Errc::Refused, "step-up refused: " + reply.body.dump());
  return reply.body.at("token").get<std::string>();
}

bool Cast::was(const std::string& what) const {
  return std::ranges::find(script.done, what) != script.done.end();
}

Result<> Cast::remember(const std::string& what) {
  if (was(what)) return {};
  script.done.push_back(what);
  return save();
}

}  // namespace kintsugi::demo
