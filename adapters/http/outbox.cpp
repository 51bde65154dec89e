#include "adapters/http/outbox.h"

#include "adapters/http/limits.h"
#include "adapters/http/routes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kintsugi::http {
namespace {

// The outbox is for those who run the two sides' systems.
constexpr std::array who_runs_it{Role::hcf_sysadm, Role::hcf_netadm, Role::rsc_netadm, Role::rsc_mgr};

// In which of these roles this person may look at the outbox of a case and send again; Role::none: in none.
Role runs_it_as(const Directory& directory, const PersonId& id, const OrganisationId& tenant,
                const OrganisationId& rsc, Instant at) {
  const Person* person = directory.person(id);
  if (person == nullptr) return Role::none;
  for (const Role role : who_runs_it) {
    const OrganisationId& where = side_of(role) == Side::hcf ? tenant : rsc;
    if (where.empty()) continue;
    const auto roles = directory.roles_of(*person, where, at);
    if (std::ranges::find(roles, role) != roles.end()) return role;
  }
  return Role::none;
}

Role runs_it_as(Exchange& exchange, const OutboxRow& row) {
  const auto file = exchange.desk.conductor.case_file(row.effect.case_id);
  return runs_it_as(*exchange.desk.conductor.directory(), exchange.actor.person, row.effect.tenant,
                    file ? (*file)->rsc : OrganisationId{}, exchange.desk.clock.now());
}

void put_kind(Json& out, const Effect& effect) {
  if (effect.mail) out["mail"] = effect.mail->mail;
  if (effect.order) {
    out["order"] = name_of(effect.order->order);
    out["hop"] = name_of(effect.order->hop);
  }
  if (effect.destroy_key) out["destroy_key"] = name_of(effect.destroy_key->key);
  if (effect.announcement) {
    out["webhook"] = effect.announcement->webhook.text();
    out["change"] = name_of(effect.announcement->change);
  }
}

Json effect_json(const OutboxRow& row) {
  Json out = {{"id", row.effect.id.text()},   {"case_id", row.effect.case_id.text()},
              {"lane", row.effect.lane},      {"state", name_of(row.state)},
              {"attempts", row.attempts},     {"decided_at", to_text(row.effect.at)},
              {"closing", row.effect.closing}};
  if (row.due != Instant{}) out["due"] = to_text(row.due);
  if (row.settled_at != Instant{}) out["settled_at"] = to_text(row.settled_at);
  if (!row.last_error.empty()) out["last_error"] = row.last_error;
  put_kind(out, row.effect);
  return out;
}

Text task_of(const Effect& effect) {
  if (effect.mail)
    return {"メールが届けられませんでした。原因を直して、再送してください。",
            "A mail could not be delivered. Put the cause right and send it again."};
  if (effect.order)
    return {"アクセスポイントへの指示が届けられませんでした。原因を直して、再送してください。",
            "An order to an access point could not be delivered. Put the cause right and send it again."};
  if (effect.announcement)
    return {"変更の知らせがほかのシステムに届けられませんでした。原因を直して、再送してください。",
            "Another system could not be told of a change. Put the cause right and send it again."};
  return {"鍵の破棄ができませんでした。原因を直して、再実行してください。",
          "A key could not be destroyed. Put the cause right and have it done again."};
}

}  // namespace

Json tasks_json(const CaseFile& file, const std::vector<OutboxRow>& given_up, const CaseViewer& viewer,
                const PersonId& reader) {
  const Instant now = viewer.desk.clock.now();
  const bool may_redrive = runs_it_as(viewer.directory, reader, file.tenant, file.rsc, now) != Role::none;
  Json by = Json::array();
  for (const Role role : who_runs_it)
    by.push_back({{"role", name_of(role)}, {"label", in(viewer.language, viewer.desk.workflow.text(name_of(role)))}});
  Json out = Json::array();
  for (const OutboxRow& row : given_up) {
    Json task = {{"task", "redrive"},
                 {"label", in(viewer.language, task_of(row.effect))},
                 {"effect", row.effect.id.text()},
                 {"since", to_text(row.settled_at)},
                 {"attempts", row.attempts},
                 {"can_be_done_by", by},
                 {"allowed", may_redrive},
                 {"href", "/api/v1/outbox/" + row.effect.id.text() + "/redrive"}};
    if (may_redrive && !row.last_error.empty()) task["last_error"] = row.last_error;
    put_kind(task, row.effect);
    out.push_back(std::move(task));
  }
  return out;
}

void list_outbox(Exchange& exchange) {
  OutboxFilter filter;
  if (const std::string state = exchange.parameter("state"); !state.empty()) {
    filter.state = from_name<EffectState>(state);
    if (!filter.state)
      return exchange.problem(
          Problem{.name = "invalid", .errors = {{"state", "must be waiting, leased, delivered or gave_up"}}});
  }
  filter.case_id = CaseId{exchange.parameter("case_id")};
  filter.limit = outbox_looked_at_max;
  const auto rows = exchange.desk.store.outbox(filter);
  if (!rows) return exchange.problem(rows.error());
  Json body = {{"effects", Json::array()}};
  for (const OutboxRow& row : *rows) {
    if (std::cmp_greater_equal(body["effects"].size(), page_size_max)) break;
    if (runs_it_as(exchange, row) != Role::none) body["effects"].push_back(effect_json(row));
  }
  exchange.answer(200, body);
}

void redrive(Exchange& exchange) {
  OutboxFilter one;
  one.id = EffectId{std::string(exchange.captured.front())};
  const auto rows = exchange.desk.store.outbox(one);
  if (!rows) return exchange.problem(rows.error());
  const Role as = rows->empty() ? Role::none : runs_it_as(exchange, rows->front());
  if (as == Role::none) return exchange.problem("not_found");
  if (auto done = exchange.desk.conductor.redrive(one.id, exchange.actor, as); !done)
    return exchange.problem(done.error());
  exchange.answer(200, {{"id", one.id.text()}, {"state", name_of(EffectState::waiting)}});
}

}  // namespace kintsugi::http
