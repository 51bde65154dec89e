#include "adapters/http/routes.h"

#include "adapters/http/masters.h"

#include <array>

namespace kintsugi::http {
namespace {

constexpr std::array table = {
    Route{"POST", "/api/v1/sign-ins", Caller::anyone, sign_in, described::sign_in, Kept::by_nobody},
    Route{"GET", "/api/v1/sign-ins/current", Caller::person, show_sign_in, described::show_sign_in},
    Route{"DELETE", "/api/v1/sign-ins/current", Caller::person, sign_out, described::sign_out},
    Route{"GET", "/api/v1/sign-ins", Caller::person, list_sign_ins, described::list_sign_ins},
    Route{"DELETE", "/api/v1/sign-ins", Caller::person, end_other_sign_ins, described::end_other_sign_ins},
    Route{"DELETE", "/api/v1/sign-ins/{}", Caller::person, end_sign_in, described::end_sign_in},
    Route{"POST", "/api/v1/step-ups", Caller::person, step_up, described::step_up, Kept::by_nobody},
    Route{"POST", "/api/v1/invitations/accept", Caller::anyone, accept_invitation, described::accept_invitation,
          Kept::by_nobody},
    Route{"POST", "/api/v1/code-enrolments", Caller::person, enrol_code, described::enrol_code, Kept::unshown},
    Route{"POST", "/api/v1/code-enrolments/confirm", Caller::person, confirm_code, described::confirm_code},
    Route{"POST", "/api/v1/recovery-codes", Caller::person, make_recovery_codes, described::make_recovery_codes,
          Kept::unshown},

    Route{"GET", "/api/v1/people/{}/sign-ins", Caller::person, list_sign_ins_of, described::list_sign_ins_of},
    Route{"DELETE", "/api/v1/people/{}/sign-ins", Caller::person, end_sign_ins_of, described::end_sign_ins_of},
    Route{"DELETE", "/api/v1/people/{}/sign-ins/{}", Caller::person, end_sign_in_of, described::end_sign_in_of},
    Route{"POST", "/api/v1/people/{}/invitations", Caller::person, invite_person, described::invite_person,
          Kept::unshown},
    Route{"POST", "/api/v1/people/{}/leave", Caller::person, leave, described::leave},
    Route{"GET", "/api/v1/expiries", Caller::person, list_expiries, described::list_expiries},
    Route{"GET", "/api/v1/devices/{}/credentials", Caller::person, list_machine_credentials,
          described::list_device_credentials},
    Route{"DELETE", "/api/v1/devices/{}/credentials/{}", Caller::person, end_machine_credential,
          described::end_device_credential},
    Route{"POST", "/api/v1/devices/{}/tokens", Caller::person, make_machine_token, described::make_device_token,
          Kept::unshown},
    Route{"POST", "/api/v1/devices/{}/certificates", Caller::person, bind_certificate,
          described::bind_device_certificate},
    Route{"GET", "/api/v1/access-points/{}/credentials", Caller::person, list_machine_credentials,
          described::list_point_credentials},
    Route{"DELETE", "/api/v1/access-points/{}/credentials/{}", Caller::person, end_machine_credential,
          described::end_point_credential},
    Route{"POST", "/api/v1/access-points/{}/tokens", Caller::person, make_machine_token, described::make_point_token,
          Kept::unshown},
    Route{"POST", "/api/v1/access-points/{}/certificates", Caller::person, bind_certificate,
          described::bind_point_certificate},

    Route{"POST", "/api/v1/faults", Caller::known, report_fault, described::report_fault, Kept::by_route},
    // They know their callers themselves, and keep replies for them: an integration's token is good for nothing else.
    Route{"POST", "/api/v1/compat/alertmanager", Caller::anyone, take_alertmanager, described::take_alertmanager,
          Kept::by_route},
    Route{"POST", "/v2/enqueue", Caller::anyone, take_pagerduty, described::take_pagerduty, Kept::by_route},

    Route{"GET", "/api/v1/integrations", Caller::person, list_integrations, described::list_integrations},
    Route{"POST", "/api/v1/integrations", Caller::person, add_integration, described::add_integration},
    Route{"GET", "/api/v1/integrations/{}", Caller::person, show_integration, described::show_integration},
    Route{"POST", "/api/v1/integrations/{}/retire", Caller::person, retire_integration,
          described::retire_integration},
    Route{"GET", "/api/v1/integrations/{}/credentials", Caller::person, list_machine_credentials,
          described::list_integration_credentials},
    Route{"DELETE", "/api/v1/integrations/{}/credentials/{}", Caller::person, end_machine_credential,
          described::end_integration_credential},
    Route{"POST", "/api/v1/integrations/{}/tokens", Caller::person, make_machine_token,
          described::make_integration_token, Kept::unshown},

    Route{"GET", "/api/v1/cases", Caller::person, list_cases, described::list_cases},
    Route{"GET", "/api/v1/cases/{}", Caller::person, show_case, described::show_case},
    Route{"POST", "/api/v1/cases/{}/events/{}", Caller::known, submit_event, described::submit_event, Kept::by_route},
    Route{"GET", "/api/v1/cases/{}/documents", Caller::person, list_documents, described::list_documents},
    Route{"GET", "/api/v1/cases/{}/documents/{}", Caller::person, read_document, described::read_document},
    Route{"GET", "/api/v1/events/{}/schema", Caller::known, show_schema, described::show_schema},

    Route{"GET", "/api/v1/events", Caller::person, watch, described::watch},

    Route{"GET", "/api/v1/outbox", Caller::person, list_outbox, described::list_outbox},
    Route{"POST", "/api/v1/outbox/{}/redrive", Caller::person, redrive, described::redrive},

    Route{"GET", "/api/v1/on-call", Caller::person, show_on_call, described::show_on_call},
    Route{"GET", "/api/v1/on-call/hand-overs", Caller::person, list_hand_overs, described::list_hand_overs},
    Route{"POST", "/api/v1/on-call/overrides", Caller::person, add_override, described::add_override, Kept::by_route},
    Route{"GET", "/api/v1/on-call/check", Caller::person, check_on_call, described::check_on_call},

    Route{"GET", "/api/v1/webhooks", Caller::person, list_webhooks, described::list_webhooks},
    Route{"POST", "/api/v1/webhooks", Caller::person, add_webhook, described::add_webhook, Kept::unshown},
    Route{"GET", "/api/v1/webhooks/{}", Caller::person, show_webhook, described::show_webhook},
    Route{"PUT", "/api/v1/webhooks/{}", Caller::person, change_webhook, described::change_webhook},
    Route{"POST", "/api/v1/webhooks/{}/rotate", Caller::person, rotate_webhook, described::rotate_webhook,
          Kept::unshown},
    Route{"POST", "/api/v1/webhooks/{}/test", Caller::person, test_webhook, described::test_webhook},
    Route{"GET", "/api/v1/webhooks/{}/deliveries", Caller::person, list_deliveries, described::list_deliveries},

    Route{"GET", "/api/v1/audit/checkpoint", Caller::person, show_checkpoint, described::show_checkpoint},

    Route{"GET", "/api/v1/health", Caller::person, show_health, described::show_health},
    Route{"GET", "/metrics", Caller::anyone, show_metrics, described::show_metrics},

    Route{"GET", "/api/v1/organisations", Caller::person, list_masters<Organisation>,
          described::list_masters<Organisation>},
    Route{"GET", "/api/v1/organisations/{}", Caller::person, show_master<Organisation>,
          described::show_master<Organisation>},
    Route{"PUT", "/api/v1/organisations/{}", Caller::person, put_master<Organisation>,
          described::put_master<Organisation>},
    Route{"GET", "/api/v1/sites", Caller::person, list_masters<Site>, described::list_masters<Site>},
    Route{"GET", "/api/v1/sites/{}", Caller::person, show_master<Site>, described::show_master<Site>},
    Route{"PUT", "/api/v1/sites/{}", Caller::person, put_master<Site>, described::put_master<Site>},
    Route{"POST", "/api/v1/sites", Caller::person, add_master<Site>, described::add_master<Site>, Kept::by_route},
    Route{"POST", "/api/v1/sites/{}/retire", Caller::person, retire_master<Site>, described::retire_master<Site>,
          Kept::by_route},
    Route{"GET", "/api/v1/people", Caller::person, list_masters<Person>, described::list_masters<Person>},
    Route{"GET", "/api/v1/people/{}", Caller::person, show_master<Person>, described::show_master<Person>},
    Route{"PUT", "/api/v1/people/{}", Caller::person, put_master<Person>, described::put_master<Person>},
    Route{"POST", "/api/v1/people", Caller::person, add_master<Person>, described::add_master<Person>,
          Kept::by_route},
    Route{"POST", "/api/v1/people/{}/retire", Caller::person, retire_master<Person>, described::retire_master<Person>,
          Kept::by_route},
    Route{"GET", "/api/v1/access-points", Caller::person, list_masters<AccessPoint>,
          described::list_masters<AccessPoint>},
    Route{"GET", "/api/v1/access-points/{}", Caller::person, show_master<AccessPoint>,
          described::show_master<AccessPoint>},
    Route{"PUT", "/api/v1/access-points/{}", Caller::person, put_master<AccessPoint>,
          described::put_master<AccessPoint>},
    Route{"POST", "/api/v1/access-points", Caller::person, add_master<AccessPoint>,
          described::add_master<AccessPoint>, Kept::by_route},
    Route{"POST", "/api/v1/access-points/{}/retire", Caller::person, retire_master<AccessPoint>,
          described::retire_master<AccessPoint>, Kept::by_route},
    Route{"GET", "/api/v1/devices", Caller::person, list_masters<Device>, described::list_masters<Device>},
    Route{"GET", "/api/v1/devices/{}", Caller::person, show_master<Device>, described::show_master<Device>},
    Route{"PUT", "/api/v1/devices/{}", Caller::person, put_master<Device>, described::put_master<Device>},
    Route{"POST", "/api/v1/devices", Caller::person, add_master<Device>, described::add_master<Device>,
          Kept::by_route},
    Route{"POST", "/api/v1/devices/{}/retire", Caller::person, retire_master<Device>,
          described::retire_master<Device>, Kept::by_route},
    Route{"GET", "/api/v1/contracts", Caller::person, list_masters<Contract>, described::list_masters<Contract>},
    Route{"GET", "/api/v1/contracts/{}", Caller::person, show_master<Contract>, described::show_master<Contract>},
    Route{"PUT", "/api/v1/contracts/{}", Caller::person, put_master<Contract>, described::put_master<Contract>},
    Route{"POST", "/api/v1/contracts", Caller::person, add_master<Contract>, described::add_master<Contract>,
          Kept::by_route},
    Route{"POST", "/api/v1/contracts/{}/retire", Caller::person, retire_master<Contract>,
          described::retire_master<Contract>, Kept::by_route},
    Route{"GET", "/api/v1/rosters", Caller::person, list_masters<Roster>, described::list_masters<Roster>},
    Route{"GET", "/api/v1/rosters/{}", Caller::person, show_master<Roster>, described::show_master<Roster>},
    Route{"PUT", "/api/v1/rosters/{}", Caller::person, put_master<Roster>, described::put_master<Roster>},
    Route{"POST", "/api/v1/rosters", Caller::person, add_master<Roster>, described::add_master<Roster>,
          Kept::by_route},
    Route{"GET", "/api/v1/duties", Caller::person, list_masters<Duty>, described::list_masters<Duty>},
    Route{"GET", "/api/v1/duties/{}", Caller::person, show_master<Duty>, described::show_master<Duty>},
    Route{"PUT", "/api/v1/duties/{}", Caller::person, put_master<Duty>, described::put_master<Duty>},
    Route{"POST", "/api/v1/duties", Caller::person, add_master<Duty>, described::add_master<Duty>, Kept::by_route},
    Route{"POST", "/api/v1/duties/{}/retire", Caller::person, retire_master<Duty>, described::retire_master<Duty>,
          Kept::by_route},
    Route{"GET", "/api/v1/policies", Caller::person, list_masters<Policy>, described::list_masters<Policy>},
    Route{"GET", "/api/v1/policies/{}", Caller::person, show_master<Policy>, described::show_master<Policy>},
    Route{"PUT", "/api/v1/policies/{}", Caller::person, put_master<Policy>, described::put_master<Policy>},
    Route{"POST", "/api/v1/policies", Caller::person, add_master<Policy>, described::add_master<Policy>,
          Kept::by_route},
    Route{"POST", "/api/v1/policies/{}/retire", Caller::person, retire_master<Policy>,
          described::retire_master<Policy>, Kept::by_route},
    Route{"GET", "/api/v1/masters/export", Caller::person, export_masters, described::export_masters},
    Route{"POST", "/api/v1/masters/plan", Caller::person, plan_masters, described::plan_masters},
    Route{"POST", "/api/v1/masters/apply", Caller::person, apply_masters, described::apply_masters, Kept::by_route},
    Route{"GET", "/api/v1/masters/schemas", Caller::person, show_master_schemas, described::show_master_schemas},

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

Description whole_description(const Route& route) {
  Description out = route.described();
  if (route.method != "POST" || route.kept == Kept::by_nobody) return out;
  out.headers.emplace_back("Idempotency-Key");
  out.problems.insert(out.problems.end(), {"malformed_header", "key_reused"});
  const bool around = route.kept != Kept::by_route || route.caller == Caller::anyone;
  if (around) out.problems.insert(out.problems.end(), {"request_running", "reply_unknown"});
  if (route.kept == Kept::unshown)
    out.problems.emplace_back("reply_shown_once");
  else
    for (Answer& one : out.answers)
      if (one.status < 300) one.headers.emplace_back("Idempotency-Replayed");
  return out;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty())
    out.push_back(next_segment(path));
  return out;
}

// From the end, where paths differ first.
bool matches(std::size_t route, std::span<const std::string_view> path, std::vector<std::string_view>& captured) {
  static const auto patterns = [] {
    std::vector<std::vector<std::string_view>> out;
    for (const Route& one : routes())
      out.push_back(segments_of(one.path));
    return out;
  }();
  const auto& pattern = patterns[route];
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = path.size(); i-- > 0;)
    if (pattern[i] != path[i] && (pattern[i] != "{}" || path[i].empty())) return false;
  captured.clear();
  for (std::size_t i = 0; i < path.size(); ++i)
    if (pattern[i] == "{}") captured.push_back(path[i]);
  return true;
}

}  // namespace kintsugi::http
