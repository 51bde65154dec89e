#pragma once

#include "engine/masters/masters.h"

namespace kintsugi {

// What became of one member of a master; null where there is none.
struct MemberChange {
  std::string member;
  Json before;
  Json after;
};

// One master that a change adds, alters or ends. A new version of a policy is told as what it alters of the one in
// force.
struct Difference {
  enum class How { added, changed, ended };
  MasterKind kind{};
  std::string id;
  How how = How::added;
  Text name;  // what people call it
  std::vector<MemberChange> members;
};
constexpr auto names_of(Difference::How) {
  using enum Difference::How;
  return names<Difference::How>({{added, "added"}, {changed, "changed"}, {ended, "ended"}});
}

// In the order of the change. Pure.
std::vector<Difference> differences_of(const Directory& directory, const Masters& change, Instant now);

// What people call it: its name, or what tells it apart from others of its kind.
Text called(const Directory& directory, const Organisation& one);
Text called(const Directory& directory, const Site& one);
Text called(const Directory& directory, const Person& one);
Text called(const Directory& directory, const AccessPoint& one);
Text called(const Directory& directory, const Device& one);
Text called(const Directory& directory, const Contract& one);
Text called(const Directory& directory, const Roster& one);
Text called(const Directory& directory, const Duty& one);
Text called(const Directory& directory, const Policy& one);

}  // namespace kintsugi
