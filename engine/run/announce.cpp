#include "engine/run/announce.h"

#include "engine/base/digest.h"
#include "engine/base/entropy.h"

namespace kintsugi {
namespace {

Access access_in(const Workflow& workflow, const std::string& state) {
  const StateInfo* info = workflow.state(state);
  return info == nullptr ? Access::unknown : info->access;
}

bool is_shut(Access access) {
  return access == Access::closed || access == Access::armed;
}

Announcement announcement_of(const CaseFile& after, const std::string& from, CaseChange change, const WebhookId& to) {
  return {.webhook = to,
          .change = change,
          .number = after.number,
          .rsc = after.rsc,
          .device = after.device,
          .state = after.state,
          .from = from,
          .version = after.version,
          .priority = after.priority,
          .opened_at = after.opened_at,
          .state_since = after.state_since,
          .closed_at = after.closed_at};
}

}  // namespace

CaseChange change_of(const Workflow& workflow, const std::string& from, const CaseFile& after) {
  if (from.empty()) return CaseChange::opened;
  const bool was_open = workflow.is_open(from);
  const bool is_open = workflow.is_open(after.state);
  if (!was_open && is_open) return CaseChange::reopened;
  if (was_open && !is_open) return CaseChange::closed;
  const Access before = access_in(workflow, from);
  const Access now = access_in(workflow, after.state);
  if (before != Access::open && now == Access::open) return CaseChange::access_opened;
  if (!is_shut(before) && is_shut(now)) return CaseChange::access_closed;
  return from == after.state ? CaseChange::noted : CaseChange::moved;
}

void announce(const Workflow& workflow, const Directory& directory, const CaseFile& after, const std::string& from,
              Instant at, const Digest& chance, std::vector<Effect>& effects) {
  if (directory.webhooks().empty()) return;
  const CaseChange change = change_of(workflow, from, after);
  // The lap's own effects have their ids from the same chance, and so have those of the case beside it.
  const Digest mine = sha256({bytes_of("kintsugi/announcement\n"), chance, bytes_of(after.id.text()),
                              bytes_of(to_text(at)), bytes_of(std::to_string(after.version))});
  unsigned n = 0;
  for (const auto& [id, webhook] : directory.webhooks()) {
    if ((webhook.owner != after.tenant && webhook.owner != after.rsc) || !webhook.wants(change)) continue;
    Effect effect;
    effect.id = EffectId{new_id_text("effect", at, mine, n++)};
    effect.case_id = after.id;
    effect.tenant = after.tenant;
    effect.lane = "webhook:" + id.text();
    effect.at = at;
    effect.announcement = announcement_of(after, from, change, id);
    effects.push_back(std::move(effect));
  }
}

}  // namespace kintsugi
