#pragma once

#include "engine/domain/effect.h"

#include <string>

namespace kintsugi::webhook {

// The bodies of what is posted: CloudEvents 1.0 in structured JSON. docs/api/webhooks.md lists every member; the
// types are `kintsugi.case.` and the name of the change, and never change their meaning. They hold ids, names of the
// program's, numbers and times: nothing that anybody typed.
//
// `source` is the installation: its log base. The bytes depend on nothing but the arguments, so that a repeat has
// the same digest.
std::string message_of(const Effect& effect, const std::string& source);
// Of a test: type `kintsugi.webhook.test`, about the webhook itself.
std::string test_message(const WebhookId& webhook, const std::string& id, Instant at, const std::string& source);

}  // namespace kintsugi::webhook
