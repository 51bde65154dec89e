#include "engine/run/bundling.h"

#include <algorithm>

namespace kintsugi {

Bundling::Plan Bundling::plan(const std::string& bundle, Instant now) {
  if (bundle.empty() || tempo_.alone <= 0) return {};
  if (now - forgot_at_ >= tempo_.within || receivers_.size() >= receivers_max) forget(now);
  if (receivers_.size() >= receivers_max && !receivers_.contains(bundle)) return {};

  Receiver& one = receivers_[bundle];
  while (!one.sent.empty() && one.sent.front() + tempo_.within <= now)
    one.sent.pop_front();
  if (one.next != Instant{}) {
    // A clock that was set back must not keep them waiting.
    if (now < one.next && one.next - now <= tempo_.gather) return {.way = Way::gather, .until = one.next};
    return {.way = Way::share, .until = {}};
  }
  if (one.sent.size() < static_cast<std::size_t>(tempo_.alone)) {
    one.sent.push_back(now);
    return {};
  }
  one.next = now + tempo_.gather;
  return {.way = Way::gather, .until = one.next};
}

void Bundling::shared(const std::string& bundle, int told, Instant now) {
  const auto found = receivers_.find(bundle);
  if (found == receivers_.end()) return;
  Receiver& one = found->second;
  if (told >= tempo_.letter_max)
    one.next = now;
  else if (told > 1)
    one.next = now + tempo_.gather;
  else  // nothing had gathered: the storm is over
    one.next = {};
}

void Bundling::forget(Instant now) {
  forgot_at_ = now;
  std::erase_if(receivers_, [&](const auto& each) {
    const Receiver& one = each.second;
    const Instant last = std::max(one.sent.empty() ? Instant{} : one.sent.back(), one.next);
    return last + tempo_.within <= now;
  });
}

}  // namespace kintsugi
