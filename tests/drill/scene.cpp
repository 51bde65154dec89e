#include "tests/drill/scene.h"

#include <algorithm>

namespace kintsugi::drill {

Scene::Act Scene::does(const PersonId& who, const std::string& event) const {
  if (who.empty()) return std::nullopt;
  return act_of(world, event, file, who, Manner{}, dice);
}

Scene::Act Scene::does(const PersonId& who, const std::string& event, Json payload) const {
  if (who.empty()) return std::nullopt;
  return act_with(world, event, file, who, std::move(payload), Manner{}, dice);
}

Scene::Act Scene::does_but(const PersonId& who, const std::string& event, const Json& differs) const {
  if (who.empty()) return std::nullopt;
  Json words = payload_of(world, event, file, who, dice);
  words.update(differs);
  return does(who, event, std::move(words));
}

PersonId Scene::one_but(Role role, const std::vector<PersonId>& others) const {
  auto some = holders_of(world, role, file);
  const OrganisationId& at = side_of(role) == Side::rsc ? file.rsc : file.tenant;
  std::erase_if(some, [&](const PersonId& id) {
    return std::ranges::count(others, id) > 0 || world.directory()->person(id)->employer != at;
  });
  return some.empty() ? PersonId{} : dice.pick(some);
}

PersonId Scene::one_with(Role role, Role other) const {
  auto some = holders_of(world, role, file);
  std::erase_if(some, [&](const PersonId& id) { return !holds(id, other); });
  return some.empty() ? PersonId{} : dice.pick(some);
}

bool Scene::holds(const PersonId& who, Role role) const {
  return std::ranges::count(holders_of(world, role, file), who) > 0;
}

PersonId Scene::worker() const {
  if (!file.request) return {};
  std::vector<PersonId> some;
  for (const PersonId& id : file.request->workers)
    if (holds(id, Role::rsc_svc) || holds(id, Role::rsc_l2)) some.push_back(id);
  return some.empty() ? PersonId{} : dice.pick(some);
}

std::vector<PersonId> Scene::asked() const {
  if (!file.request) return {};
  std::vector<PersonId> out = file.request->workers;
  out.push_back(file.request->by);
  for (const Approval& one : file.request->approvals)
    out.push_back(one.by);
  return out;
}

std::vector<const DataItem*> Scene::items(std::initializer_list<ItemState> states) const {
  std::vector<const DataItem*> out;
  for (const DataItem& one : file.items)
    if (std::ranges::count(states, one.state) > 0) out.push_back(&one);
  return out;
}

const Proposal* Scene::proposal(std::string_view what) const {
  const auto found = std::ranges::find(file.proposals, what, &Proposal::what);
  return found == file.proposals.end() ? nullptr : &*found;
}

const Policy& Scene::policy() const {
  return world.directory()->policy_of(file.tenant, file.policy_version);
}

Role Scene::open_slot() const {
  if (!file.request || file.request->dead) return Role::none;
  std::vector<Role> open;
  for (const Role slot : policy().slots)
    if (std::ranges::count(file.request->approvals, slot, &Approval::slot) == 0) open.push_back(slot);
  return open.empty() ? Role::none : dice.pick(open);
}

Json Scene::window(Duration length) const {
  return {{"opens", to_text(now())}, {"closes", to_text(now() + length)}};
}

}  // namespace kintsugi::drill
