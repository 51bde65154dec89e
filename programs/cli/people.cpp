#include "engine/base/bytes.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/commands.h"
#include "programs/cli/opened.h"
#include "programs/cli/proof.h"
#include "programs/cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace kintsugi::cli {
namespace {

int invite(const std::string& data, const std::vector<std::string>& mails, const Tongue& say) {
  if (!std::ranges::all_of(mails, is_utf8)) return report({Errc::Invalid, say("data.no_utf8", "mail")});
  const auto done = carried_out(data, "invite", {{"mails", mails}});
  if (!done) return report(done.error(), say);
  for (const Json& one : list_of(*done, "codes"))
    fmt::print("{}\t{}\n", text_of(one, "mail"), text_of(one, "one_time_code"));
  return ok;
}

struct PersonOptions {
  VisitOptions visit;
  std::string person;
  bool from_stdin = false;
};

int leave(const PersonOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit("/api/v1/people/" + escaped(options.person) + "/leave", Json::object());
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, say("person.left", text_of(reply.json, "person"), to_the_second(text_of(reply.json, "left_at")),
                         value_of(reply.json, "grants_revoked")) +
                         "\n");
  return ok;
}

int reinvite(const PersonOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto proof = ask_proof(options.from_stdin, say);
  if (!proof) return report(proof.error());
  const Reply reply = visit->api.submit("/api/v1/people/" + escaped(options.person) + "/invitations", *proof);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, text_of(reply.json, "mail") + "\t" + text_of(reply.json, "one_time_code") + "\n");
  return ok;
}

std::string expiries_text(const Json& expiries, const Page& page) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : expiries) {
    const std::string until = text_of(one, "until");
    std::string about = text_of(one, "label");
    if (about.empty()) about = text_of(one, "mark");
    rows.push_back({until.empty() ? page.tongue("expiry.never") : to_the_second(until),
                    flag_of(one, "over") ? page.paint.bad(page.tongue("expiry.over")) : std::string(),
                    text_of(one, "text"), about, text_of(one, "name")});
  }
  if (rows.empty()) return page.tongue("expiry.none") + "\n";
  return to_table({page.tongue("head.good_until"), "", page.tongue("head.what"), page.tongue("head.about"),
                   page.tongue("head.name")},
                  rows, page.paint);
}

int expiring(const PersonOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get_all("/api/v1/expiries", "expiries");
  if (!reply.good()) return visit->refuse(reply);
  visit->show_list(reply, "expiries", expiries_text(list_of(reply.json, "expiries"), visit->page()));
  return ok;
}

}  // namespace

void add_people(CLI::App& app, int& exit, const Tongue& say) {
  struct Options {
    std::string data;
    std::vector<std::string> mails;
  };
  CLI::App* noun = app.add_subcommand("person", "people of an installation")->require_subcommand(1);
  {
    auto options = std::make_shared<Options>();
    CLI::App* one = noun->add_subcommand(
        "invite", "codes with which they set their first passwords, good for 72 h, whether the server runs or not");
    one->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
    one->add_option("mail", options->mails, "mail addresses, as the masters have them")->required();
    one->callback([options, &exit, say] { exit = invite(options->data, options->mails, say); });
  }
  const auto verb = [&](CLI::App& of, const char* name, const char* what,
                        int (*run)(const PersonOptions&, const Tongue&)) {
    auto options = std::make_shared<PersonOptions>();
    CLI::App* one = of.add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    one->callback([options, run, &exit, say] { exit = run(*options, say); });
    return std::pair{one, options};
  };
  {
    auto [one, options] =
        verb(*noun, "leave", "somebody of your side has left: sign-ins and grants end at once", leave);
    one->add_option("person", options->person, "person_…")->required();
  }
  {
    auto [one, options] = verb(
        *noun, "reinvite", "a one-time code for somebody of your side who has lost password or generator", reinvite);
    one->add_option("person", options->person, "person_…")->required();
    one->add_flag("--password-stdin", options->from_stdin, "password and code, a line each, from standard input");
  }
  verb(app, "expiring", "pledges, training, roles, deputies and machines' credentials that run out within 30 days",
       expiring);
}

}  // namespace kintsugi::cli
