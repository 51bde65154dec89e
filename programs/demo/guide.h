#pragma once

#include "programs/stage/stage.h"

namespace kintsugi::demo {

// What the visitor is shown when the story is over and the server stays up: lines to paste, then everybody's sign-in
// and what is worth trying in his name. Holds a bearer token: of a world that ends with the demo.
void show_the_way(Stage& stage, const Tongue& tongue);

}  // namespace kintsugi::demo
