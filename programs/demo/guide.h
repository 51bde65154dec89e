#pragma once

#include "programs/demo/cast.h"
#include "programs/demo/tongue.h"

namespace kintsugi::demo {

// What the server's visitor is shown when the play is over and the server stays up.
struct Place {
  Cast& cast;
  Client& client;
  const Tongue& tongue;
  const std::filesystem::path& directory;
  std::string url;
};

// A line to paste for each of the three who want to look, then everybody's sign-in. Holds bearer tokens: of a world
// that ends with the demo.
void show_the_way(const Place& place);

}  // namespace kintsugi::demo
