#pragma once

#include "engine/domain/directory.h"
#include "engine/ports/records.h"
#include "tests/drill/dice.h"

#include <string>

namespace kintsugi::drill {

class World;

// Who comes and goes while cases run, and what a hospital decides anew. Each tells the trail what it did.
void somebody_leaves(World& world, Dice& dice);
void somebody_comes(World& world, Dice& dice);
// A role ends, a pledge is not renewed.
void somebody_loses(World& world, Dice& dice);
void policy_changes(World& world, Dice& dice);
void contract_changes(World& world, Dice& dice);
// At the end nobody may be missing: for every role somebody new who has had no part in anything.
void somebody_is_about_to_go(World& world, Dice& dice);
void roles_end(World& world, const PersonId& id, Duration from_now);
void full_house(World& world);

}  // namespace kintsugi::drill
