#pragma once

#include "tests/drill/world.h"

#include <vector>

namespace kintsugi::drill {

// What a story remembers between its steps.
struct Memory {
  std::vector<Submission> keyed;  // that came with a key, and can be asked again
};

// One step: something that somebody does, that happens, or that passes.
void step(World& world, Memory& memory, Dice& dice);

// Fair weather, everybody there, and his duty done: every case comes to its end, within `days` of so many.
void bring_to_an_end(World& world, Dice& dice);

}  // namespace kintsugi::drill
