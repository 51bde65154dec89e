#include "engine/base/clock.h"
#include "programs/cli/client/masters_text.h"
#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/masters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace kintsugi::cli {
namespace {

// One kind of master on the command line.
struct Noun {
  const char* word;   // access-point
  const char* what;   // it is, for --help
  const char* path;   // access-points
  const char* list;   // access_points
  const char* id;     // how its ids look
  bool comes = true;  // may be added here
  bool ends = true;   // may be retired
};
constexpr std::array nouns{
    Noun{"org", "hospitals and service centres", "organisations", "organisations", "org_…", false, false},
    Noun{"site", "places of an organisation", "sites", "sites", "site_…"},
    Noun{"device", "devices", "devices", "devices", "device_…"},
    Noun{"access-point", "the switches of hospitals and the exits of service centres", "access-points",
         "access_points", "ap_…"},
    Noun{"contract", "which centre serves which devices", "contracts", "contracts", "contract_…"},
    Noun{"person", "people of an installation", "people", "people", "person_…"},
    Noun{"roster", "who is on call, week after week", "rosters", "rosters", "roster_…", true, false},
    Noun{"duty", "who is on duty", "duties", "duties", "duty_…"},
    Noun{"policy", "what a hospital has chosen: approvers, deadlines, limits", "policies", "policies", "org_….3"},
};

struct Options {
  VisitOptions visit;
  std::string id, json, reason, at;
  std::vector<std::string> data, grant, withdraw;
  bool dry_run = false;
};

// A text in the language of the reader, of an object with both.
std::string in_words(const Json& one, const char* member, const Tongue& say) {
  return text_of(object_of(one, member), say.language() == Language::ja ? "ja" : "en");
}

std::string roles_in(const Json& person) {
  std::string out;
  for (const Json& held : list_of(person, "roles"))
    out += (out.empty() ? "" : ", ") + text_of(held, "role");
  return out;
}

std::string day_of(const Json& one, const char* member) {
  return to_the_second(text_of(one, member)).substr(0, 16);
}

struct Columns {
  std::vector<std::string> headings;
  std::vector<std::string> (*row)(const Json&, const Tongue&);
};
Columns columns_for(const std::string& list, const Tongue& say) {
  if (list == "organisations")
    return {{say("head.id"), say("head.side"), say("head.name"), say("head.version")},
            [](const Json& one, const Tongue& t) {
              return std::vector{text_of(one, "id"), text_of(one, "side").empty() ? "hcf" : text_of(one, "side"),
                                 in_words(one, "name", t), value_of(one, "policy_version")};
            }};
  if (list == "sites")
    return {{say("head.id"), say("head.name"), say("head.at_whom"), say("head.ended")},
            [](const Json& one, const Tongue& t) {
              return std::vector{text_of(one, "id"), in_words(one, "name", t), text_of(one, "organisation"),
                                 day_of(one, "retired_at")};
            }};
  if (list == "people")
    return {{say("head.id"), say("head.name"), say("head.at_whom"), say("head.role"), say("head.ended")},
            [](const Json& one, const Tongue& t) {
              return std::vector{text_of(one, "id"), in_words(one, "name", t), text_of(one, "employer"),
                                 roles_in(one), day_of(one, "left_at")};
            }};
  if (list == "access_points")
    return {{say("head.id"), say("head.kind"), say("head.at_whom"), say("head.name"), say("head.ended")},
            [](const Json& one, const Tongue&) {
              return std::vector{text_of(one, "id"), text_of(one, "kind").empty() ? "manual" : text_of(one, "kind"),
                                 text_of(one, "owner"), text_of(one, "maker_model"), day_of(one, "retired_at")};
            }};
  if (list == "devices")
    return {{say("head.id"), say("head.name"), say("head.serial"), say("head.line"), say("head.ended")},
            [](const Json& one, const Tongue& t) {
              return std::vector{text_of(one, "id"), in_words(one, "nickname", t), text_of(one, "serial"),
                                 text_of(one, "product_line"), day_of(one, "retired_at")};
            }};
  if (list == "contracts")
    return {{say("head.id"), say("head.hospital"), say("head.centre"), say("head.devices"), say("head.from"),
             say("head.until"), say("head.proposed")},
            [](const Json& one, const Tongue&) {
              return std::vector{text_of(one, "id"),         text_of(one, "tenant"),
                                 text_of(one, "rsc"),        std::to_string(list_of(one, "devices").size()),
                                 day_of(one, "from"),        day_of(one, "until"),
                                 text_of(one, "proposed_by")};
            }};
  if (list == "rosters")
    return {{say("head.id"), say("head.at_whom"), say("head.line"), say("head.layers")},
            [](const Json& one, const Tongue&) {
              std::string layers;
              for (const Json& layer : list_of(one, "layers"))
                layers += (layers.empty() ? "" : ", ") + text_of(layer, "name");
              return std::vector{text_of(one, "id"), text_of(one, "at"), text_of(one, "product_line"), layers};
            }};
  if (list == "duties")
    return {{say("head.id"), say("head.person"), say("head.line"), say("head.from"), say("head.until")},
            [](const Json& one, const Tongue&) {
              return std::vector{text_of(one, "id"), text_of(one, "person"), text_of(one, "product_line"),
                                 day_of(one, "from"), day_of(one, "until")};
            }};
  return {{say("head.hospital"), say("head.version"), say("head.slots")}, [](const Json& one, const Tongue&) {
            std::string slots;
            for (const Json& slot : list_of(one, "slots"))
              slots += (slots.empty() ? "" : ", ") + (slot.is_string() ? slot.get<std::string>() : std::string());
            return std::vector{text_of(one, "tenant"), value_of(one, "version"), slots};
          }};
}

std::string place_of(const Noun& noun, const std::string& id = {}) {
  return std::string("/api/v1/") + noun.path + (id.empty() ? std::string() : "/" + escaped(id));
}

int list(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply whole = visit->api.get_all(place_of(noun), noun.list);
  if (!whole.good()) return visit->refuse(whole);
  const Columns columns = columns_for(noun.list, say);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(whole.json, noun.list))
    rows.push_back(columns.row(one, say));
  visit->show_list(whole, noun.list,
                   rows.empty() ? say("masters.none") + "\n" : to_table(columns.headings, rows, visit->page().paint));
  return ok;
}

