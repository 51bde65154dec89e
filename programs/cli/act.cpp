#include "engine/base/clock.h"
#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/patience.h"
#include "programs/cli/unknown_word.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

struct ActOptions {
  VisitOptions visit;
  std::string named, event, json, reason, as, wait;
  std::string timeout = "60s";
  std::vector<std::string> data;
  std::int64_t version = -1;
  bool code_from_stdin = false;
};

// One act of one person (or machine) on one case: look, put the payload together, prove who it is if need be, send.
class Act {
 public:
  Act(const ActOptions& options, Visit visit, std::string id)
      : options_(options), visit_(std::move(visit)), id_(std::move(id)), path_("/api/v1/cases/" + id_) {}

  int run() {
    const auto limit = limit_from(options_.timeout, visit_.say);
    if (!limit) return report(limit.error());
    if (const int code = look(); code != ok) return code;
    if (const int code = check_state(visit_, options_.wait); code != ok) return code;
    auto payload = put_together();
    if (!payload) return payload.error().what.empty() ? refused_ : report(payload.error());
    Api::Headers headers;
    if (options_.version >= 0)
      headers["If-Match"] = "\"" + std::to_string(options_.version) + "\"";
    else if (!seen_.etag.empty())
      headers["If-Match"] = seen_.etag;
    if (needs_step_up()) {
      auto token = step_up(*payload);
      if (!token) return token.error().what.empty() ? refused_ : report(token.error());
      headers["Step-Up"] = std::move(*token);
    }
    const std::string as = options_.as.empty() ? std::string() : "?as=" + escaped(options_.as);
    const Reply reply = visit_.api.submit(path_ + "/events/" + escaped(options_.event) + as, *payload, headers);
    if (!reply.good()) return refuse(reply);
    visit_.show(reply, done_text(reply.json));
    if (options_.wait.empty()) return ok;
    return follow(visit_, id_, {.state = options_.wait, .limit = *limit, .tell = false});
  }

 private:
  int refuse(const Reply& reply) {
    return visit_.refuse(reply, {.server = {}, .case_ref = options_.named, .event = options_.event});
  }

  // A machine may not look at cases. A person who cannot look now can still cut a connection, so only a plain no
  // ends it here.
  int look() {
    if (visit_.by_machine) return ok;
    seen_ = visit_.api.get(path_);
    if (seen_.good() || seen_.status >= 500) return ok;
    return refuse(seen_);
  }

  Result<Json> put_together() {
    Typed typed{.event = options_.event, .data = options_.data, .base = Json::object()};
    if (!options_.json.empty()) {
      const auto text = whole_file(visit_.say, options_.json);
      if (!text) return pass(text);
      typed.base = json_from(*text);
      if (typed.base.is_discarded()) return fail(Errc::Invalid, visit_.say("data.json", options_.json));
    }
    if (!options_.reason.empty()) typed.data.push_back("reason=" + options_.reason);
    const Reply schema = visit_.api.get("/api/v1/events/" + escaped(options_.event) + "/schema");
    if (schema.status == 404 && visit_.plain()) return fail(Errc::NotFound, no_such_event());
    if (!schema.good()) {
      refused_ = refuse(schema);
      return fail(Errc::Refused, "");
    }
    auto payload = payload_of(typed, schema.json, SystemClock().now(), visit_.say);
    if (!payload) return payload;
    // Who answers a request answers the one he was shown.
    if (requires_member(schema.json, "request_hash") && !payload->contains("request_hash") && seen_.good()) {
      const Json& request = object_of(seen_.json, "request");
      if (request.empty()) return fail(Errc::Conflict, visit_.say("request.none"));
      (*payload)["request_hash"] = text_of(request, "hash");
    }
    return payload;
  }

  std::string no_such_event() const {
    std::vector<std::string> names;
    for (const Json& one : list_of(seen_.json, "actions"))
      names.push_back(text_of(one, "event"));
    const std::string near = nearest_to(options_.event, names);
    return near.empty() ? visit_.say("act.none", options_.event, options_.named)
                        : visit_.say("act.near", options_.event, options_.named, near);
  }

