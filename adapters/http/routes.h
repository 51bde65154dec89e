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
};

std::span<const Route> routes();

// The route of a path whatever the method (for 405), and the one of both. `captured` is filled by a match.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& captured);

// sign_ins.cpp
void sign_in(Exchange&);
void sign_out(Exchange&);
void show_sign_in(Exchange&);
void step_up(Exchange&);
void accept_invitation(Exchange&);
// faults.cpp
void report_fault(Exchange&);
void list_cases(Exchange&);  // case_lists.cpp
// cases.cpp
void show_case(Exchange&);
void submit_event(Exchange&);
// Approvals are fenced by the request's hash, closings by nothing, everything else that people do by the version.
bool fenced_by_version(const EventInfo& event);
// Answers what kept a case from being read. The answer is the same whether there is no such case or only none for
// him, and tells no more than for whom he works.
void hide_case(Exchange& exchange, const Error& error);
// case_lists.cpp
void list_documents(Exchange&);
void read_document(Exchange&);
void show_schema(Exchange&);
// watching.cpp
void watch(Exchange&);
// webhooks.cpp
void list_webhooks(Exchange&);
void add_webhook(Exchange&);
void show_webhook(Exchange&);
void change_webhook(Exchange&);
void rotate_webhook(Exchange&);
void test_webhook(Exchange&);
void list_deliveries(Exchange&);
// plans.cpp; what each kind of master answers to is in masters.h
void export_masters(Exchange&);
void plan_masters(Exchange&);
void apply_masters(Exchange&);
void show_master_schema(Exchange&);
// operation.cpp
void live(Exchange&);
void ready(Exchange&);
void version(Exchange&);
void show_openapi(Exchange&);
void list_outbox(Exchange&);
void redrive(Exchange&);
void show_checkpoint(Exchange&);

}  // namespace kintsugi::http
