#include "workflows/fault_response/climb.h"

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

namespace kintsugi::fault_response {
namespace {

// A term of zero would ask without end.
constexpr Duration asking_pause_min = 60s;

Instant next_asking(const Lap& lap, const Ladder& ladder, std::size_t rung) {
  const Policy& policy = lap.now.policy;
  const TimerRule* rule = timer_rule(lap.event.name);
  const Priority priority = lap.file.priority;
  Term wait = ladder.rungs[rung].waits;
  if (wait == Term{})
    wait = term_of(policy, rung + 1 == ladder.rungs.size() ? ladder.then_every : rule->term, priority);
  const Instant due = due_after(lap.now.directory, lap.file, wait, lap.event.at, rule->acts);
  return std::max(due, lap.event.at + asking_pause_min);
}

// An earlier letter that is still undelivered says less than this one, and to nobody else.
void withdraw_overtaken(Lap& lap, const Asked& now) {
  for (const Asked& one : lap.file.asked) {
    const auto among = [](const auto& all) {
      return [&](const auto& id) { return std::ranges::count(all, id) > 0; };
    };
    if (!one.letter.empty() && one.by_telephone == now.by_telephone &&
        std::ranges::all_of(one.people, among(now.people)) && std::ranges::all_of(one.desks, among(now.desks)))
      lap.out.withdrawn.push_back(one.letter);
  }
}

}  // namespace

const Timer* climbing_timer(const CaseFile& file) {
  const auto found = std::ranges::find_if(file.timers, [](const Timer& one) {
    const TimerRule* rule = timer_rule(one.event);
    return rule != nullptr && rule->ladder;
  });
  return found == file.timers.end() ? nullptr : &*found;
}

LadderName ladder_name(std::string_view timer, const CaseFile& file) {
  if (timer == "t_ack_expired") return LadderName::unanswered;
  if (timer == "t_clin_expired") return LadderName::clinical_check;
  if (timer == "t_sign_expired") return LadderName::sign_off;
  if (timer != "t_reminder") return LadderName::stalled;
  if (!access_surely_closed(file)) return LadderName::closing_unproved;
  return file.state == "deletion_failed" ? LadderName::deletion_failed : LadderName::halted;
}

std::string_view letter_of(LadderName name) {
  switch (name) {
    case LadderName::clinical_check: return "M08";
    case LadderName::closing_unproved: return "M20";
    case LadderName::deletion_failed: return "M26";
    default: return "M05";
  }
}

Sides sides_of(const CaseFile& file, const Directory& directory) {
  const Device* device = directory.device(file.device);
  return {.hospital = file.tenant,
          .rsc = file.rsc,
          .product_line = device == nullptr ? "" : device->product_line,
          .owner = file.owner};
}

Ladder ladder_of_case(const CaseFile& file, const Directory& directory, const Policy& policy, LadderName name) {
  return ladder_for(directory, policy, file.rsc, name);
}

void climb_ladder(Lap& lap) {
  CaseFile& file = lap.file;
  const Directory& directory = lap.now.directory;
  const LadderName name = ladder_name(lap.event.name, file);
  const Ladder ladder = ladder_of_case(file, directory, lap.now.policy, name);
  const int asking = ++file.escalation;
  const std::size_t at = rung_of(ladder, asking);
  const Rung& rung = ladder.rungs[at];
  set_timer(lap, lap.event.name, next_asking(lap, ladder, at), lap.event.timer_round + 1);
  note(lap, "round", asking);

  const Reached found = reached(directory, rung, sides_of(file, directory), lap.event.at);
  Asked asked{.at = lap.event.at,
              .what = lap.event.name,
              .level = static_cast<int>(at) + 1,
              .people = found.people,
              .desks = found.desks,
              .letter = {},
              .by_telephone = rung.by == AskedBy::telephone};
  withdraw_overtaken(lap, asked);
  // Whom a desk is to call gets no letter; the hospital's own administrator is always told.
  People to = asked.by_telephone ? People{} : found.people;
  std::vector<OrganisationId> desks = found.desks;
  if (letter_of(name) == "M05") to = plus(std::move(to), holders(lap, {Role::hcf_sysadm}));
  if (asked.by_telephone) desks = {file.tenant, file.rsc};
  ask_by_letter(lap, std::move(asked), letter_of(name), plus(std::move(to), {}), desks);
}

LadderView ladder_view(const CaseFile& file, const Directory& directory, Instant now) {
  LadderView out;
  const Timer* timer = climbing_timer(file);
  if (timer == nullptr) return out;
  const Policy& policy = directory.policy_of(file.tenant, file.policy_version);
  const Ladder ladder = ladder_of_case(file, directory, policy, ladder_name(timer->event, file));
  const std::size_t next = rung_of(ladder, file.escalation + 1);
  Reached found = reached(directory, ladder.rungs[next], sides_of(file, directory), std::max(now, timer->due));
  out.what = timer->event;
  out.asked = file.asked;
  out.next_level = static_cast<int>(next) + 1;
  out.next_at = timer->due;
  out.next_people = std::move(found.people);
  out.next_desks = std::move(found.desks);
  out.call = telephone_list(file, directory, out, now);
  return out;
}

std::vector<LadderView::Call> telephone_list(const CaseFile& file, const Directory& directory, const LadderView& view,
                                             Instant now) {
  std::vector<LadderView::Call> out;
  const auto add = [&](const PersonId& id, int level) {
    const Person* person = directory.person(id);
    const bool known = std::ranges::count(out, id, &LadderView::Call::person) > 0;
    if (person != nullptr && !person->phone.empty() && !known)
      out.push_back({.person = id, .desk = {}, .level = level});
  };
  if (file.asked.empty()) {
    const Target first{.whom = Whom::owner, .role = Role::none, .side = Side::rsc, .tier = 1, .person = {}};
    const Rung rung{.ask = {first}, .by = AskedBy::mail, .waits = {}, .repeats = 0};
    for (const PersonId& id : reached(directory, rung, sides_of(file, directory), now).people)
      add(id, 0);
  } else {
    for (const PersonId& id : file.asked.back().people)
      add(id, file.asked.back().level);
  }
  for (const PersonId& id : view.next_people)
    add(id, view.next_level);
  for (const OrganisationId& id : {file.rsc, file.tenant})
    if (const Organisation* desk = directory.organisation(id); desk != nullptr && !desk->duty_desk_phone.empty())
      out.push_back({.person = {}, .desk = id, .level = 0});
  return out;
}

}  // namespace kintsugi::fault_response
