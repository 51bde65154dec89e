#pragma once

#include "engine/run/conductor.h"

#include <memory>
#include <string>
#include <vector>

namespace kintsugi {

// What the masters say decides who may be inside and whose approval counts. A change of people takes back in its own
// commit what has lost its ground (conductor.h): the writer asks here which open cases are owed which event, in the
// engine's own name (Workflow::review). In the order of the cases; an error of the store is handed on.
Result<std::vector<Submission>> owed_reviews(const Workflow& workflow, Store& store, const Directory& directory,
                                             Instant now, const std::string& node);

// The same for what comes with a date: somebody's last day, the end of a role, a pledge, a training, a deputy. And a
// net below the change itself: it looks at the open cases after every new Directory once more.
//
// One thread. step() returns how many events it submitted; it costs nothing while nothing has come or changed since
// the last one, and what a store refused to answer is asked again by the next.
class Reviews {
 public:
  Reviews(Conductor& conductor, Store& store, const Workflow& workflow, const Clock& clock, std::string node);
  int step();

 private:
  Conductor& conductor_;
  Store& store_;
  const Workflow& workflow_;
  const Clock& clock_;
  std::string node_;
  std::shared_ptr<const Directory> seen_;  // of the last step that was carried through
  Instant upto_{};
};

}  // namespace kintsugi
