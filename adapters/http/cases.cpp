#include "adapters/http/case_view.h"
#include "adapters/http/ladder_view.h"
#include "adapters/http/limits.h"
#include "adapters/http/outbox.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"
#include "engine/run/queries.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

constexpr std::size_t look_bytes = 8;  // of the digest of a view, in its tag

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

// Whatever is no attachment was typed for everybody in the case. The name of the check is the problem's.
bool may_open(Exchange& exchange, const CaseFile& file, const Document& document) {
  const Act act = reading_of(file, document.id, document.place);
  if (act == Act::read_document) return true;  // asked before
  const auto directory = exchange.desk.conductor.directory();
  const Permission permission = may(*directory, exchange.actor, act, matter_of(file), exchange.desk.clock.now());
  if (permission) return true;
  const char* check = act == Act::read_unjudged ? "attachment_not_judged" : "holds_patient_data";
  exchange.desk.readings->note_refusal(exchange.actor, file, document, check);
  exchange.problem(Problem{.name = check,
                           .case_id = file.id.text(),
                           .failed = {{.name = check, .lifted_by = permission.instead, .since = document.at}}});
  return false;
}

}  // namespace

void hide_case(Exchange& exchange, const Error& error) {
  if (error.code != Errc::NotFound) return exchange.problem(error);
  const auto directory = exchange.desk.conductor.directory();
  const Organisation* employer = directory->organisation(exchange.actor.org);
  if (exchange.actor.person.empty() || employer == nullptr) return exchange.problem("not_found");
  exchange.problem(employer->side == Side::hcf ? "no_case_of_your_hospital" : "no_case_under_your_contracts");
}

bool fenced_by_version(const EventInfo& event) {
  if (event.closing || event.opens_case) return false;
  const auto required = event.schema.find("required");
  return required == event.schema.end() || !required->is_array() ||
         std::ranges::find(*required, Json("request_hash")) == required->end();
}

void show_case(Exchange& exchange) {
  const auto view = queries_of(exchange).case_of(exchange.actor, case_in_path(exchange));
  if (!view) return hide_case(exchange, view.error());
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
  body["tasks"] = tasks_json(*view->file, *given_up, viewer, exchange.actor);
  if (Json ladder = ladder_json(*view->file, viewer); !ladder.is_null()) body["ladder"] = std::move(ladder);
  OutboxFilter all;
  all.case_id = view->file->id;
  all.limit = outbox_looked_at_max;
  const auto letters = exchange.desk.store.outbox(all);
  if (!letters) return exchange.problem(letters.error());
  body["letters"] = letters_json(*letters, viewer);
  // What somebody may do changes with the hour and the outbox, not only with the version.
  const std::string text = body.dump();
  const std::string look = to_hex(BytesView(sha256(text)).first(look_bytes));
  exchange.answer_unless_known("\"" + std::to_string(view->file->version) + "." + look + "\"", text,
                               "application/json");
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
  if (outcome.kind == Outcome::Kind::not_found) return hide_case(exchange, Error{Errc::NotFound, {}});
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
  if (!file) return hide_case(exchange, file.error());
  if (!exchange.permits(Act::read_document, matter_of(**file))) return;
  const auto document = exchange.desk.store.read_document(DocumentId{std::string(exchange.captured[1])});
  if (!document) return exchange.problem(document.error());
  if (document->case_id != (*file)->id) return exchange.problem("not_found");
  if (!may_open(exchange, **file, *document)) return;
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
