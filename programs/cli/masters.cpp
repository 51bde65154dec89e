#include "programs/cli/masters.h"

#include "programs/cli/client/masters_text.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

struct Options {
  VisitOptions visit;
  std::string file, reason, digest;
  bool yes = false;
};

void export_masters(CLI::App& noun, int& exit, const Tongue& say) {
  auto options = std::make_shared<Options>();
  CLI::App* one = noun.add_subcommand("export", "what you administer, as a file to edit and apply");
  add_profile(*one, options->visit);
  add_output(*one, options->visit);
  one->callback([options, &exit, say] {
    auto visit = Visit::begin(options->visit, say);
    if (!visit) return void(exit = report(visit.error()));
    const Reply reply = visit->api.get("/api/v1/masters/export");
    if (!reply.good()) return void(exit = visit->refuse(reply));
    visit->show(reply, masters_toml(reply.json, say));
    exit = ok;
  });
}

Result<Json> file_of(const Options& options, const Tongue& say) {
  auto text = whole_file(say, options.file);
  if (!text) return pass(text);
  return masters_from(*text, options.file, say);
}

int plan(const Options& options, const Tongue& say, Telling telling) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto written = file_of(options, say);
  if (!written) return report(written.error());
  const Reply reply = visit->api.submit("/api/v1/masters/plan", *written);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, plan_text(reply.json, telling, say, visit->page().paint));
  return flag_of(reply.json, "blocked") ? conflict : ok;
}

// Plans, shows, asks, and applies exactly what was shown.
int apply(const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto written = file_of(options, say);
  if (!written) return report(written.error());
  const Reply planned = visit->api.submit("/api/v1/masters/plan", *written);
  if (!planned.good()) return visit->refuse(planned);
  const std::string digest = text_of(planned.json, "digest");
  if (!options.digest.empty() && options.digest != digest) {
    fmt::print(stderr, "kintsugi: {}\n", say("masters.other_digest", options.digest));
    return conflict;
  }
  if (list_of(planned.json, "differences").empty()) {
    visit->show(planned, say("masters.same") + "\n");
    return ok;
  }
  if (flag_of(planned.json, "blocked")) {
    visit->show(planned, plan_text(planned.json, Telling::both, say, visit->page().paint));
    return conflict;
  }
  // What was reviewed by its digest needs no second look.
  if (!options.yes && options.digest.empty()) {
    fmt::print(stderr, "{}", plan_text(planned.json, Telling::both, say, Paint{}));
    const auto answer = ask(say, say("masters.sure"), "--yes");
    if (!answer) return report({Errc::Invalid, say("masters.no_terminal")});
    if (*answer != "yes" && *answer != "y") {
      fmt::print(stderr, "{}\n", say("masters.not_done"));
      return failed;
    }
  }
  Json order{{"digest", digest}, {"changes", planned.json.value("changes", Json::object())}};
  if (!options.reason.empty()) order["reason"] = options.reason;
  const Reply reply = visit->api.submit("/api/v1/masters/apply", order);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, plan_text(reply.json, Telling::both, say, visit->page().paint) + say("masters.done") + "\n");
  return ok;
}

void add_file(CLI::App& one, Options& options) {
  add_profile(one, options.visit);
  add_output(one, options.visit);
  one.add_option("file", options.file, "TOML or JSON; - for standard input")->required();
}

void add_plan(CLI::App& noun, const char* name, const char* what, Telling telling, int& exit, const Tongue& say) {
  auto options = std::make_shared<Options>();
  CLI::App* one = noun.add_subcommand(name, what);
  add_file(*one, *options);
  one->callback([options, telling, &exit, say] { exit = plan(*options, say, telling); });
}

}  // namespace

std::string plan_text(const Json& plan, Telling telling, const Tongue& say, const Paint& paint) {
  std::string out;
  if (telling != Telling::consequences) out += differences_text(plan, say, paint);
  if (telling != Telling::differences && !list_of(plan, "differences").empty())
    out += consequences_text(plan, say, paint);
  if (telling == Telling::both && !text_of(plan, "digest").empty())
    out += paint.faint(say("masters.digest", text_of(plan, "digest"))) + "\n";
  return out;
}

void add_reason(CLI::App& command, std::string& reason) {
  command.add_option("--reason", reason, "why, for the record: one word of a closed list")
      ->check(
          CLI::IsMember({"correction", "joined", "left", "moved", "reorganised", "contract", "security", "drill"}));
}

void add_masters(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("masters", "who and what exists: as a file, with a look before the leap");
  noun->require_subcommand(1);
  export_masters(*noun, exit, say);
  add_plan(*noun, "plan", "what a file would change, and what that would do; changes nothing", Telling::both, exit,
           say);
  {
    auto options = std::make_shared<Options>();
    CLI::App* one = noun->add_subcommand("apply", "make it as the file says, after showing what that does");
    add_file(*one, *options);
    one->add_flag("-y,--yes", options->yes, "do not ask");
    one->add_option("--digest", options->digest, "only if the plan is still this one, which was looked at before");
    add_reason(*one, options->reason);
    one->callback([options, &exit, say] { exit = apply(*options, say); });
  }
  CLI::App* policy = add_registry(app, exit, say);
  add_plan(*policy, "diff", "what the policy in a file alters of the one in force", Telling::differences, exit, say);
  add_plan(*policy, "preview", "what the policy in a file would do to open cases", Telling::consequences, exit, say);
  add_plan(*policy, "try", "both of these; changes nothing", Telling::both, exit, say);
}

}  // namespace kintsugi::cli
