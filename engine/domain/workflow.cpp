#include "engine/domain/workflow.h"

#include <algorithm>

namespace kintsugi {
namespace {

template <class T>
const T* named(const std::vector<T>& list, std::string_view name) {
  const auto found = std::ranges::find_if(list, [&](const T& one) { return one.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const StateInfo* Workflow::state(std::string_view wanted) const {
  return named(states, wanted);
}
const EventInfo* Workflow::event(std::string_view wanted) const {
  return named(events, wanted);
}

bool Workflow::is_open(std::string_view state_name) const {
  const StateInfo* found = state(state_name);
  return found != nullptr && !found->end;
}

}  // namespace kintsugi
