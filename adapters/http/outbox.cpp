#include "adapters/http/outbox.h"

#include "adapters/http/limits.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/domain/may.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace kintsugi::http {
namespace {

Permission permission(const Exchange& exchange, Act act, const OutboxRow& row) {
  const auto file = exchange.desk.conductor.case_file(row.effect.case_id);
  Matter matter = file ? matter_of(**file) : Matter{};
  matter.tenant = row.effect.tenant;
  return may(*exchange.desk.conductor.directory(), exchange.actor, act, matter, exchange.desk.clock.now());
}

constexpr std::array filterables{Filterable{"state"}, Filterable{"case_id"}, Filterable{"kind"}};
constexpr std::array orders{std::string_view("decided")};  // newest first, which is the order of the work to be done

std::string_view kind_of(const Effect& effect) {
  return effect.mail ? "mail" : effect.order ? "order" : effect.announcement ? "webhook" : "destroy_key";
}
bool is_kind(std::string_view name) {
  return name == "mail" || name == "order" || name == "destroy_key" || name == "webhook";
}

std::int64_t position_in(const std::string& text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
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
  if (!row.letter.empty()) out["told_in"] = row.letter.text();
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
                const Actor& reader) {
  const bool may_redrive =
      may(viewer.directory, reader, Act::redrive, matter_of(file), viewer.desk.clock.now()).granted;
  Json by = Json::array();
  for (const Role role : roles_for(Act::redrive))
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
  const auto asked = asked_of(exchange, filterables, orders, {"state", "case_id"});
  if (!asked) return;
  OutboxFilter filter;
  std::vector<std::string> kinds;
  for (const Term& term : asked->terms) {
    const auto wrong = [&](const char* allowed) {
      exchange.problem(Problem{.name = "invalid", .errors = {{"filter", "'" + term.name + "' " + allowed}}});
    };
    if (term.name == "kind") {
      if (std::ranges::any_of(term.values, [](const std::string& one) { return !is_kind(one); }))
        return wrong("is one of mail, order, destroy_key, webhook");
      kinds = term.values;
    } else if (term.values.size() > 1) {
      return wrong("takes one value");
    } else if (term.name == "case_id") {
      filter.case_id = CaseId{term.values.front()};
    } else {
      filter.state = from_name<EffectState>(term.values.front());
      if (!filter.state) return wrong("is one of waiting, leased, delivered, gave_up, withdrawn");
    }
  }
  if (asked->place) filter.before = position_in(asked->place->id);
  filter.limit = outbox_looked_at_max;
  const auto rows = exchange.desk.store.outbox(filter);
  if (!rows) return exchange.problem(rows.error());
  Json body = {{"effects", Json::array()}};
  std::optional<Place> end;
  std::size_t looked_at = 0;
  for (const OutboxRow& row : *rows) {
    if (std::cmp_equal(body["effects"].size(), asked->size)) break;
    ++looked_at;
    end = Place{{}, std::to_string(row.position)};
    const bool wanted = kinds.empty() || std::ranges::find(kinds, kind_of(row.effect)) != kinds.end();
    if (wanted && permission(exchange, Act::read_outbox, row)) body["effects"].push_back(effect_json(row));
  }
  // A page that others' effects have thinned out may be short, and still there is more.
  if (looked_at == rows->size() && std::cmp_less(rows->size(), outbox_looked_at_max)) end.reset();
  answer_page(exchange, std::move(body), end);
}

void redrive(Exchange& exchange) {
  OutboxFilter one;
  one.id = EffectId{std::string(exchange.captured.front())};
  const auto rows = exchange.desk.store.outbox(one);
  if (!rows) return exchange.problem(rows.error());
  const Permission allowed = rows->empty() ? Permission{} : permission(exchange, Act::redrive, rows->front());
  if (!allowed) return exchange.problem("not_found");
  if (auto done = exchange.desk.conductor.redrive(one.id, exchange.actor, allowed.as); !done)
    return exchange.problem(done.error());
  exchange.answer(200, {{"id", one.id.text()}, {"state", name_of(EffectState::waiting)}});
}

}  // namespace kintsugi::http
