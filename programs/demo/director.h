#pragma once

#include "programs/demo/story.h"
#include "programs/demo/teller.h"

#include <optional>

namespace kintsugi::demo {

// Plays a story over the API: sees the case as everybody sees it, lets whoever may do what is next do it, and has it
// told. Knows no more than the API says; a story can be taken up wherever it was broken off.
class Director {
 public:
  Director(Stage& stage, Teller& teller, const Story& story) : stage_(stage), teller_(teller), story_(story) {}

  const Story& story() const { return story_; }
  // The fault of the story, reported by its device, to its end. Transient when it stands still or was interrupted.
  Result<> play_story();
  // The case of the script, to its end.
  Result<> play_case();

 private:
  struct Attempt {
    const Act& act;
    const Player& who;
    Json seen;
    bool needs_step_up = false;
  };
  Result<> report();
  Result<Json> look(const PersonId& as);
  Result<bool> act(const Json& seen);
  // The first who may do it now, with a code at hand if one is needed; else the first who may at all.
  Result<std::optional<Attempt>> find_actor(const Act& one);
  Result<bool> perform(const Attempt& attempt);
  Result<> tell_refusal(const Act& one, const Player& who, const Json& action);
  Json case_id() const { return stage_.cast().script.case_id.text(); }

  Stage& stage_;
  Teller& teller_;
  const Story& story_;
};

}  // namespace kintsugi::demo