std::string one_text(const Noun& noun, const Json& one, const Tongue& say) {
  const std::string file = masters_toml(Json{{noun.list, Json::array({one})}}, say);
  return file.substr(file.find("\n[[") + 1);
}

int show(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(place_of(noun, options.id));
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, one_text(noun, reply.json, say));
  return ok;
}

// Roles by word: --grant and --withdraw at one organisation, the person's own unless another is named.
Result<> turn_roles(const Options& options, Json& person, const Tongue& say) {
  const std::string at = options.at.empty() ? text_of(person, "employer") : options.at;
  Json roles = list_of(person, "roles");
  for (const std::string& role : options.withdraw) {
    const auto rest = std::remove_if(roles.begin(), roles.end(), [&](const Json& held) {
      return text_of(held, "role") == role && text_of(held, "at") == at;
    });
    if (rest == roles.end()) return fail(Errc::Invalid, say("person.not_held", role, at));
    roles.erase(rest, roles.end());
  }
  for (const std::string& role : options.grant)
    roles.push_back(Json{{"role", role}, {"at", at}, {"from", kintsugi::to_text(SystemClock().now())}});
  if (!options.grant.empty() || !options.withdraw.empty()) person["roles"] = std::move(roles);
  return {};
}

Result<Json> composed(Visit& visit, const Noun& noun, const Options& options, Json base) {
  const Reply schema = visit.api.get("/api/v1/masters/schemas");
  if (!schema.good()) {
    visit.refuse(schema);
    return fail(Errc::Transient, "");
  }
  if (!options.json.empty()) {
    const auto text = whole_file(visit.say, options.json);
    if (!text) return pass(text);
    auto json = masters_from(*text, options.json, visit.say);
    if (!json) return json;
    base.update(*json);
  }
  std::vector<std::string> data;
  std::vector<std::string> cleared;
  for (const std::string& one : options.data)
    if (one.ends_with('=') && one.find('.') == std::string::npos)
      cleared.push_back(one.substr(0, one.size() - 1));
    else
      data.push_back(for_the_api(one));
  for (const std::string& name : cleared)
    base.erase(name);
  auto out = payload_of({.event = noun.word, .data = data, .base = std::move(base)},
                        object_of(schema.json, noun.list), SystemClock().now(), visit.say);
  if (!out) return out;
  if (auto turned = turn_roles(options, *out, visit.say); !turned) return pass(turned);
  return out;
}

std::string with_reason(std::string path, const Options& options) {
  return options.reason.empty() ? path : path + "?reason=" + escaped(options.reason);
}

Reply planned(Visit& visit, const Noun& noun, const Json& one, bool is_new) {
  return visit.api.submit(std::string("/api/v1/masters/plan") + (is_new ? "?only_new=true" : ""),
                          Json{{noun.list, Json::array({one})}});
}

int dry_run(Visit& visit, const Noun& noun, const Json& one, bool is_new = false) {
  const Reply reply = planned(visit, noun, one, is_new);
  if (!reply.good()) return visit.refuse(reply);
  visit.show(reply, plan_text(reply.json, Telling::both, visit.say, visit.page().paint));
  return flag_of(reply.json, "blocked") ? conflict : ok;
}

// What it will do beside what was typed is told before it is done; whoever is told nothing has overlooked nothing.
void foretell(Visit& visit, const Noun& noun, const Json& one, bool is_new = false) {
  if (!visit.plain()) return;
  const Reply reply = planned(visit, noun, one, is_new);
  if (reply.good() && !list_of(reply.json, "consequences").empty())
    fmt::print(stderr, "{}", consequences_text(reply.json, visit.say, Paint{}));
}

