#include "programs/demo/scene.h"

namespace kintsugi::demo {

std::string Scene::text_in(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool Scene::owes(const char* kind) const {
  return !owed_about(kind).empty();
}

std::string Scene::owed_about(const char* kind) const {
  for (const Json& one : seen.at("obligations"))
    if (text_in(one, "kind") == kind && !one.value("done", false)) {
      const std::string about = text_in(one, "about");
      return about.empty() ? "something" : about;
    }
  return {};
}

std::string Scene::id_of(Role role) const {
  const Player* who = cast.with(role);
  return who == nullptr ? std::string() : who->id.text();
}

void Scene::offer(Role role, std::string event, Json payload) {
  acts.push_back({.role = role, .event = std::move(event), .payload = std::move(payload)});
}

void Scene::once(Role role, const std::string& event, Json payload) {
  if (!cast.was(memory_of(seen.at("id"), event)))
    acts.push_back({.role = role, .event = event, .payload = std::move(payload), .once = true});
}

void Scene::show_refusal(Role role, std::string event, Json payload) {
  acts.push_back({.role = role, .event = std::move(event), .payload = std::move(payload), .tells_refusal = true});
}

std::string memory_of(const Json& case_id, const std::string& event) {
  return case_id.get<std::string>() + "/" + event;
}

}  // namespace kintsugi::demo
