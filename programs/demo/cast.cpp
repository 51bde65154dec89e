#include "programs/demo/cast.h"

#include "adapters/sodium/hasher.h"
#include "engine/base/bytes.h"
#include "engine/base/ensure.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

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
  const std::filesystem::path draft = file_.string() + ".new";
  const std::string text = to_json_text(script);
  const int out = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = out >= 0 && ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(out) == 0;
  if (out >= 0) ::close(out);
  std::error_code error;
  if (written) std::filesystem::rename(draft, file_, error);
  if (!written || error) return fail(Errc::Transient, "cannot write " + file_.string());
  return {};
}

const Player* Cast::with(Role role) const {
  const auto found = std::ranges::find_if(script.players, [&](const Player& one) {
    return std::ranges::find(one.roles, role) != one.roles.end();
  });
  return found == script.players.end() ? nullptr : &*found;
}

Player& Cast::player(const PersonId& id) {
  const auto found = std::ranges::find(script.players, id, &Player::id);
  ensure(found != script.players.end(), "whoever acts in the demo is in its cast");
  return *found;
}

Result<std::string> Cast::code(const PersonId& id) {
  Player& who = player(id);
  // The server takes the code of the step before and of the step after as well, each once: three acts in a row.
  const std::int64_t earliest = who.last_step + 1;
  while (sodium::step_of(clock_.now()) + sodium::code_steps_off_max < earliest)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  who.last_step = std::max(earliest, sodium::step_of(clock_.now()) - sodium::code_steps_off_max);
  if (auto saved = save(); !saved) return pass(saved);
  const auto secret = from_hex(who.secret);
  if (!secret) return pass(secret);
  return sodium::code_of(std::string(text_of(*secret)), who.last_step);
}

Result<std::string> Cast::token(Client& client, const PersonId& id) {
  if (const auto known = tokens_.find(id); known != tokens_.end()) return known->second;
  const auto now = code(id);
  if (!now) return pass(now);
  const Player& who = player(id);
  const auto reply =
      client.post("/api/v1/sign-ins", "", {{"mail", who.mail}, {"password", who.password}, {"code", *now}});
  if (!reply.ok()) return fail(Errc::Refused, who.mail + " cannot sign in: " + reply.body.dump());
  return tokens_[id] = reply.body.at("token").get<std::string>();
}

Result<std::string> Cast::step_up(Client& client, const PersonId& id, const std::string& event,
                                  const std::string& request_hash) {
  const auto bearer = token(client, id);
  if (!bearer) return pass(bearer);
  const auto now = code(id);
  if (!now) return pass(now);
  Json body = {{"password", player(id).password},
               {"code", *now},
               {"case_id", script.case_id.text()},
               {"event", event}};
  if (!request_hash.empty()) body["request_hash"] = request_hash;
  const auto reply = client.post("/api/v1/step-ups", *bearer, body);
  if (!reply.ok()) return fail(Errc::Refused, "step-up refused: " + reply.body.dump());
  return reply.body.at("token").get<std::string>();
}

}  // namespace kintsugi::demo
