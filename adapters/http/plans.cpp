#include "adapters/http/described/schema_of.h"
#include "adapters/http/masters.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"

#include <algorithm>

// Masters as a file: handed out, planned and applied as one.
namespace kintsugi::http {
namespace {

Json differences_json(const std::vector<Difference>& differences, Language language) {
  Json out = Json::array();
  for (const Difference& one : differences) {
    Json members = Json::array();
    for (const MemberChange& member : one.members)
      members.push_back({{"member", member.member}, {"before", member.before}, {"after", member.after}});
    out.push_back({{"kind", name_of(one.kind)},
                   {"id", one.id},
                   {"how", name_of(one.how)},
                   {"name", in(language, one.name)},
                   {"members", std::move(members)}});
  }
  return out;
}

Json consequences_json(const std::vector<Consequence>& consequences, Language language) {
  Json out = Json::array();
  for (const Consequence& one : consequences) {
    Json json{{"name", one.name}, {"blocks", one.blocks}, {"facts", one.facts}, {"text", in(language, one.text)}};
    if (!one.case_id.empty()) {
      json["case_id"] = one.case_id.text();
      json["number"] = one.number;
    }
    out.push_back(std::move(json));
  }
  return out;
}

Json plan_json(const Registry::Plan& plan, Language language) {
  return {{"digest", to_base64(plan.digest)},
          {"blocked", plan.blocked()},
          {"differences", differences_json(plan.differences, language)},
          {"consequences", consequences_json(plan.consequences, language)},
          {"all_cases_seen", plan.all_cases_seen},
          {"changes", Json::parse(to_json_text(plan.change), nullptr, false)}};
}

// `/devices/3` of `/devices/3/exit`.
std::string entry_of(const std::string& place) {
  const auto list = place.find('/', 1);
  return list == std::string::npos ? place : place.substr(0, place.find('/', list + 1));
}

// What cannot be read is told together with what is wrong in the entries that can.
void tell_all(Exchange& exchange, const std::vector<Mistake>& unreadable, const Registry::Planned& planned) {
  // What an entry that cannot be read seems to say is not held against him.
  std::vector<Mistake> others = planned.mistakes;
  std::erase_if(others, [&](const Mistake& one) {
    return std::ranges::any_of(unreadable,
                               [&](const Mistake& other) { return entry_of(other.place) == entry_of(one.place); });
  });
  if (planned.kind == Registry::Planned::Kind::not_his && !others.empty())
    return not_in_order(exchange, "forbidden", others);
  std::vector<Mistake> all = unreadable;
  std::ranges::move(others, std::back_inserter(all));
  not_in_order(exchange, "invalid", all);
}

// As for one that is added by itself: ids are given by the server. A policy's is its hospital's and its version.
void demand_no_ids(const Masters& written, std::vector<Mistake>& mistakes) {
  for_each_list([&]<class T>(const MasterList<T>& list) {
    if constexpr (!std::is_same_v<T, Policy>)
      for (std::size_t i = 0; i < (written.*list.at).size(); ++i)
        if (!(written.*list.at)[i].id.empty())
          mistakes.push_back({fmt::format("/{}/{}/id", list.name, i), "新しいものには id を書きません",
                              "is not written for a new one"});
  });
}

struct ApplyBody {
  Digest digest{};
  std::string reason;
  Json changes = Json::object();
  static constexpr auto fields() {
    return std::tuple{field("digest", &ApplyBody::digest), field("reason", &ApplyBody::reason),
                      field("changes", &ApplyBody::changes)};
  }
};

}  // namespace

void export_masters(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const Masters his = sight_of(exchange, *directory).his();
  Json out = Json::parse(to_json_text(his), nullptr, false);
  if (!his.policies.empty()) out["policies"] = Json::array();
  for (const Policy& one : his.policies)
    out["policies"].push_back(whole(one));
  exchange.answer(200, out);
}

void plan_masters(Exchange& exchange) {
  const auto body = exchange.body();
  if (!body) return;
  std::vector<Mistake> unreadable;
  const Masters written = read_masters(*body, unreadable);
  const bool only_new = exchange.parameter("only_new") == "true";
  if (only_new) demand_no_ids(written, unreadable);
  const auto planned = exchange.desk.registry->plan(exchange.actor, written, only_new);
  if (!planned) return exchange.problem(planned.error());
  if (!unreadable.empty()) return tell_all(exchange, unreadable, *planned);
  if (refused(exchange, *planned)) return;
  exchange.answer(200, plan_json(planned->plan, exchange.language));
}

void apply_masters(Exchange& exchange) {
  Registry::Order order;
  if (!exchange.idempotency_key(order.key)) return;
  const auto body = exchange.body_as<ApplyBody>();
  if (!body || !change_reason(exchange, body->reason, order.reason)) return;
  std::vector<Mistake> mistakes;
  order.written = read_masters(body->changes, mistakes);
  for (Mistake& one : mistakes)
    one.place = "/changes" + one.place;
  if (!mistakes.empty()) return not_in_order(exchange, "invalid", mistakes);
  order.digest = body->digest;
  order.request = sha256(to_json_text(*body));
  order.reply = [&](const Registry::Plan& plan, const Directory&) {
    return plan_json(plan, exchange.language).dump();
  };
  see_out_leavers(exchange, order);
  const auto applied = exchange.desk.registry->apply(exchange.actor, order);
  if (!applied) return exchange.problem(applied.error());
  if (refused(exchange, *applied)) return;
  if (applied->replayed) exchange.set("Idempotency-Replayed", "true");
  exchange.answer(200, Json::parse(applied->reply, nullptr, false));
}

void show_master_schemas(Exchange& exchange) {
  Json schemas = Json::object();
  for_each_list([&](const auto& list) {
    using T = typename std::remove_cvref_t<decltype(list)>::Value;
    schemas[std::string(list.name)] = schema_of<T>();
  });
  exchange.answer(200, schemas);
}

}  // namespace kintsugi::http
