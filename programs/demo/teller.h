#pragma once

#include "programs/stage/stage.h"

#include <string>
#include <vector>

namespace kintsugi::demo {

// Says what happens in a story, in the language(s) of whoever listens. Names of states and rows stand in every
// telling as they are: they are for searching.
class Teller {
 public:
  Teller(Stage& stage, const Tongue& tongue) : stage_(stage), tongue_(tongue) {}

  void title(const Text& what, const Text& watch);
  // A new state of the case. Those of the guideline's five steps have a number; where a step begins, what was signed
  // so far is told as well.
  void state(const std::string& name, int step);
  void act(const Text& who, const Text& as, const std::string& event, const Json& outcome);
  void refusal(const Text& who, const Text& as, const std::string& event, const Json& blocked_by);
  // The letters that came since the last call.
  void mails();
  // How long the hospital's log is, and the root signed over all of it.
  void trail();
  void plain(const Text& text);
  const char* tag() const { return tongue_.tag(); }

  static Text word(std::string_view name);

 private:
  std::vector<Json> logs();

  Stage& stage_;
  const Tongue& tongue_;
  int step_ = 0;
};

}  // namespace kintsugi::demo
