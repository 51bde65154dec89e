#include "engine/masters/difference.h"

#include <fmt/format.h>

namespace kintsugi {
namespace {

template <class Id, class Find>
Text name_of_id(const Id& id, Find find) {
  const auto* found = find(id);
  return found == nullptr ? Text{id.text(), id.text()} : found->name;
}

template <class T>
Json json_of(const T& value) {
  if constexpr (std::is_same_v<T, Instant>)
    if (value == Instant{}) return nullptr;
  std::string text;
  write_json(text, value);
  return Json::parse(text, nullptr, false);
}

template <class T>
std::vector<MemberChange> members_of(const T& before, const T& after) {
  std::vector<MemberChange> out;
  const auto member = [&](const auto& one) {
    const auto& old = before.*one.at;
    const auto& now = after.*one.at;
    if (old == now) return;
    out.push_back({std::string(one.name), json_of(old), json_of(now)});
  };
  std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
  return out;
}

bool is_over(Instant end, Instant now) {
  return end != Instant{} && end <= now;
}
bool is_over(const Organisation&, Instant) {
  return false;
}
bool is_over(const Roster&, Instant) {
  return false;
}
bool is_over(const Policy& one, Instant now) {
  return is_over(one.retired_at, now);
}
bool is_over(const Site& one, Instant now) {
  return is_over(one.retired_at, now);
}
bool is_over(const AccessPoint& one, Instant now) {
  return is_over(one.retired_at, now);
}
bool is_over(const Device& one, Instant now) {
  return is_over(one.retired_at, now);
}
bool is_over(const Person& one, Instant now) {
  return is_over(one.left_at, now);
}
bool is_over(const Contract& one, Instant now) {
  return is_over(one.until, now);
}
bool is_over(const Duty& one, Instant now) {
  return is_over(one.until, now);
}

template <class T>
Difference difference_of(const Directory& directory, MasterKind kind, const T& after, Instant now) {
  const T* before = stored(directory, after);
  Difference out{.kind = kind, .id = id_of(after), .how = {}, .name = called(directory, after), .members = {}};
  if (before != nullptr) {
    out.how = !is_over(*before, now) && is_over(after, now) ? Difference::How::ended : Difference::How::changed;
    out.members = members_of(*before, after);
    return out;
  }
  if constexpr (std::is_same_v<T, Policy>) {
    Policy in_force = directory.policy_of(after.tenant);
    in_force.tenant = after.tenant;
    out.how = Difference::How::changed;
    out.members = members_of(in_force, after);
  } else {
    out.members = members_of(T{}, after);
  }
  return out;
}

}  // namespace

Text called(const Directory&, const Organisation& one) {
  return one.name;
}
Text called(const Directory&, const Site& one) {
  return one.name;
}
Text called(const Directory&, const Person& one) {
  return one.name;
}
Text called(const Directory&, const AccessPoint& one) {
  const std::string text = one.maker_model.empty() ? one.id.text() : one.maker_model;
  return {text, text};
}
Text called(const Directory&, const Device& one) {
  if (!one.nickname.ja.empty() || !one.nickname.en.empty()) return one.nickname;
  return {one.serial, one.serial};
}
Text called(const Directory& directory, const Contract& one) {
  const auto find = [&](const OrganisationId& id) { return directory.organisation(id); };
  const Text hospital = name_of_id(one.tenant, find);
  const Text centre = name_of_id(one.rsc, find);
  return {hospital.ja + " ・ " + centre.ja, hospital.en + " / " + centre.en};
}
Text called(const Directory& directory, const Roster& one) {
  const Text at = name_of_id(one.at, [&](const OrganisationId& id) { return directory.organisation(id); });
  const std::string line = one.product_line.empty() ? std::string() : " " + one.product_line;
  return {fmt::format("{}{} 第 {} 当番", at.ja, line, one.tier), fmt::format("{}{}, tier {}", at.en, line, one.tier)};
}
Text called(const Directory& directory, const Duty& one) {
  return name_of_id(one.person, [&](const PersonId& id) { return directory.person(id); });
}
Text called(const Directory& directory, const Policy& one) {
  const Text hospital = name_of_id(one.tenant, [&](const OrganisationId& id) { return directory.organisation(id); });
  return {fmt::format("{} 版 {}", hospital.ja, one.version), fmt::format("{}, version {}", hospital.en, one.version)};
}

std::vector<Difference> differences_of(const Directory& directory, const Masters& change, Instant now) {
  std::vector<Difference> out;
  const Masters really = without_unchanged(directory, change);
  for_each_list([&](const auto& list) {
    for (const auto& one : really.*list.at)
      out.push_back(difference_of(directory, list.kind, one, now));
  });
  return out;
}

}  // namespace kintsugi
