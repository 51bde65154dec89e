#include "engine/base/clock.h"
#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

// Who is on call, at a server: kintsugi oncall show|next|override|check.
namespace kintsugi::cli {
namespace {

struct OnCallOptions {
  VisitOptions visit;
  std::string organisation, product_line, at, from, until, person, instead_of;
  std::string reason = "swap";
  int tier = 1;
};

// RFC 3339, or `now`, `now+8h`.
Result<std::string> moment_of(const std::string& written, const Tongue& say) {
  if (written.empty()) return std::string();
  if (const auto moment = moment_from(written, SystemClock().now())) return kintsugi::to_text(*moment);
  if (const auto exact = instant_from(written)) return kintsugi::to_text(*exact);
  return fail(Errc::Invalid, say("oncall.moment", written));
}

std::string query_of(const char* path, const OnCallOptions& options,
                     std::initializer_list<std::pair<const char*, std::string>> more = {}) {
  std::string out = fmt::format("{}?tier={}", path, options.tier);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("&{}={}", name, escaped(value));
  };
  add("organisation", options.organisation);
  add("product_line", options.product_line);
  for (const auto& [name, value] : more)
    add(name, value);
  return out;
}

std::string reason_text(const Json& one, const Tongue& say) {
  if (text_of(one, "by") == "turn") return say("oncall.turn", text_of(one, "layer"));
  const std::string instead = text_of(object_of(one, "instead_of"), "name");
  return instead.empty() ? say("oncall.shift", text_of(one, "reason"))
                         : say("oncall.instead", instead, text_of(one, "reason"));
}

std::vector<std::vector<std::string>> rows_of(const Json& people, const std::string& from, const std::string& until,
                                              const Tongue& say) {
  std::vector<std::vector<std::string>> out;
  for (const Json& one : people)
    out.push_back({to_the_second(from), to_the_second(until), text_of(one, "name"), text_of(one, "telephone"),
                   reason_text(one, say)});
  if (people.empty()) out.push_back({to_the_second(from), to_the_second(until), say("oncall.nobody"), "", ""});
  return out;
}

std::string table_of(const std::vector<std::vector<std::string>>& rows, const Page& page) {
  const Tongue& say = page.tongue;
  return to_table({say("head.from"), say("head.until"), say("head.who"), say("head.telephone"), say("head.why")},
                  rows, page.paint);
}

int show(const OnCallOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto at = moment_of(options.at, say);
  if (!at) return report(at.error());
  const Reply reply = visit->api.get(query_of("/api/v1/on-call", options, {{"at", *at}}));
  if (!reply.good()) return visit->refuse(reply);
  visit->show_list(
      reply, "on_call",
      table_of(rows_of(list_of(reply.json, "on_call"), text_of(reply.json, "at"), text_of(reply.json, "until"), say),
               visit->page()));
  return ok;
}

int next(const OnCallOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto from = moment_of(options.from, say);
  if (!from) return report(from.error());
  const auto until = moment_of(options.until, say);
  if (!until) return report(until.error());
  const Reply reply = visit->api.get_all(
      query_of("/api/v1/on-call/hand-overs", options, {{"from", *from}, {"until", *until}}), "hand_overs");
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "hand_overs"))
    for (auto& row : rows_of(list_of(one, "on_call"), text_of(one, "from"), text_of(one, "until"), say))
      rows.push_back(std::move(row));
  visit->show_list(reply, "hand_overs", table_of(rows, visit->page()));
  return ok;
}

std::string gaps_text(const Json& gaps, const Page& page) {
  std::string out;
  for (const Json& one : gaps) {
    const std::string mark =
        page.tongue(flag_of(one, "refuses") ? Word<0>("oncall.wrong") : Word<0>("oncall.warning"));
    out += (flag_of(one, "refuses") ? page.paint.bad(mark) : page.paint.waiting(mark)) + "  " + text_of(one, "text") +
           "\n";
  }
  return out;
}

int put_over(const OnCallOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto from = moment_of(options.from, say);
  if (!from) return report(from.error());
  const auto until = moment_of(options.until, say);
  if (!until) return report(until.error());
  Json body = {{"person", options.person}, {"until", *until}, {"reason", options.reason}, {"tier", options.tier}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  add("from", *from);
  add("organisation", options.organisation);
  add("product_line", options.product_line);
  add("instead_of", options.instead_of);
  const Reply reply = visit->api.submit("/api/v1/on-call/overrides", body);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(
      reply, fmt::format("{}  {}\n{}", text_of(reply.json, "id"),
                         say("oncall.holds", text_of(object_of(reply.json, "person"), "name"),
                             to_the_second(text_of(reply.json, "from")), to_the_second(text_of(reply.json, "until"))),
                         gaps_text(list_of(reply.json, "warnings"), visit->page())));
  return ok;
}

int check(const OnCallOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(query_of("/api/v1/on-call/check", options));
  if (!reply.good()) return visit->refuse(reply);
  const Json& gaps = list_of(reply.json, "gaps");
  visit->show_list(reply, "gaps", gaps.empty() ? say("oncall.sound") + "\n" : gaps_text(gaps, visit->page()));
  return std::any_of(gaps.begin(), gaps.end(), [](const Json& one) { return flag_of(one, "refuses"); }) ? not_verified
                                                                                                        : ok;
}

}  // namespace

void add_on_call(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("oncall", "who is on call, and why")->require_subcommand(1);
  auto options = std::make_shared<OnCallOptions>();
  const auto verb = [&](const char* name, const char* what) {
    CLI::App* one = noun->add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    add_server(*one, options->visit);
    one->add_option("--org", options->organisation, "org_…, your employer if not given");
    return one;
  };
  const auto line = [&](CLI::App* one) {
    one->add_option("--line", options->product_line, "product line");
    one->add_option("--tier", options->tier, "1 is the first line, 2 the second")->check(CLI::Range(1, 5));
  };
  CLI::App* one = verb("show", "who is on call now or at a time, and by which turn or shift");
  line(one);
  one->add_option("--at", options->at, "RFC 3339, or now+8h");
  one->callback([options, &exit, say] { exit = show(*options, say); });

  one = verb("next", "the next hand-overs, and times at which nobody is on call");
  line(one);
  one->add_option("--from", options->from, "from when; now if not given");
  one->add_option("--until", options->until, "until when; 14 days if not given");
  one->callback([options, &exit, say] { exit = next(*options, say); });

  one = verb("override", "put a shift over the rosters: a swap, somebody is ill");
  line(one);
  one->add_option("person", options->person, "person_…, who takes it")->required();
  one->add_option("--until", options->until, "until when: RFC 3339, or now+8h")->required();
  one->add_option("--from", options->from, "from when; now if not given");
  one->add_option("--instead-of", options->instead_of, "person_…: only where it would be this person's turn");
  one->add_option("--reason", options->reason, "planned, swap, sick or leave")
      ->check(CLI::IsMember({"planned", "swap", "sick", "leave"}));
  one->callback([options, &exit, say] { exit = put_over(*options, say); });

  one = verb("check",
             "times without anybody, people who cannot be reached, rungs that reach nobody; exit 7 if one must be "
             "put right");
  one->callback([options, &exit, say] { exit = check(*options, say); });
}

}  // namespace kintsugi::cli
