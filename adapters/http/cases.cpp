#include "adapters/http/case_view.h"
#include "adapters/http/limits.h"
#include "adapters/http/outbox.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"
#include "engine/run/queries.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::http {
namespace {

CaseViewer viewer_of(const Exchange& exchange, const Directory& directory) {
  return {exchange.desk, directory, exchange.language};
}

Queries queries_of(const Exchange& exchange) {
  const Desk& desk = exchange.desk;
  return {desk.conductor, desk.store, desk.workflow, desk.clock};
}

CaseId case_in_path(const Exchange& exchange) {
  return CaseId{std::string(exchange.captured.front())};
}

// The answer is the same whether there is no such case or only none for him, and tells no more than for whom he
// works.
void hide(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const Organisation* employer = directory->organisation(exchange.actor.org);
  if (exchange.actor.person.empty() || employer == nullptr) return exchange.problem("not_found");
  exchange.problem(employer->side == Side::hcf ? "no_case_of_your_hospital" : "no_case_under_your_contracts");
}
void no_case(Exchange& exchange, const Error& error) {
  if (error.code == Errc::NotFound) return hide(exchange);
  exchange.problem(error);
}

std::optional<int> page_size(Exchange& exchange) {
  const std::string text = exchange.parameter("page_size");
  if (text.empty()) return page_size_default;
  int size = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && size >= 1)
    return std::min(size, page_size_max);
  exchange.problem(Problem{.name = "invalid", .errors = {{"page_size", "must be a number from 1 to 200"}}});
  return std::nullopt;
}

// A gate speaks for what it is and for nothing else: hops of its own side, on cases whose device stands behind it.
// It has the engine's role in the table, so everything else the engine may do is shut to it here.
bool may_report(const Exchange& exchange, const CaseId& id, std::string_view event, const Json& payload) {
  if (event != "report_hop") return false;
  const auto file = exchange.desk.conductor.case_file(id);
  if (!file) return false;
  const auto directory = exchange.desk.conductor.directory();
  const Device* device = directory->device((*file)->device);
  const auto hop = payload.find("hop");
  if (device == nullptr || !payload.is_object()) return false;
  const AccessPointId gate{exchange.actor.id};
  const auto is = [&](Hop one) { return hop != payload.end() && *hop == Json(name_of(one)); };
  return (device->access_point == gate && (is(Hop::access_point) || is(Hop::route))) ||
         (device->exit == gate && (is(Hop::exit) || is(Hop::probe)));
}

}  // namespace

bool fenced_by_version(const EventInfo& event) {
  if (event.closing || event.opens_case) return false;
  const auto required = event.schema.find("required");
  return required == event.schema.end() || !required->is_array() ||
         std::ranges::find(*required, Json("request_hash")) == required->end();
}

void list_cases(Exchange& exchange) {
  const auto size = page_size(exchange);
  if (!size) return;
  const auto directory = exchange.desk.conductor.directory();
  const CaseViewer viewer = viewer_of(exchange, *directory);
  CaseFilter filter;
  if (const std::string state = exchange.parameter("state"); !state.empty()) filter.states = {state};
  filter.device = DeviceId{exchange.parameter("device")};
  filter.after = CaseId{exchange.parameter("page_token")};
  filter.limit = *size + 1;
  if (const std::string open = exchange.parameter("open"); !open.empty()) filter.open = open == "true";
  if (!filter.states.empty() && exchange.desk.workflow.state(filter.states.front()) == nullptr)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"state", "no state of this workflow"}}});

  auto some = queries_of(exchange).cases_of(exchange.actor, filter);
  if (!some) return exchange.problem(some.error());
  const std::vector<CaseBrief>& found = *some;

  Json body = {{"cases", Json::array()}};
  const auto shown = std::min(found.size(), static_cast<std::size_t>(*size));
  for (std::size_t i = 0; i < shown; ++i)
    body["cases"].push_back(brief_json(found[i], viewer));
  if (found.size() > shown) body["next_page_token"] = found[shown - 1].id.text();
  exchange.answer(200, body);
}

