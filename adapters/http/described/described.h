#pragma once

#include "adapters/http/described/description.h"
#include "adapters/http/described/words.h"

// What the document says of each route, under the name of the function that answers it.
namespace kintsugi::http::described {

// sign_ins.cpp
Description sign_in();
Description sign_out();
Description show_sign_in();
Description step_up();
Description accept_invitation();
// people.cpp
Description list_sign_ins();
Description end_sign_in();
Description end_other_sign_ins();
Description list_sign_ins_of();
Description end_sign_in_of();
Description end_sign_ins_of();
Description enrol_code();
Description confirm_code();
Description make_recovery_codes();
Description invite_person();
Description leave();
Description list_expiries();
// machines.cpp
Description list_device_credentials();
Description end_device_credential();
Description make_device_token();
Description bind_device_certificate();
Description list_point_credentials();
Description end_point_credential();
Description make_point_token();
Description bind_point_certificate();
Description list_integration_credentials();
Description end_integration_credential();
Description make_integration_token();
// integrations.cpp
Description list_integrations();
Description add_integration();
Description show_integration();
Description retire_integration();
// cases.cpp
Description report_fault();
Description list_cases();
Description show_case();
Description submit_event();
Description read_document();
Description list_documents();
Description show_schema();
Description watch();
// masters.cpp; T is the kind
template <class T>
Description list_masters();
template <class T>
Description show_master();
template <class T>
Description add_master();
template <class T>
Description put_master();
template <class T>
Description retire_master();
Description export_masters();
Description plan_masters();
Description apply_masters();
Description show_master_schemas();
// operation.cpp
Description live();
Description ready();
Description version();
Description show_openapi();
Description list_outbox();
Description redrive();
Description show_checkpoint();
// compat.cpp
Description take_alertmanager();
Description take_pagerduty();
// watch.cpp
Description show_health();
Description show_metrics();
// on_call.cpp
Description show_on_call();
Description list_hand_overs();
Description add_override();
Description check_on_call();
// webhooks.cpp
Description list_webhooks();
Description add_webhook();
Description show_webhook();
Description change_webhook();
Description rotate_webhook();
Description test_webhook();
Description list_deliveries();

}  // namespace kintsugi::http::described