  // Nobody is asked for a code in vain: what is blocked goes to the server without one, and is refused there.
  bool needs_step_up() const {
    const Json& actions = list_of(seen_.json, "actions");
    return std::ranges::any_of(actions, [&](const Json& one) {
      return text_of(one, "event") == options_.event && flag_of(one, "allowed") && flag_of(one, "needs_step_up");
    });
  }

  Result<std::string> typed_secret(const std::string& question, const char* what) {
    return options_.code_from_stdin ? line_of_input(visit_.say, what)
                                    : ask_secret(visit_.say, question, "--code-stdin");
  }

  Result<std::string> step_up(const Json& payload) {
    const Tongue& say = visit_.say;
    if (!options_.code_from_stdin)
      fmt::print(stderr, "{}\n{}", say("ask.why", options_.event), request_text(seen_.json, visit_.page()));
    const auto password = typed_secret(say("ask.password"), "password");
    if (!password) return password;
    const auto code = typed_secret(say("ask.code"), "code");
    if (!code) return code;
    Json proof = {{"password", *password}, {"code", *code}, {"case_id", id_}, {"event", options_.event}};
    if (payload.contains("request_hash")) proof["request_hash"] = payload.at("request_hash");
    const Reply reply = visit_.api.post("/api/v1/step-ups", proof);
    if (reply.good()) return text_of(reply.json, "token");
    refused_ = refuse(reply);
    return fail(Errc::Refused, "");
  }

  std::string done_text(const Json& done) const {
    const Paint paint = visit_.page().paint;
    std::string out = text_of(done, "number") + "  " + options_.event + ": " + text_of(done, "from") + " → " +
                      paint.strong(text_of(done, "state")) + "  " + text_of(done, "label");
    out += "  " + visit_.say("case.version", number_of(done, "version")) + "\n";
    for (const Json& one : list_of(done, "followed_by"))
      if (one.is_string()) out += "  " + visit_.say("act.then", harmless(one.get_ref<const std::string&>())) + "\n";
    return out;
  }

  const ActOptions& options_;
  Visit visit_;
  const std::string id_;
  const std::string path_;
  Reply seen_;
  int refused_ = failed;  // what the server's last refusal means
};

int run(const ActOptions& options, const Tongue& say) {
  if (options.json == "-" && options.code_from_stdin) return report({Errc::Invalid, say("ask.one_input")});
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto id = visit->case_id(options.named);
  if (!id) return report(id.error());
  return Act(options, std::move(*visit), *id).run();
}

}  // namespace

void add_act(CLI::App& noun, int& exit, const Tongue& say) {
  auto options = std::make_shared<ActOptions>();
  CLI::App* one = noun.add_subcommand("act", "let an event happen to a case");
  add_profile(*one, options->visit);
  add_output(*one, options->visit);
  add_server(*one, options->visit);
  add_token_file(*one, options->visit);
  one->add_option("case", options->named, "case_… or its number, whole or only the running part")->required();
  one->add_option("event", options->event, "name of the event, as approve")->required();
  one->add_option("-d,--data", options->data, "name=value of its payload; again for each (see case form)")
      ->allow_extra_args(false);
  one->add_option("--json", options->json, "file with the payload as JSON, or - for standard input");
  one->add_option("--reason", options->reason, "the same as --data reason=TEXT");
  one->add_option("--as", options->as, "in which of your roles, as hcf_sysadm");
  one->add_option("--version", options->version, "the version that you looked at; else the one of now")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()));
  one->add_option("--wait", options->wait, "then wait until the case is in this state");
  one->add_option("--timeout", options->timeout, "how long to wait, as 60s or 2h; exit 8");
  one->add_flag("--code-stdin", options->code_from_stdin,
                "password and code, a line each, from standard input if the act asks for them");
  one->callback([options, &exit, say] { exit = run(*options, say); });
}

}  // namespace kintsugi::cli
