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
// cases.cpp
void list_cases(Exchange&);
void show_case(Exchange&);
void submit_event(Exchange&);
// Approvals are fenced by the request's hash, closings by nothing, everything else that people do by the version.
bool fenced_by_version(const EventInfo& event);
void read_document(Exchange&);
void show_schema(Exchange&);
// webhooks.cpp
void list_webhooks(Exchange&);
void add_webhook(Exchange&);
void show_webhook(Exchange&);
void change_webhook(Exchange&);
void rotate_webhook(Exchange&);
void test_webhook(Exchange&);
void list_deliveries(Exchange&);
// operation.cpp
void live(Exchange&);
void ready(Exchange&);
void version(Exchange&);
void show_openapi(Exchange&);
void list_outbox(Exchange&);
void redrive(Exchange&);
void show_checkpoint(Exchange&);

}  // namespace kintsugi::http
