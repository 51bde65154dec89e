#include "engine/domain/standing.h"

#include <algorithm>

namespace kintsugi {

bool may_work(const Directory& directory, const CaseFile& file, const PersonId& id, Instant now, Instant then) {
  const Person* worker = directory.person(id);
  const Device* device = directory.device(file.device);
  if (worker == nullptr || device == nullptr) return false;
  const auto roles = directory.roles_of(*worker, file.rsc, now);
  const bool works = std::ranges::count(roles, Role::rsc_svc) > 0 || std::ranges::count(roles, Role::rsc_l2) > 0;
  const bool knows =
      worker->product_lines.empty() || std::ranges::count(worker->product_lines, device->product_line) > 0;
  return works && knows && worker->pledge_until > then && worker->training_until > then;
}

bool stands(const Directory& directory, const CaseFile& file, const Approval& approval, Instant now) {
  const Person* by = directory.person(approval.by);
  const Person* holder = approval.deputy_for.empty() ? by : directory.person(approval.deputy_for);
  if (by == nullptr || holder == nullptr || (by->left_at != Instant{} && by->left_at <= now)) return false;
  const bool rsc = side_of(approval.slot) == Side::rsc;
  const OrganisationId& at = rsc ? file.rsc : file.tenant;
  if (std::ranges::count(directory.roles_of(*holder, at, now), approval.slot) == 0) return false;
  return rsc ? by->employer != file.tenant : directory.belongs_to(*holder, approval.slot, at, now);
}

std::vector<PersonId> workers_lost(const Directory& directory, const CaseFile& file, Instant now) {
  const Grant* grant = file.grant();
  if (grant == nullptr || grant->end != GrantEnd::none || grant->proved_closed_at != Instant{} || !file.request)
    return {};
  const Instant then = std::min(now, grant->window.closes - Duration{1});
  std::vector<PersonId> out = file.request->workers;
  std::erase_if(out, [&](const PersonId& one) { return may_work(directory, file, one, now, then); });
  return out;
}

}  // namespace kintsugi
