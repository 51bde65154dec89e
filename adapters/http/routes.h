#pragma once

#include "adapters/http/described/described.h"
#include "adapters/http/exchange.h"

#include <span>
#include <string_view>
#include <vector>

namespace kintsugi::http {

// Who may knock. What he may then do is decided further in.
enum class Caller {
  anyone,
  person,  // a signed-in person
  known,   // a person or a machine with a token
};

// The table of routes is the only list of them: requests are matched against it, and the OpenAPI document is made
// from it.
struct Route {
  std::string_view method;
  std::string_view path;  // `{}` stands for one segment
  Caller caller;
  void (*answer)(Exchange&);
  Description (*described)();
  Kept kept = Kept::here;  // who keeps the reply, if it is a POST
};

std::span<const Route> routes();

// What the document says of it, with what follows for every route of its kind.
Description whole_description(const Route& route);

// The parts of a path between its slashes.
std::vector<std::string_view> segments_of(std::string_view path);
// Whether it is the path of routes()[route], whatever the method (for 405). `captured` is filled by a match.
bool matches(std::size_t route, std::span<const std::string_view> path, std::vector<std::string_view>& captured);

// sign_ins.cpp
void sign_in(Exchange&);
void sign_out(Exchange&);
void show_sign_in(Exchange&);
void list_sign_ins(Exchange&);
void end_sign_in(Exchange&);
void end_other_sign_ins(Exchange&);
void list_sign_ins_of(Exchange&);
void end_sign_in_of(Exchange&);
void end_sign_ins_of(Exchange&);
void step_up(Exchange&);
// enrolments.cpp
void accept_invitation(Exchange&);
void enrol_code(Exchange&);
void confirm_code(Exchange&);
void make_recovery_codes(Exchange&);
void invite_person(Exchange&);
// people.cpp
void list_expiries(Exchange&);
void leave(Exchange&);
// machines.cpp
void list_machine_credentials(Exchange&);
void make_machine_token(Exchange&);
void bind_certificate(Exchange&);
void end_machine_credential(Exchange&);
// integrations.cpp
void list_integrations(Exchange&);
void add_integration(Exchange&);
void show_integration(Exchange&);
void retire_integration(Exchange&);
// faults.cpp
void report_fault(Exchange&);
// cases.cpp
void show_case(Exchange&);
void submit_event(Exchange&);
// Approvals are fenced by the request's hash, closings by nothing, everything else that people do by the version.
bool fenced_by_version(const EventInfo& event);
// Answers what kept a case from being read. The answer is the same whether there is no such case or only none for
// him, and tells no more than for whom he works.
void hide_case(Exchange& exchange, const Error& error);
void read_document(Exchange&);
void show_schema(Exchange&);
// case_lists.cpp
void list_cases(Exchange&);
void list_documents(Exchange&);
// compat.cpp
void take_alertmanager(Exchange&);
void take_pagerduty(Exchange&);
// watching.cpp
void watch(Exchange&);
// on_call.cpp
void show_on_call(Exchange&);
void list_hand_overs(Exchange&);
void add_override(Exchange&);
void check_on_call(Exchange&);
// webhooks.cpp
void list_webhooks(Exchange&);
void add_webhook(Exchange&);
void show_webhook(Exchange&);
void change_webhook(Exchange&);
void rotate_webhook(Exchange&);
void test_webhook(Exchange&);
void list_deliveries(Exchange&);
// metrics.cpp
void show_metrics(Exchange&);
void show_health(Exchange&);
// plans.cpp; what each kind of master answers to is in masters.h
void export_masters(Exchange&);
void plan_masters(Exchange&);
void apply_masters(Exchange&);
void show_master_schemas(Exchange&);
// operation.cpp
void live(Exchange&);
void ready(Exchange&);
void version(Exchange&);
void show_openapi(Exchange&);
void list_outbox(Exchange&);
void redrive(Exchange&);
void show_checkpoint(Exchange&);

}  // namespace kintsugi::http
