#include "tests/drill/told.h"

#include <fmt/format.h>

namespace kintsugi::drill {

std::string shortened(const std::string& id) {
  return id.size() <= 6 ? id : id.substr(id.size() - 6);
}

std::string told(const Submission& asked, const Directory& directory) {
  std::string who = asked.actor.kind == Role::device ? "device" : asked.actor.id;
  if (const Person* person = directory.person(asked.actor.person)) who = person->name.en;
  if (who.size() > 24) who = shortened(who);
  std::string out = fmt::format("{} {}", who, asked.event);
  if (!asked.case_id.empty()) out += " on " + shortened(asked.case_id.text());
  if (asked.expected_version) out += fmt::format(" at {}", *asked.expected_version);
  for (const char* member : {"code", "slot", "hop", "state", "generation", "item", "person", "method", "until"})
    if (const auto found = asked.payload.find(member); found != asked.payload.end())
      out += fmt::format(" {}={}", member, found->is_string() ? shortened(found->get<std::string>()) : found->dump());
  return out;
}

std::string told(const Outcome& outcome) {
  std::string out(name_of(outcome.kind));
  if (outcome.replayed) out += " (again)";
  if (!outcome.row.empty()) out += " " + outcome.row;
  for (const std::string& row : outcome.followed_by)
    out += "," + row;
  if (!outcome.state.empty()) out += " " + outcome.state;
  if (outcome.version > 0) out += fmt::format(" v{}", outcome.version);
  if (outcome.kind == Outcome::Kind::moved && !outcome.case_id.empty())
    out += " " + shortened(outcome.case_id.text());
  for (const FailedCheck& one : outcome.failed)
    out += " " + one.name;
  for (const InputError& one : outcome.errors)
    out += " " + one.pointer;
  if (outcome.kind != Outcome::Kind::moved && outcome.kind != Outcome::Kind::refused) out += " " + outcome.problem;
  return out;
}

}  // namespace kintsugi::drill
