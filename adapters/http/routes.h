#pragma once

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

struct Route {
  std::string_view method;
  std::string_view path;  // `{}` stands for one segment
  Caller caller;
  void (*answer)(Exchange&);
};

std::span<const Route> routes();

// The route of a path whatever the method (for 405), and the one of both. `captured` is filled by a match.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& captured);

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
// faults.cpp
void report_fault(Exchange&);
// cases.cpp
void list_cases(Exchange&);
void show_case(Exchange&);
void submit_event(Exchange&);
void read_document(Exchange&);
void show_schema(Exchange&);
// operation.cpp
void live(Exchange&);
void ready(Exchange&);
void version(Exchange&);
void list_outbox(Exchange&);
void redrive(Exchange&);
void show_checkpoint(Exchange&);

}  // namespace kintsugi::http
