#include "tests/explore/variants.h"

// Steps 3 and 4: answers of the hops, and what is said inside.
namespace kintsugi::explore {
namespace {

Json hop(const Grant& grant, Hop which, HopState state, int sessions = 0) {
  Json out{
      {"hop", name_of(which)}, {"state", name_of(state)}, {"generation", grant.generation}, {"sessions", sessions}};
  if (which == Hop::route && state == HopState::open) out["identity"] = "SN-1";
  return out;
}

Variants hop_reports(const Moment& m, const std::string&) {
  Grant none;
  const Grant& grant = m.file.grants.empty() ? none : m.file.grants.back();
  Variants out;
  const auto add = [&](Hop which, HopState state, int sessions = 0) {
    out.push_back(
        {std::string(name_of(which)) + " " + std::string(name_of(state)) + (sessions > 0 ? " with a session" : ""),
         hop(grant, which, state, sessions)});
  };
  using enum HopState;
  for (const Hop which : {Hop::exit, Hop::access_point, Hop::route}) {
    for (const HopState state : {closed, open, refused, lost, unknown})
      add(which, state);
    add(which, closed, 1);
  }
  add(Hop::exit, armed);
  add(Hop::access_point, armed);
  add(Hop::probe, closed);
  add(Hop::probe, reachable);
  Json other = hop(grant, Hop::route, open);
  other["identity"] = "SN-2";
  out.push_back({"route open, another device", std::move(other)});
  Json old = hop(grant, Hop::route, open);
  old["generation"] = grant.generation - 1;
  out.push_back({"route open, of an old generation", std::move(old)});
  Json ahead = hop(grant, Hop::exit, closed);
  ahead["generation"] = grant.generation + 1;
  out.push_back({"exit closed, of a generation to come", std::move(ahead)});
  return out;
}

Variants number(const Moment& m, const std::string&) {
  return {{"", Json{{"case_number", m.file.number}}},
          {"another number", Json{{"case_number", "K26-0000000-0"}}},
          {"end point not well", Json{{"case_number", m.file.number}, {"endpoint_healthy", false}}}};
}
Variants later_end(const Moment& m, const std::string&) {
  const Grant* grant = m.file.grant();
  const Instant closes = grant == nullptr ? m.now : grant->window.closes;
  return {{"", Json{{"until", to_text(closes + 30min)}}}, {"ten hours more", Json{{"until", to_text(closes + 10h)}}}};
}

}  // namespace

void add_connection(Writers& out) {
  const std::string content = to_base64(sha256("file"));
  const Variants files{{"", Json{{"content", content}, {"signature_ok", true}, {"malware_clean", true}}},
                       {"not clean", Json{{"content", content}, {"signature_ok", true}, {"malware_clean", false}}}};
  const auto by_hand = [](Json hops) {
    return Json{{"hops", std::move(hops)}, {"accounts_disabled", true}, {"evidence", document("evidence")}};
  };
  out["start_connection"] = number;
  out["report_hop"] = hop_reports;
  out["request_extension"] = out["extend_window"] = later_end;
  out["put_file"] = out["approve_file"] = always(files);
  out["clinical_ok"] = always(Json{{"checks", Json::array()}, {"restricted_use", false}});
  out["manual_close"] =
      always(Variants{{"", by_hand({"exit", "access_point", "route"})}, {"only the route", by_hand({"route"})}});
  out["policy_violation"] = always(Json{{"violation", "unknown_account"}});
  out["confirm_device_safe"] = always(Variants{{"", Json{{"safe", true}}}, {"it is not", Json{{"safe", false}}}});
}

}  // namespace kintsugi::explore
