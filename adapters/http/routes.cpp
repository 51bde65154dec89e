#include "adapters/http/routes.h"

#include <array>

namespace kintsugi::http {
namespace {

constexpr std::array table = {
    Route{"POST", "/api/v1/sign-ins", Caller::anyone, sign_in, described::sign_in},
    Route{"GET", "/api/v1/sign-ins/current", Caller::person, show_sign_in, described::show_sign_in},
    Route{"DELETE", "/api/v1/sign-ins/current", Caller::person, sign_out, described::sign_out},
    Route{"GET", "/api/v1/sign-ins", Caller::person, list_sign_ins, described::list_sign_ins},
    Route{"DELETE", "/api/v1/sign-ins", Caller::person, end_other_sign_ins, described::end_other_sign_ins},
    Route{"DELETE", "/api/v1/sign-ins/{}", Caller::person, end_sign_in, described::end_sign_in},
    Route{"POST", "/api/v1/step-ups", Caller::person, step_up, described::step_up},
    Route{"POST", "/api/v1/invitations/accept", Caller::anyone, accept_invitation, described::accept_invitation},
    Route{"POST", "/api/v1/code-enrolments", Caller::person, enrol_code, described::enrol_code},
    Route{"POST", "/api/v1/code-enrolments/confirm", Caller::person, confirm_code, described::confirm_code},
    Route{"POST", "/api/v1/recovery-codes", Caller::person, make_recovery_codes, described::make_recovery_codes},

    Route{"GET", "/api/v1/people/{}/sign-ins", Caller::person, list_sign_ins_of, described::list_sign_ins_of},
    Route{"DELETE", "/api/v1/people/{}/sign-ins", Caller::person, end_sign_ins_of, described::end_sign_ins_of},
    Route{"DELETE", "/api/v1/people/{}/sign-ins/{}", Caller::person, end_sign_in_of, described::end_sign_in_of},
    Route{"POST", "/api/v1/people/{}/invitations", Caller::person, invite_person, described::invite_person},
    Route{"POST", "/api/v1/people/{}/leave", Caller::person, leave, described::leave},
    Route{"GET", "/api/v1/expiries", Caller::person, list_expiries, described::list_expiries},
    Route{"GET", "/api/v1/devices/{}/credentials", Caller::person, list_machine_credentials,
          described::list_device_credentials},
    Route{"DELETE", "/api/v1/devices/{}/credentials/{}", Caller::person, end_machine_credential,
          described::end_device_credential},
    Route{"POST", "/api/v1/devices/{}/tokens", Caller::person, make_machine_token, described::make_device_token},
    Route{"POST", "/api/v1/devices/{}/certificates", Caller::person, bind_certificate,
          described::bind_device_certificate},
    Route{"GET", "/api/v1/access-points/{}/credentials", Caller::person, list_machine_credentials,
          described::list_point_credentials},
    Route{"DELETE", "/api/v1/access-points/{}/credentials/{}", Caller::person, end_machine_credential,
          described::end_point_credential},
    Route{"POST", "/api/v1/access-points/{}/tokens", Caller::person, make_machine_token, described::make_point_token},
    Route{"POST", "/api/v1/access-points/{}/certificates", Caller::person, bind_certificate,
          described::bind_point_certificate},

    Route{"POST", "/api/v1/faults", Caller::known, report_fault, described::report_fault},
    // They know their callers themselves: an integration's token is good for nothing else.
    Route{"POST", "/api/v1/compat/alertmanager", Caller::anyone, take_alertmanager, described::take_alertmanager},
    Route{"POST", "/v2/enqueue", Caller::anyone, take_pagerduty, described::take_pagerduty},

    Route{"GET", "/api/v1/cases", Caller::person, list_cases, described::list_cases},
    Route{"GET", "/api/v1/cases/{}", Caller::person, show_case, described::show_case},
    Route{"POST", "/api/v1/cases/{}/events/{}", Caller::known, submit_event, described::submit_event},
    Route{"GET", "/api/v1/cases/{}/documents", Caller::person, list_documents, described::list_documents},
    Route{"GET", "/api/v1/cases/{}/documents/{}", Caller::person, read_document, described::read_document},
    Route{"GET", "/api/v1/events/{}/schema", Caller::known, show_schema, described::show_schema},

    Route{"GET", "/api/v1/events", Caller::person, watch, described::watch},

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

    Route{"GET", "/api/v1/health", Caller::person, show_health, described::show_health},
    Route{"GET", "/metrics", Caller::anyone, show_metrics, described::show_metrics},
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
