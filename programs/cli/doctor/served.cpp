#include "engine/base/clock.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/doctor/examine.h"
#include "programs/cli/doctor/machine.h"

#include <charconv>

namespace kintsugi::cli {
namespace {

struct Where {
  std::string host;
  int port = 443;
};
Where where_of(const std::string& url) {
  Where out;
  std::string rest = url.substr(url.find("://") + 3);
  const auto bracket = rest.find(']');
  const auto colon = rest.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) std::from_chars(rest.data() + colon + 1, rest.data() + rest.size(), out.port);
  rest = rest.substr(0, colon);
  out.host = bracket == std::string::npos ? rest : rest.substr(1, bracket - 1);
  return out;
}

void look_at_readiness(Api& api, const Tongue& say, Findings& out) {
  const Reply reply = api.get("/readyz");
  std::string failing;
  for (const Json& one : list_of(reply.json, "checks"))
    if (!flag_of(one, "ok")) failing += (failing.empty() ? "" : ", ") + text_of(one, "name");
  if (reply.good()) return out.good("ready", say("doctor.ready"));
  out.wrong("ready", say("doctor.not_ready", failing), say("doctor.not_ready_do"));
}

// What the server finds out about itself, if this person may see it.
void look_at_health(Api& api, const Tongue& say, Findings& out) {
  const Reply reply = api.get("/api/v1/health");
  for (const Json& one : list_of(reply.json, "checks")) {
    const std::string name = "health." + text_of(one, "name");
    const std::string status = text_of(one, "status");
    const std::string found = text_of(one, "found");
    if (status == "ok")
      out.good(name, found);
    else if (status == "attention")
      out.attention(name, say("doctor.health_since", found, to_the_second(text_of(one, "since"))),
                    text_of(one, "do"));
    else if (status == "wrong")
      out.wrong(name, say("doctor.health_since", found, to_the_second(text_of(one, "since"))), text_of(one, "do"));
    else
      out.good(name, say("doctor.health_unknown"));
  }
}

void look_at_sign_in(Api& api, const Tongue& say, Findings& out) {
  const Reply who = api.get("/api/v1/sign-ins/current");
  if (!who.good()) return out.attention("sign_in", say("doctor.sign_in_over"), say("problem.sign_in"));
  out.good("sign_in", say("doctor.sign_in", text_of(object_of(who.json, "person"), "name"),
                          to_the_second(text_of(who.json, "expires_at"))));
  const Reply effects = api.get("/api/v1/outbox?state=gave_up");
  const auto given_up = list_of(effects.json, "effects").size();
  if (given_up > 0)
    out.wrong("effects", say("doctor.effects_given_up", given_up), say("doctor.effects_do"));
  else if (effects.good())
    out.good("effects", say("doctor.effects"));
  const Reply logs = api.get_all("/api/v1/audit/checkpoint", "logs");
  std::string behind;
  for (const Json& one : list_of(logs.json, "logs"))
    if (number_of(one, "records") - number_of(one, "signed_size") > tail_records)
      behind += (behind.empty() ? "" : ", ") + text_of(one, "log");
  if (!behind.empty())
    out.attention("checkpoint", say("doctor.checkpoint_old", behind), say("doctor.checkpoint_do"));
  else if (logs.good() && !list_of(logs.json, "logs").empty())
    out.good("checkpoint", say("doctor.checkpoint"));
}

}  // namespace

Findings examine_server(const VisitOptions& options, const Tongue& say) {
  Findings out;
  const auto place = ProfilePlace::of(options.profile, say);
  const auto profile = place ? place->load() : Result<Profile>(pass(place));
  if (!profile) {
    out.wrong("profile", profile.error().what, say("problem.sign_in"));
    return out;
  }
  const auto address = address_of(options, *profile, *place, say);
  if (!address) {
    out.wrong("address", address.error().what, say("doctor.address_do"));
    return out;
  }
  const Where where = where_of(address->url);
  switch (reach(where.host, where.port)) {
    case Reached::answered: out.good("reach", say("doctor.reach", address->url)); break;
    case Reached::refused:
      out.wrong("reach", say("doctor.reach_refused", address->url), say("doctor.reach_refused_do"));
      return out;
    case Reached::nobody:
      out.wrong("reach", say("doctor.reach_nobody", address->url), say("doctor.reach_nobody_do"));
      return out;
  }
  if (address->url.starts_with("https://"))
    if (const auto end = certificate_end(where.host, where.port))
      judge_certificate(out, *end, SystemClock().now(), say);

  const bool for_this_server = profile->server == address->url;
  Api api(*address, for_this_server ? profile->token : std::string(), say);
  const Reply live = api.get("/version");
  if (!live.good() || text_of(live.json, "program") != "kintsugi") {
    const bool untrusted = live.missing == Reply::Missing::certificate;
    out.wrong("answer", untrusted ? say("server.certificate", address->url) : say("doctor.answer", address->url),
              untrusted ? say("doctor.trust_do") : say("doctor.address_do"));
    return out;
  }
  out.good("answer", say("doctor.version", text_of(live.json, "version"), text_of(live.json, "workflow"),
                         value_of(live.json, "workflow_version")));
  look_at_readiness(api, say, out);
  if (for_this_server && !profile->token.empty()) {
    look_at_sign_in(api, say, out);
    look_at_health(api, say, out);
  }
  return out;
}

}  // namespace kintsugi::cli