int set(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply before = visit->api.get(place_of(noun, options.id));
  if (!before.good()) return visit->refuse(before);
  const auto one = composed(*visit, noun, options, before.json);
  if (!one) return report(one.error());
  if (options.dry_run) return dry_run(*visit, noun, *one);
  foretell(*visit, noun, *one);
  const Reply reply =
      visit->api.put(with_reason(place_of(noun, options.id), options), *one, {{"If-Match", before.etag}});
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, one_text(noun, reply.json, say));
  return ok;
}

int add(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto one = composed(*visit, noun, options, Json::object());
  if (!one) return report(one.error());
  if (options.dry_run) return dry_run(*visit, noun, *one, true);
  foretell(*visit, noun, *one, true);
  const Reply reply = visit->api.submit(with_reason(place_of(noun), options), *one);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, one_text(noun, reply.json, say));
  return ok;
}

int retire(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  if (options.dry_run) {
    const Reply reply = visit->api.submit("/api/v1/masters/plan", Json{{"retire", Json::array({options.id})}});
    if (!reply.good()) return visit->refuse(reply);
    visit->show(reply, plan_text(reply.json, Telling::both, say, visit->page().paint));
    return ok;
  }
  const Reply reply = visit->api.submit(with_reason(place_of(noun, options.id) + "/retire", options), Json::object());
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, one_text(noun, reply.json, say));
  return ok;
}

// The other side's proposal, word for word.
int confirm(const Noun& noun, const Options& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply before = visit->api.get(place_of(noun, options.id));
  if (!before.good()) return visit->refuse(before);
  Json one = before.json;
  one.erase("proposed_by");
  if (options.dry_run) return dry_run(*visit, noun, one);
  const Reply reply =
      visit->api.put(with_reason(place_of(noun, options.id), options), one, {{"If-Match", before.etag}});
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, one_text(noun, reply.json, say));
  return ok;
}

using Verb = int (*)(const Noun&, const Options&, const Tongue&);

class Nouns {
 public:
  Nouns(CLI::App& app, int& exit, const Tongue& say) : app_(app), exit_(exit), say_(say) {}

  CLI::App* add_noun(const Noun& noun) {
    const auto there = app_.get_subcommands([&](const CLI::App* one) { return one->get_name() == noun.word; });
    CLI::App* group = there.empty() ? nullptr : there.front();
    if (group == nullptr) group = app_.add_subcommand(noun.word, noun.what)->require_subcommand(1);
    verb(*group, noun, "list", "those that you may see", list);
    about(noun, verb(*group, noun, "show", "one of them", show));
    {
      auto [one, options] = verb(*group, noun, "set", "change one of them", set);
      about(noun, {one, options});
      changes(*one, *options);
      members(*one, *options, std::string(noun.word) == "person");
    }
    if (noun.comes) {
      auto [one, options] = verb(*group, noun, "add", "a new one", add);
      changes(*one, *options);
      members(*one, *options, false);
    }
    if (noun.ends) {
      auto [one, options] = verb(*group, noun, "retire", "it ends now; what was recorded of it stays", retire);
      about(noun, {one, options});
      changes(*one, *options);
    }
    if (std::string(noun.word) == "contract") {
      auto [one, options] = verb(*group, noun, "confirm", "what the other side has proposed", confirm);
      about(noun, {one, options});
      changes(*one, *options);
    }
    return group;
  }

 private:
  using Made = std::pair<CLI::App*, std::shared_ptr<Options>>;

  Made verb(CLI::App& group, const Noun& noun, const char* name, const char* what, Verb run) {
    auto options = std::make_shared<Options>();
    CLI::App* one = group.add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    one->callback([options, run, &noun, &exit = exit_, say = say_] { exit = run(noun, *options, say); });
    return {one, options};
  }
  static void about(const Noun& noun, const Made& made) {
    made.first->add_option("id", made.second->id, noun.id)->required();
  }
  static void changes(CLI::App& one, Options& options) {
    one.add_flag("-n,--dry-run", options.dry_run, "only tell what it would do");
    add_reason(one, options.reason);
  }
  static void members(CLI::App& one, Options& options, bool of_person) {
    one.add_option("data", options.data, "name=value each, as name.ja=…; name= takes it out");
    one.add_option("--json", options.json, "file with members, JSON or TOML; - for standard input");
    if (!of_person) return;
    one.add_option("--grant", options.grant, "a role that the person gets now");
    one.add_option("--withdraw", options.withdraw, "a role that the person loses");
    one.add_option("--at", options.at, "where the role is held, if not at the employer's");
  }

  CLI::App& app_;
  int& exit_;
  const Tongue say_;
};

}  // namespace

CLI::App* add_registry(CLI::App& app, int& exit, const Tongue& say) {
  Nouns all(app, exit, say);
  CLI::App* last = nullptr;
  for (const Noun& noun : nouns)
    last = all.add_noun(noun);
  return last;
}

}  // namespace kintsugi::cli