void show_case(Exchange& exchange) {
  const auto view = queries_of(exchange).case_of(exchange.actor, case_in_path(exchange));
  if (!view) return no_case(exchange, view.error());
  exchange.desk.readings->note_case(exchange.actor, *view->file);
  const auto directory = exchange.desk.conductor.directory();
  const CaseViewer viewer = viewer_of(exchange, *directory);
  Json body = case_json(*view, viewer);
  OutboxFilter stuck;
  stuck.state = EffectState::gave_up;
  stuck.case_id = view->file->id;
  stuck.limit = page_size_max;
  const auto given_up = exchange.desk.store.outbox(stuck);
  if (!given_up) return exchange.problem(given_up.error());
  body["tasks"] = tasks_json(*view->file, *given_up, viewer, exchange.actor.person);
  exchange.set("ETag", "\"" + std::to_string(view->file->version) + "\"");
  exchange.answer(200, body);
}

void submit_event(Exchange& exchange) {
  const CaseId id{std::string(exchange.captured[0])};
  const EventInfo* event = exchange.desk.workflow.event(exchange.captured[1]);
  const bool by_person = !exchange.actor.person.empty();
  // Events of timers and of the engine itself do not exist for people, and no case opens another from here.
  if (event == nullptr || event->opens_case || (by_person && !event->by_people)) return exchange.problem("not_found");

  Submission submission;
  submission.event = event->name;
  submission.case_id = id;
  submission.actor = exchange.actor;
  if (!exchange.idempotency_key(submission.key) || !exchange.if_match(submission.expected_version)) return;
  if (const std::string as = exchange.parameter("as"); !as.empty()) {
    const auto role = from_name<Role>(as);
    if (!role) return exchange.problem(Problem{.name = "invalid", .errors = {{"as", "must be the name of a role"}}});
    submission.as = *role;
  }
  auto payload = exchange.body();
  if (!payload) return;
  if (exchange.actor.kind == Role::sys && !may_report(exchange, id, event->name, *payload))
    return exchange.problem("not_found");
  submission.payload = std::move(*payload);
  if (by_person && !submission.expected_version && fenced_by_version(*event))
    return exchange.problem("if_match_required");
  if (exchange.has_header("Step-Up")) submission.step_up = sha256(exchange.header("Step-Up"));

  const Outcome outcome = exchange.desk.conductor.submit(std::move(submission));
  if (outcome.kind == Outcome::Kind::not_found) return hide(exchange);
  if (outcome.kind != Outcome::Kind::moved) return exchange.problem(outcome);
  if (outcome.replayed) exchange.set("Idempotency-Replayed", "true");
  exchange.set("ETag", "\"" + std::to_string(outcome.version) + "\"");
  Json body = {{"case_id", outcome.case_id.text()},
               {"number", outcome.number},
               {"event", outcome.event},
               {"row", outcome.row},
               {"from", outcome.from},
               {"state", outcome.state},
               {"version", outcome.version},
               {"followed_by", outcome.followed_by}};
  if (const StateInfo* state = exchange.desk.workflow.state(outcome.state))
    body["label"] = in(exchange.language, state->label);
  if (!outcome.opened.empty()) body["opened"] = outcome.opened.text();
  exchange.answer(200, body);
}

void read_document(Exchange& exchange) {
  const auto file = queries_of(exchange).file_of(exchange.actor, case_in_path(exchange));
  if (!file) return no_case(exchange, file.error());
  const auto document = exchange.desk.store.read_document(DocumentId{std::string(exchange.captured[1])});
  if (!document) return exchange.problem(document.error());
  if (document->case_id != (*file)->id) return exchange.problem("not_found");
  const auto bytes = exchange.desk.vault.open(*document);
  if (!bytes) {
    const bool destroyed = bytes.error().code == Errc::Refused || bytes.error().code == Errc::NotFound;
    return destroyed ? exchange.problem("erased") : exchange.problem(bytes.error());
  }
  if (const auto done = exchange.desk.readings->of_document(exchange.actor, **file, *document); !done)
    return exchange.problem(done.error());
  Json body = {{"id", document->id.text()}, {"case_id", (*file)->id.text()}, {"place", document->place},
               {"kind", document->label},   {"key", name_of(document->key)}, {"at", to_text(document->at)},
               {"by", document->by.text()}};
  if (is_utf8(text_of(*bytes)))
    body["text"] = text_of(*bytes);
  else
    body["base64"] = to_base64(*bytes);
  exchange.answer(200, body);
}

void show_schema(Exchange& exchange) {
  const EventInfo* event = exchange.desk.workflow.event(exchange.captured.front());
  if (event == nullptr) return exchange.problem("not_found");
  Json schema = event->schema;
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = in(exchange.language, event->label);
  exchange.answer(200, schema);
}

}  // namespace kintsugi::http
