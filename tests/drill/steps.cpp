#include "tests/drill/steps.h"

#include "tests/drill/acts.h"
#include "tests/drill/cast.h"
#include "tests/drill/onward.h"
#include "tests/drill/plans.h"
#include "tests/drill/told.h"
#include "tests/support/world.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi::drill {
namespace {

using enum Role;

constexpr std::size_t keyed_max = 20;
constexpr int cases_max = 5;  // open at a time: few, so that they meet

std::vector<CaseId> open_cases(World& world) {
  std::vector<CaseId> out;
  for (const auto& [id, file] : world.cases())
    if (world.workflow().is_open(file.state)) out.push_back(id);
  return out;
}

// Mostly a case that is open, and often the one that is furthest.
std::optional<CaseFile> some_case(World& world, Dice& dice) {
  const auto open = open_cases(world);
  if (!open.empty() && dice.percent(94)) return world.cases().at(dice.pick(open));
  if (world.cases().empty()) return std::nullopt;
  auto one = world.cases().begin();
  std::advance(one, dice.below(static_cast<int>(world.cases().size())));
  return one->second;
}

// The open case that has come furthest on the way in, through and out; of equals the oldest.
std::optional<CaseFile> furthest_case(World& world) {
  static const std::vector<std::string_view> on_the_way = {
      "notified",      "acknowledged",  "conn_rejected",   "conn_requested", "onsite",         "sign_off",
      "check_offline", "data_deletion", "deletion_failed", "halted",         "connect_failed", "conn_approved",
      "connecting",    "conn_lost",     "check_online",    "connected"};
  std::optional<CaseFile> out;
  std::ptrdiff_t best = -1;
  for (const auto& [id, file] : world.cases()) {
    const auto at = std::ranges::find(on_the_way, file.state);
    if (at == on_the_way.end() || at - on_the_way.begin() <= best) continue;
    best = at - on_the_way.begin();
    out = file;
  }
  return out;
}

PersonId anybody(World& world, Dice& dice) {
  std::vector<PersonId> all;
  for (const auto& [id, one] : world.directory()->people())
    all.push_back(id);
  return dice.pick(all);
}

// Somebody whom the table lets do this here, or whoever comes by.
PersonId who_does(World& world, const std::string& event, const CaseFile& file, Dice& dice) {
  if (dice.one_in(14)) return anybody(world, dice);
  std::vector<Role> roles;
  if (event == "approve" && file.request && dice.percent(85)) {
    const auto directory = world.directory();
    for (const Role slot : directory->policy_of(file.tenant, file.policy_version).slots)
      if (std::ranges::count(file.request->approvals, slot, &Approval::slot) == 0) roles.push_back(slot);
    const PersonId one = roles.empty() ? PersonId{} : one_of(world, dice.pick(roles), file, dice);
    if (!one.empty()) return one;
  }
  for (const ArcInfo& arc : world.workflow().arcs)
    if (arc.event == event && arc.from == file.state)
      for (const Role role : arc.by)
        if (role != sys && role != device) roles.push_back(role);
  for (int tries = 0; !roles.empty() && tries < 4; ++tries) {
    const PersonId one = one_of(world, dice.pick(roles), file, dice);
    // Who may work is who stands in the request.
    const bool works = file.request && std::ranges::count(file.request->workers, one) > 0;
    const bool worker_asked = world.workflow().state(file.state)->step == 3 && dice.percent(85);
    if (!one.empty() && (!worker_asked || works || side_of(dice.pick(roles)) == Side::hcf)) return one;
  }
  if (file.request && !file.request->workers.empty()) return dice.pick(file.request->workers);
  return anybody(world, dice);
}

std::optional<Submission> some_act(World& world, Memory& memory, const CaseFile& file, Dice& dice) {
  std::string event = dice.weighted(wishes_in(file.state));
  if (dice.one_in(25)) event = dice.pick(world.workflow().events).name;
  const EventInfo* info = world.workflow().event(event);
  if (info == nullptr || !info->by_people || event == "fault") event = "add_note";
  // Who says that he has unplugged it has unplugged it.
  if (event == "manual_close") world.doors().unplug(file);
  const PersonId who = who_does(world, event, file, dice);
  auto out = act_of(world, event, file, who, Manner::of(dice), dice);
  if (out && out->key) {
    memory.keyed.push_back(*out);
    if (memory.keyed.size() > keyed_max) memory.keyed.erase(memory.keyed.begin());
  }
  return out;
}

void act(World& world, Memory& memory, Dice& dice) {
  const auto file = some_case(world, dice);
  if (!file) return;
  auto asked = some_act(world, memory, *file, dice);
  if (!asked) return;
  world.submit(std::move(*asked));
}

// Somebody means to get the case done, or to do what he may not.
void act_on_purpose(World& world, Memory& memory, Dice& dice) {
  const auto file = dice.percent(75) ? furthest_case(world) : some_case(world, dice);
  if (!file) return;
  auto asked = dice.one_in(3) ? tempted(world, *file, dice) : onward(world, *file, dice);
  if (!asked) asked = some_act(world, memory, *file, dice);
  if (asked) world.submit(std::move(*asked));
}

void act_at_once(World& world, Memory& memory, Dice& dice) {
  const auto file = some_case(world, dice);
  if (!file) return;
  std::vector<Submission> all;
  for (int i = dice.between(2, 4); i > 0; --i)
    if (auto one = some_act(world, memory, *file, dice)) all.push_back(std::move(*one));
  if (!all.empty() && dice.one_in(3)) all.push_back(all.front());  // a double click
  if (!all.empty()) world.submit_at_once(std::move(all));
}

void ask_again(World& world, Memory& memory, Dice& dice) {
  if (!memory.keyed.empty()) world.submit(dice.pick(memory.keyed));
}

Submission notice(World& world, Dice& dice) {
  Submission out;
  out.event = "fault";
  const std::string nick = dice.any_of({"ct-1", "ct-1", "mr-2", "us-9"});
  const std::string code = dice.any_of({"E42", "E43", "E-STOP"});
  out.actor = device_actor(world, testing::device(nick));
  out.payload = {{"action", dice.one_in(8) ? "resolve" : "trigger"},
                 {"dedup_key", nick + ":" + code},
                 {"device", testing::device(nick).text()},
                 {"code", code},
                 {"occurred_at", to_text(world.now())},
                 {"details", std::string("gantry of ") + typed_marker}};
  if (code == "E-STOP") out.payload["care"] = "stopped";
  if (dice.one_in(15)) out.payload["harmed"] = true;
  return out;
}

// On the telephone, by mail, or about a device that nobody knows.
Submission told_notice(World& world, Dice& dice) {
  Submission out = notice(world, dice);
  out.payload["action"] = "trigger";
  if (dice.one_in(2)) {
    out.actor.auth = "mail";
    out.payload["channel"] = "mail";
    out.payload["attachments"] = {{{"kind", "image"}, {"content", "AAAA"}}};
    return out;
  }
  out.actor = person_actor(world, testing::person(dice.any_of({"sato", "tanaka", "ito", "endo", "vendor_psm"})));
  out.payload["channel"] = "phone";
  if (dice.one_in(2)) {
    out.payload.erase("device");
    out.payload.erase("code");
    out.payload["serial"] = "SN-unknown";
  }
  return out;
}

void device_speaks(World& world, Dice& dice) {
  if (static_cast<int>(open_cases(world).size()) >= cases_max && dice.percent(70)) return;
  if (dice.one_in(12)) {
    std::vector<Submission> flood(static_cast<std::size_t>(dice.between(5, 30)), notice(world, dice));
    world.submit_at_once(std::move(flood));
    return;
  }
  world.submit(dice.one_in(4) ? told_notice(world, dice) : notice(world, dice));
}

// What the doors and their surroundings report by themselves.
void door_speaks(World& world, Dice& dice) {
  const auto file = some_case(world, dice);
  if (!file || file->grants.empty()) return;
  Submission out;
  out.case_id = file->id;
  out.actor = gate_actor(file->tenant);
  const std::int64_t generation = file->grant()->generation - (dice.one_in(5) ? 1 : 0);
  switch (dice.below(3)) {
    case 0:
      out.event = "connection_lost";
      out.payload = {{"hop", "access_point"}, {"generation", std::max<std::int64_t>(generation, 0)}};
      break;
    case 1:
      out.event = "policy_violation";
      out.payload = {{"violation", dice.any_of({"unknown_account", "traffic_outside_grant", "recorder_down"})}};
      break;
    default:
      out.event = "report_hop";
      out.payload = {{"hop", dice.any_of({"exit", "access_point", "route"})},
                     {"state", dice.any_of({"lost", "unknown", "armed"})},
                     {"generation", std::max<std::int64_t>(generation, 0)},
                     {"grant", file->grant()->id.text()}};
      break;
  }
  world.submit(std::move(out));
}

void door_changes(World& world, Dice& dice) {
  access_point::SimulatedSite& site = world.doors().site();
  const Hop hop = dice.any_of({Hop::exit, Hop::access_point, Hop::route, Hop::probe});
  access_point::Faults& faults = site.faults(hop);
  const bool forgets = faults.forgets;
  switch (dice.below(10)) {
    case 0: faults.dead = true; break;
    case 1: faults.refuses_to_open = true; break;
    case 2: faults.closes_in_words = hop == Hop::access_point || hop == Hop::route; break;
    case 3: faults.identity = dice.one_in(2) ? "SN-other" : ""; break;
    case 4:
      site.press_button();
      world.trail().tell("  somebody presses the red button");
      return;
    default:
      for (const Hop one : {Hop::exit, Hop::access_point, Hop::route, Hop::probe})
        site.faults(one) = {.forgets = forgets};
      world.trail().tell("  the doors are in order");
      return;
  }
  world.trail().tell(fmt::format("  {} dead={} refuses={} lies={} identity={}", name_of(hop), faults.dead,
                                 faults.refuses_to_open, faults.closes_in_words, faults.identity));
}

void time_passes(World& world, Dice& dice) {
  Duration time = std::chrono::seconds(dice.between(1, 50));
  if (dice.one_in(3)) time = std::chrono::minutes(dice.between(1, 25));
  if (dice.one_in(10)) time = std::chrono::minutes(dice.between(25, 300));
  if (dice.one_in(30)) time = std::chrono::hours(dice.between(6, 24 * 9));
  world.trail().tell(fmt::format("  {} s pass, to {}", time / 1s, to_text(world.now() + time)));
  world.pass(time);
}

// Until just before, at or just after a moment that decides something.
void moment_comes(World& world, Dice& dice) {
  const auto file = some_case(world, dice);
  if (!file) return;
  const auto moments = moments_of(world, *file);
  if (moments.empty()) return;
  const Duration time = dice.pick(moments) - world.now() + std::chrono::seconds(dice.between(-1, 2));
  if (time <= Duration{} || time > std::chrono::hours(24 * 30)) return;
  world.trail().tell(fmt::format("  {} s pass, to {}", time / 1s, to_text(world.now() + time)));
  world.pass(time);
}

void clock_jumps(World& world, Dice& dice) {
  Duration by = std::chrono::seconds(dice.between(-90, 90));
  if (dice.one_in(2)) by = std::chrono::minutes(dice.any_of({-60, 60, -180, 30}));
  if (dice.one_in(10)) by = std::chrono::hours(dice.any_of({-24, 24}));
  world.trail().tell(fmt::format("  the clock jumps by {} s", by / 1s));
  world.jump(by);
}

void people_change(World& world, Dice& dice) {
  switch (dice.below(9)) {
    case 4:
    case 5: return somebody_is_about_to_go(world, dice);
    case 0: return somebody_leaves(world, dice);
    case 1: return somebody_loses(world, dice);
    case 2: return policy_changes(world, dice);
    case 3: return contract_changes(world, dice);
    default: return somebody_comes(world, dice);
  }
}

void redriven(World& world, Dice& dice) {
  const auto rows = world.store().outbox({.state = EffectState::gave_up, .case_id = {}, .id = {}, .limit = 5});
  if (!rows || rows->empty()) return;
  const bool done = world.redrive(dice.pick(*rows).effect.id, person_actor(world, testing::person("hara")), rsc_mgr);
  world.trail().tell(std::string("  a delivery that was given up is tried again") + (done ? "" : ", in vain"));
}

enum class Kind {
  act,
  on_purpose,
  at_once,
  again,
  device,
  door,
  door_change,
  time,
  moment,
  clock,
  weather,
  kill,
  restart,
  people,
  redrive,
  old
};

}  // namespace

