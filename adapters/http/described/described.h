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
// cases.cpp
Description report_fault();
Description list_cases();
Description show_case();
Description submit_event();
Description read_document();
Description show_schema();
// operation.cpp
Description live();
Description ready();
Description version();
Description show_openapi();
Description list_outbox();
Description redrive();
Description show_checkpoint();
// webhooks.cpp
Description list_webhooks();
Description add_webhook();
Description show_webhook();
Description change_webhook();
Description rotate_webhook();
Description test_webhook();
Description list_deliveries();

}  // namespace kintsugi::http::described
