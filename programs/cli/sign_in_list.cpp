#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/commands.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

// Where somebody is signed in, and ending that.
namespace kintsugi::cli {
namespace {

struct ListOptions {
  VisitOptions visit;
  std::string person, id;
  bool all = false;
  bool others = false;
};

std::string path_of(const ListOptions& options) {
  return options.person.empty() ? "/api/v1/sign-ins" : "/api/v1/people/" + escaped(options.person) + "/sign-ins";
}

int list(const ListOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get_all(path_of(options) + (options.all ? "?all=true" : ""), "sign_ins");
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "sign_ins"))
    rows.push_back({flag_of(one, "current") ? "*"
                    : flag_of(one, "live")  ? ""
                                            : "-",
                    to_the_second(text_of(one, "created_at")), to_the_second(text_of(one, "last_used_at")),
                    text_of(one, "address"), text_of(one, "client"),
                    flag_of(one, "with_code") ? say("sign_in.with_code") : say("sign_in.without_code"),
                    text_of(one, "id")});
  visit->show_list(reply, "sign_ins",
                   to_table({"", say("head.at"), say("head.used"), say("head.address"), say("head.client"),
                             say("head.code"), say("head.id")},
                            rows, visit->page().paint));
  return ok;
}

int end(const ListOptions& options, const Tongue& say) {
  if (options.person.empty() && options.id.empty() != options.others)
    return report({Errc::Invalid, say("sign_in.which")});
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply =
      visit->api.remove(path_of(options) + (options.id.empty() ? std::string() : "/" + escaped(options.id)));
  if (!reply.good()) return visit->refuse(reply);
  fmt::print("{}\n", say("sign_in.ended"));
  return ok;
}

}  // namespace

void add_sign_in_list(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("sign-in", "where you are signed in, or somebody whom you administer")
                       ->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what, int (*run)(const ListOptions&, const Tongue&)) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* one = noun->add_subcommand(name, what);
    add_profile(*one, options->visit);
    one->add_option("--person", options->person, "person_… whom you administer, instead of yourself");
    one->callback([options, run, &exit, say] { exit = run(*options, say); });
    return std::pair{one, options};
  };
  {
    auto [one, options] = verb("list", "since when, from where, with what, last used; * is this one", list);
    add_output(*one, options->visit);
    one->add_flag("--all", options->all, "those that are over, too");
  }
  {
    auto [one, options] =
        verb("end", "end one; with --person and no id all of that person's, as for a lost laptop", end);
    one->add_option("id", options->id, "signin_…");
    one->add_flag("--others", options->others, "all of yours but this one");
  }
}

}  // namespace kintsugi::cli
