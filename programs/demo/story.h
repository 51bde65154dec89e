#pragma once

#include "engine/domain/case_file.h"
#include "programs/demo/scene.h"

#include <string_view>
#include <vector>

namespace kintsugi::demo {

// One fault and what becomes of it: the straight way, and where this story departs from it.
struct Story {
  std::string_view name;  // on the command line
  Text title;
  Text watch;                         // what to look at while it is told
  CareEffect care;                    // of the notice
  void (*departs)(Scene&) = nullptr;  // offers what the straight way does not have; null: nothing
  bool storm = false;                 // a whole ward reports at once
};

const std::vector<Story>& stories();
// Null if there is none of this name.
const Story* story_named(std::string_view name);

}  // namespace kintsugi::demo
