#include "adapters/http/routes.h"

#include <array>

namespace kintsugi::http {
namespace {

constexpr std::array table = {
    Route{"POST", "/api/v1/sign-ins", Caller::anyone, sign_in, described::sign_in},
    Route{"GET", "/api/v1/sign-ins/current", Caller::person, show_sign_in, described::show_sign_in},
    Route{"DELETE", "/api/v1/sign-ins/current", Caller::person, sign_out, described::sign_out},
    Route{"POST", "/api/v1/step-ups", Caller::person, step_up, described::step_up},
    Route{"POST", "/api/v1/invitations/accept", Caller::anyone, accept_invitation, described::accept_invitation},

    Route{"POST", "/api/v1/faults", Caller::known, report_fault, described::report_fault},
    Route{"GET", "/api/v1/cases", Caller::person, list_cases, described::list_cases},
    Route{"GET", "/api/v1/cases/{}", Caller::person, show_case, described::show_case},
    Route{"POST", "/api/v1/cases/{}/events/{}", Caller::known, submit_event, described::submit_event},
    Route{"GET", "/api/v1/cases/{}/documents/{}", Caller::person, read_document, described::read_document},
    Route{"GET", "/api/v1/events/{}/schema", Caller::known, show_schema, described::show_schema},

    Route{"GET", "/api/v1/outbox", Caller::person, list_outbox, described::list_outbox},
    Route{"POST", "/api/v1/outbox/{}/redrive", Caller::person, redrive, described::redrive},

    Route{"GET", "/api/v1/webhooks", Caller::person, list_webhooks, described::list_webhooks},
    Route{"POST", "/api/v1/webhooks", Caller::person, add_webhook, described::add_webhook},
    Route{"GET", "/api/v1/webhooks/{}", Caller::person, show_webhook, described::show_webhook},
    Route{"PUT", "/api/v1/webhooks/{}", Caller::person, change_webhook, described::change_webhook},
    Route{"POST", "/api/v1/webhooks/{}/rotate", Caller::person, rotate_webhook, described::rotate_webhook},
    Route{"POST", "/api/v1/webhooks/{}/test", Caller::person, test_webhook, described::test_webhook},
    Route{"GET", "/api/v1/webhooks/{}/deliveries", Caller::person, list_deliveries, described::list_deliveries},

    Route{"GET", "/api/v1/audit/checkpoint", Caller::person, show_checkpoint, described::show_checkpoint},

    Route{"GET", "/livez", Caller::anyone, live, described::live},
    Route{"GET", "/readyz", Caller::anyone, ready, described::ready},
    Route{"GET", "/version", Caller::anyone, version, described::version},
    Route{"GET", "/openapi.json", Caller::anyone, show_openapi, described::show_openapi},
};

std::string_view next_segment(std::string_view& rest) {
  const auto slash = rest.find('/');
  const std::string_view one = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return one;
}

}  // namespace

std::span<const Route> routes() {
  return table;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& captured) {
  captured.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view found = next_segment(path);
    if (wanted == "{}" && !found.empty())
      captured.push_back(found);
    else if (wanted != found)
      return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace kintsugi::http
