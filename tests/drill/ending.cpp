#include "tests/drill/acts.h"
#include "tests/drill/cast.h"
#include "tests/drill/plans.h"
#include "tests/drill/steps.h"
#include "tests/drill/told.h"

#include <fmt/format.h>

#include <algorithm>

// How a story ends: the weather clears, and everybody does his duty.
namespace kintsugi::drill {
namespace {

constexpr int rounds_of_the_end = 160;
constexpr int tries_of_a_duty = 6;

// One step nearer; false if nobody could do anything.
bool do_duty(World& world, const CaseFile& file, Dice& dice) {
  for (const Duty& duty : duties_of(world, file, dice)) {
    auto people = holders_of(world, duty.role, file);
    // Those who came last have had no part in anything.
    std::ranges::stable_partition(
        people, [&](const PersonId& id) { return world.directory()->person(id)->name.en.starts_with("last-"); });
    int tries = 0;
    for (const PersonId& who : people) {
      if (++tries > tries_of_a_duty) break;
      Json words = duty.payload.is_null() ? payload_of(world, duty.event, file, who, dice) : duty.payload;
      auto asked = act_with(world, duty.event, file, who, std::move(words), Manner{}, dice);
      if (!asked) continue;
      if (duty.event == "manual_close") world.doors().unplug(file);
      const auto outcome = world.submit(std::move(*asked));
      if (outcome && outcome->kind == Outcome::Kind::moved) return true;
    }
  }
  return false;
}

std::vector<CaseId> still_open(World& world) {
  std::vector<CaseId> out;
  for (const auto& [id, file] : world.cases())
    if (world.workflow().is_open(file.state)) out.push_back(id);
  return out;
}

}  // namespace

namespace {

void everybody_does_his_duty(World& world, Dice& dice) {
  for (int round = 0; round < rounds_of_the_end; ++round) {
    const auto open = still_open(world);
    if (open.empty()) break;
    bool moved = false;
    for (const CaseId& id : open)
      moved = do_duty(world, world.cases().at(id), dice) || moved;
    world.pass(moved ? 1min : round < rounds_of_the_end / 2 ? Duration(30min) : Duration(6h));
    world.inspector().look(true);
  }
  for (const CaseId& id : still_open(world)) {
    const CaseFile& file = world.cases().at(id);
    world.inspector().demand(false, "ends", fmt::format("{} stays in {}", shortened(id.text()), file.state));
  }
}

// Somebody of the hospital finds that it is not over after all.
void reopen(World& world, Dice& dice) {
  const auto cases = world.cases();
  for (const auto& [id, file] : cases)
    if (file.state == "closed")
      if (auto asked = act_of(world, "reopen", file, one_of(world, Role::hcf_clin, file, dice), Manner{}, dice))
        world.submit(std::move(*asked));
}

}  // namespace

void bring_to_an_end(World& world, Dice& dice) {
  world.trail().tell("the weather clears");
  world.clear_up();
  world.settle();
  full_house(world);
  everybody_does_his_duty(world, dice);
  if (dice.one_in(3)) {
    world.pass(24h * dice.between(1, 20));
    reopen(world, dice);
    everybody_does_his_duty(world, dice);
  }
  // What waits for a later hour goes, too.
  for (int days = 0; days < 4; ++days)
    world.pass(24h);
  world.inspector().look(true);
  world.inspector().look_at_the_end();
}

}  // namespace kintsugi::drill