void step(World& world, Memory& memory, Dice& dice) {
  using enum Kind;
  static const std::vector<std::pair<Kind, int>> kinds = {
      {act, 230},        {on_purpose, 400}, {at_once, 40}, {again, 25}, {device, 36},  {door, 18},
      {door_change, 16}, {time, 80},        {moment, 24},  {clock, 12}, {weather, 40}, {kill, 12},
      {restart, 4},      {people, 26},      {redrive, 8},  {old, 30}};
  if (world.cases().empty() && dice.one_in(3)) policy_changes(world, dice);
  const Kind kind = world.cases().empty() ? device : dice.weighted(kinds);
  switch (kind) {
    case act: drill::act(world, memory, dice); break;
    case on_purpose: act_on_purpose(world, memory, dice); break;
    case at_once: act_at_once(world, memory, dice); break;
    case again: ask_again(world, memory, dice); break;
    case device: device_speaks(world, dice); break;
    case door: door_speaks(world, dice); break;
    case door_change: door_changes(world, dice); break;
    case time: time_passes(world, dice); break;
    case moment: moment_comes(world, dice); break;
    case clock: clock_jumps(world, dice); break;
    case weather:
      world.sky().weather = dice.percent(60) ? Weather{} : Weather::of(dice);
      world.trail().tell("  weather:" + world.sky().weather.text());
      break;
    case kill: world.kill(std::chrono::seconds(dice.between(0, 3000))); break;
    case restart: world.stop_and_start(std::chrono::seconds(dice.between(0, 300))); break;
    case people: people_change(world, dice); break;
    case redrive: redriven(world, dice); break;
    case old: world.doors().repeat_old(dice); break;
  }
  if (dice.one_in(6)) world.integrate();
  if (dice.one_in(5))
    world.fire();
  else
    world.settle();
}

}  // namespace kintsugi::drill
