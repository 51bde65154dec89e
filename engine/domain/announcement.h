#pragma once

#include "engine/base/fields.h"
#include "engine/domain/ids.h"
#include "engine/domain/role.h"

#include <string>

namespace kintsugi {

// What one lap did to a case, for those outside who want to hear of it (H11). One lap is one change: the first that
// fits, in this order.
enum class CaseChange {
  opened,         // a new case
  reopened,       // out of an end state
  closed,         // into one
  access_opened,  // somebody is inside now
  access_closed,  // it is proved that nobody can be any more
  moved,          // into another state
  noted,          // the state is the same, something in the case is not
};
constexpr auto names_of(CaseChange) {
  using enum CaseChange;
  return names<CaseChange>({{opened, "opened"},
                            {reopened, "reopened"},
                            {closed, "closed"},
                            {access_opened, "access_opened"},
                            {access_closed, "access_closed"},
                            {moved, "moved"},
                            {noted, "noted"}});
}

// What a webhook is told of one change: the case as that lap left it, in ids, names of the program's and numbers. It
// has no member that could hold a text somebody typed or a device sent; whoever wants more asks the API, as himself.
struct Announcement {
  WebhookId webhook;
  CaseChange change{};
  std::string number;
  OrganisationId rsc;
  DeviceId device;  // empty: unknown, in the manual queue
  std::string state;
  std::string from;  // empty for a new case
  std::int64_t version = 0;
  Priority priority = Priority::p2;
  Instant opened_at{};
  Instant state_since{};
  Instant closed_at{};
  static constexpr auto fields() {
    return std::tuple{field("webhook", &Announcement::webhook),
                      field("change", &Announcement::change),
                      field("number", &Announcement::number),
                      field("rsc", &Announcement::rsc),
                      field("device", &Announcement::device),
                      field("state", &Announcement::state),
                      field("from", &Announcement::from),
                      field("version", &Announcement::version),
                      field("priority", &Announcement::priority),
                      field("opened_at", &Announcement::opened_at),
                      field("state_since", &Announcement::state_since),
                      field("closed_at", &Announcement::closed_at)};
  }
};

}  // namespace kintsugi
