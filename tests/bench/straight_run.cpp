#include "tests/bench/straight_run.h"

#include "engine/base/clock.h"
#include "engine/base/digest.h"

#include <fmt/format.h>

namespace kintsugi::bench {
namespace {

using enum Who;

constexpr Duration step_up_life = 1h;  // longer than any stretch; the engine's own are good for 120 s

std::string now_text() {
  return to_text(SystemClock().now());
}

std::string nothing(const Subject&) {
  return "{}";
}

std::string notice(const Subject& about) {
  return fmt::format(
      R"({{"action":"trigger","dedup_key":"ct-{}.E-217","device":"{}","code":"E-217","occurred_at":"{}",)"
      R"("details":"gantry does not turn"}})",
      about.device, device_at(about.device).text(), now_text());
}

std::string request(const Subject&) {
  const Instant now = SystemClock().now();
  return fmt::format(
      R"({{"purpose":"fault","reason":"find out why the gantry stops","work_plan":"read the error log, run the gantry )"
      R"(test","effect_on_operation":"the room is out of use","substitute_measure":"room 2","needs_restart":false,)"
      R"("level":"control","window":{{"opens":"{}","closes":"{}"}},"sessions_max":2,"workers":["{}"],)"
      R"("attendant":"{}","phi_seen":false,"phi_taken":false,"hold_needed":true}})",
      to_text(now), to_text(now + 2h), person(abe).text(), person(tanaka).text());
}

template <Role slot>
std::string approval(const Subject& about) {
  return fmt::format(R"({{"slot":"{}","request_hash":"{}"}})", name_of(slot), about.request_hash);
}

template <Hop hop, HopState state>
std::string report(const Subject& about) {
  const std::string identity = hop == Hop::route && state == HopState::open
                                   ? fmt::format(R"(,"identity":"CT-{}")", about.device)
                                   : std::string();
  return fmt::format(R"({{"hop":"{}","state":"{}","generation":1,"sessions":0{}}})", name_of(hop), name_of(state),
                     identity);
}

constexpr std::array first = {
    Act{device, "fault", notice, "notified"},
    Act{abe, "acknowledge", nothing, "acknowledged"},
    Act{abe, "request_connection", request, "conn_requested"},
};

constexpr std::array then = {
    Act{sato, "approve", approval<Role::hcf_sysadm>, "conn_requested", true},
    Act{suzuki, "approve", approval<Role::hcf_netadm>, "conn_requested", true},
    Act{ono, "approve", approval<Role::rsc_netadm>, "conn_approved", true},
    Act{tanaka, "set_hold", [](const Subject&) { return std::string(R"({"no_patient":true})"); }, "conn_approved"},
    Act{abe, "start_connection",
        [](const Subject& about) {
          return fmt::format(R"({{"case_number":"{}","endpoint_healthy":true}})", about.number);
        },
        "connecting"},
    Act{way_out, "report_hop", report<Hop::exit, HopState::open>, "connecting"},
    Act{gate, "report_hop", report<Hop::access_point, HopState::open>, "connecting"},
    Act{gate, "report_hop", report<Hop::route, HopState::open>, "connected", false, 1},
    Act{abe, "log_work",
        [](const Subject&) { return std::string(R"({"kind":"command","entry":"gantry test passed"})"); },
        "connected"},
    Act{abe, "repair_done",
        [](const Subject&) { return std::string(R"({"test_result":"passed","summary":"sensor cleaned"})"); },
        "check_online"},
    Act{tanaka, "clinical_ok", [](const Subject&) { return std::string(R"({"checks":[],"restricted_use":false})"); },
        "disconnecting"},
    Act{way_out, "report_hop", report<Hop::exit, HopState::closed>, "disconnecting"},
    Act{gate, "report_hop", report<Hop::access_point, HopState::closed>, "disconnecting"},
    Act{gate, "report_hop", report<Hop::route, HopState::closed>, "disconnecting"},
    Act{way_out, "report_hop", report<Hop::probe, HopState::closed>, "data_deletion", false, 1},
    Act{abe, "nothing_taken",
        [](const Subject&) {
          return std::string(R"({"transfers_checked":true,"screens_checked":true,"recording_checked":true})");
        },
        "data_deletion"},
    Act{ono, "countersign", nothing, "sign_off", false, 1},
    Act{abe, "submit_report",
        [](const Subject&) {
          return std::string(R"({"cause_code":"SENSOR","cause":"dirty sensor","work":"cleaned","nature":"repair",)"
                             R"("phi_accessed":false,"tests":"gantry test passed","output_may_have_changed":false,)"
                             R"("left_behind":"none"})");
        },
        "sign_off"},
    Act{sato, "approve_report", [](const Subject&) { return std::string(R"({"read":true})"); }, "sign_off"},
    Act{suzuki, "review_log",
        [](const Subject&) {
          return std::string(R"({"access_list_seen":true,"operations_seen":true,"finding":"nothing_unusual"})");
        },
        "sign_off"},
    Act{sato, "sign_off", nothing, "closed", true},
};

}  // namespace

std::span<const Act> opening() {
  return first;
}
std::span<const Act> the_rest() {
  return then;
}

std::string step_up_token(std::string_view case_id, const Act& act) {
  return fmt::format("{}/{}/{}", case_id, act.event, static_cast<int>(act.who));
}

std::vector<StoredStepUp> step_ups_of(const CaseId& id, const Digest& request_hash, Instant now) {
  std::vector<StoredStepUp> out;
  for (const Act& act : then)
    if (act.step_up)
      out.push_back({.token = sha256(step_up_token(id.text(), act)),
                     .person = person(act.who),
                     .case_id = id,
                     .event = act.event,
                     .request_hash = std::string_view(act.event) == "approve" ? request_hash : Digest{},
                     .created = now,
                     .expires = now + step_up_life});
  return out;
}

}  // namespace kintsugi::bench
