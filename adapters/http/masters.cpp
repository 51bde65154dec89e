#include "adapters/http/masters.h"

#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::http {
namespace {

constexpr std::size_t etag_bytes = 16;

// It changes with what the reader is shown, and only with that.
std::string etag_of(const std::string& shown) {
  return "\"" + to_hex(BytesView(sha256(shown)).first(etag_bytes)) + "\"";
}

template <class T>
Json shown(const T& one) {
  return Json::parse(to_json_text(one), nullptr, false);
}
Json shown(const Policy& one) {
  return whole(one);
}

template <class T>
constexpr auto& list_of() {
  return std::get<MasterList<T>>(master_lists);
}

// ---- one of them, by the path -------------------------------------------------------------------------------

template <class T>
std::optional<T> found(const Directory& directory, std::string_view id) {
  T key;
  key.id = decltype(key.id){std::string(id)};
  const T* one = stored(directory, key);
  return one == nullptr ? std::nullopt : std::optional(*one);
}

// `org_…` is the policy in force there, `org_….3` version 3.
template <>
std::optional<Policy> found<Policy>(const Directory& directory, std::string_view id) {
  const auto dot = id.find('.');
  const OrganisationId tenant{std::string(id.substr(0, dot))};
  const Organisation* organisation = directory.organisation(tenant);
  if (organisation == nullptr) return std::nullopt;
  int version = organisation->policy_version;
  if (dot != std::string_view::npos) {
    const std::string_view digits = id.substr(dot + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
    if (version != 0 && !directory.policies().contains(std::pair(tenant, version))) return std::nullopt;
  }
  Policy out = directory.policy_of(tenant, version);
  out.tenant = tenant;
  out.version = version;
  return out;
}

template <class T>
std::optional<T> seen(const Exchange& exchange, const Directory& directory, std::string_view id) {
  const auto one = found<T>(directory, id);
  return one ? sight_of(exchange, directory).of(*one) : std::nullopt;
}

template <class T>
void show(Exchange& exchange, int status, const std::string& text) {
  exchange.set("ETag", etag_of(text));
  T one;
  const Json json = Json::parse(text, nullptr, false);
  exchange.answer(status, read_json(json, one) ? shown(one) : json);
}

// ---- lists --------------------------------------------------------------------------------------------------

// A member that can be said in one word, and how it is said.
template <class V>
constexpr bool is_plain() {
  return std::is_same_v<V, std::string> || std::is_same_v<V, bool> || std::is_same_v<V, Instant> ||
         std::is_integral_v<V> || fields_detail::HasNames<V> || fields_detail::is_id<V>::value;
}
template <class V>
std::string said(const V& value) {
  if constexpr (std::is_same_v<V, std::string>)
    return value;
  else if constexpr (std::is_same_v<V, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_same_v<V, Instant>)
    return value == Instant{} ? std::string() : to_text(value);
  else if constexpr (std::is_integral_v<V>)
    return std::to_string(value);
  else if constexpr (fields_detail::HasNames<V>)
    return std::string(name_of(value));
  else
    return value.text();
}

template <class T>
std::vector<Filterable> filterables() {
  std::vector<Filterable> out;
  const auto member = [&]<class Owner, class V>(const Field<Owner, V>& one) {
    if constexpr (is_plain<V>()) out.push_back({one.name, std::is_same_v<V, Instant>});
  };
  std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
  return out;
}

template <class T>
std::string said_member(const T& master, std::string_view name) {
  if constexpr (std::is_same_v<T, Policy>)
    if (name == "id") return id_of(master);
  std::string out;
  const auto member = [&]<class Owner, class V>(const Field<Owner, V>& one) {
    if constexpr (is_plain<V>())
      if (one.name == name) out = said(master.*one.at);
  };
  std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
  return out;
}

}  // namespace

Json whole(const Policy& policy) {
  Json out = Json::object();
  const auto member = [&](const auto& one) {
    const auto& value = policy.*one.at;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, Instant>)
      if (value == Instant{}) return;  // no time is no member
    out[std::string(one.name)] = Json::parse(to_json_text(value), nullptr, false);
  };
  std::apply([&](const auto&... one) { (member(one), ...); }, Policy::fields());
  return out;
}

Sight sight_of(const Exchange& exchange, const Directory& directory) {
  return {directory, exchange.actor.person, exchange.desk.clock.now()};
}

void not_in_order(Exchange& exchange, std::string_view problem, const std::vector<Mistake>& mistakes) {
  Problem out{.name = std::string(problem)};
  for (const Mistake& one : mistakes)
    out.errors.push_back({one.place, exchange.language == Language::ja ? one.ja : one.en});
  exchange.problem(out);
}

bool change_reason(Exchange& exchange, const std::string& text, ChangeReason& out) {
  if (text.empty()) return true;
  const auto known = from_name<ChangeReason>(text);
  if (known) {
    out = *known;
    return true;
  }
  std::string names;
  for (const auto& [one, name] : names_of(ChangeReason{}))
    names.append(names.empty() ? "" : ", ").append(name);
  exchange.problem(Problem{.name = "invalid", .errors = {{"reason", "must be one of " + names}}});
  return false;
}

bool refused(Exchange& exchange, const Registry::Planned& planned) {
  switch (planned.kind) {
    case Registry::Planned::Kind::planned: return false;
    case Registry::Planned::Kind::not_his: not_in_order(exchange, "forbidden", planned.mistakes); break;
    case Registry::Planned::Kind::invalid: not_in_order(exchange, "invalid", planned.mistakes); break;
  }
  return true;
}

bool refused(Exchange& exchange, const Registry::Applied& applied) {
  switch (applied.kind) {
    case Registry::Applied::Kind::applied: return false;
    case Registry::Applied::Kind::not_his: not_in_order(exchange, "forbidden", applied.mistakes); break;
    case Registry::Applied::Kind::invalid: not_in_order(exchange, "invalid", applied.mistakes); break;
    case Registry::Applied::Kind::conflict: exchange.problem("masters_moved"); break;
    case Registry::Applied::Kind::reused: exchange.problem("key_reused"); break;
    case Registry::Applied::Kind::blocked: {
      Problem out{.name = "masters_blocked"};
      for (const Consequence& one : applied.plan.consequences)
        if (one.blocks) out.errors.push_back({"/cases/" + one.case_id.text(), in(exchange.language, one.text)});
      exchange.problem(out);
      break;
    }
  }
  return true;
}

void see_out_leavers(const Exchange& exchange, Registry::Order& order) {
  const Desk& desk = exchange.desk;
  order.also = [&desk](Batch& batch, const Registry::Plan& plan) -> Result<> {
    for (const Person& one : plan.change.people) {
      if (one.left_at == Instant{} || one.left_at > desk.clock.now()) continue;
      if (auto done = desk.accounts.see_out(batch, one.id); !done) return done;
    }
    return {};
  };
}

template <class T>
void list_masters(Exchange& exchange) {
  static const std::vector<Filterable> known = filterables<T>();
  static const std::vector<std::string_view> orders = [] {
    std::vector<std::string_view> out{"id"};
    for (const Filterable& one : known)
      if (one.name != "id") out.push_back(one.name);
    return out;
  }();
  const auto asked = asked_of(exchange, known, orders);
  if (!asked) return;
  const auto directory = exchange.desk.conductor.directory();
  std::vector<T> some = sight_of(exchange, *directory).all().*list_of<T>().at;
  std::erase_if(some, [&](const T& one) {
    return !std::ranges::all_of(asked->terms,
                                [&](const Term& term) { return fits(term, said_member(one, term.name)); });
  });
  const auto end = cut_to_page(some, *asked, direction_of(*asked), [&](const T& one) {
    return Place{.key = said_member(one, asked->sorting.by), .id = id_of(one)};
  });
  Json body{{std::string(list_of<T>().name), Json::array()}};
  for (const T& one : some)
    body[std::string(list_of<T>().name)].push_back(shown(one));
  answer_page(exchange, std::move(body), end);
}

template <class T>
void show_master(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const auto one = seen<T>(exchange, *directory, exchange.captured.front());
  if (!one) return exchange.problem("not_found");
  show<T>(exchange, 200, to_json_text(*one));
}

template <class T>
void put_master(Exchange& exchange) {
  const std::string id(exchange.captured.front());
  Registry::Order order;
  if (!exchange.idempotency_key(order.key) || !change_reason(exchange, exchange.parameter("reason"), order.reason))
    return;
  const auto directory = exchange.desk.conductor.directory();
  if (!seen<T>(exchange, *directory, id)) return exchange.problem("not_found");
  const std::string etag = exchange.header("If-Match");
  if (etag.empty()) return exchange.problem("if_match_required");
  const auto body = exchange.body();
  if (!body) return;

  T one;
  std::vector<Mistake> mistakes;
  if (!read_master(*body, one, "", mistakes)) return not_in_order(exchange, "invalid", mistakes);
  if constexpr (std::is_same_v<T, Policy>) {
    const OrganisationId tenant{id.substr(0, id.find('.'))};
    if (one.tenant.empty()) one.tenant = tenant;
    if (one.tenant != tenant) mistakes.push_back({"/tenant", "パスの病院と違います", "is not the one of the path"});
  } else {
    if (one.id.empty()) one.id = decltype(one.id){id};
    if (one.id.text() != id) mistakes.push_back({"/id", "パスの id と違います", "is not the one of the path"});
  }
  if (!mistakes.empty()) return not_in_order(exchange, "invalid", mistakes);

  (order.written.*list_of<T>().at).push_back(one);
  order.request = sha256(etag + "\n" + body->dump());
  order.unchanged = [&](const Directory& now) {
    const auto before = seen<T>(exchange, now, id);
    return before && (etag == "*" || etag_of(to_json_text(*before)) == etag);
  };
  order.reply = [&](const Registry::Plan&, const Directory& after) {
    const auto now = seen<T>(exchange, after, id);
    return now ? to_json_text(*now) : std::string("{}");
  };
  see_out_leavers(exchange, order);
  const auto applied = exchange.desk.registry->apply(exchange.actor, order);
  if (!applied) return exchange.problem(applied.error());
  if (refused(exchange, *applied)) return;
  if (applied->replayed) exchange.set("Idempotency-Replayed", "true");
  show<T>(exchange, 200, applied->reply);
}

template <class T>
void add_master(Exchange& exchange) {
  Registry::Order order;
  if (!exchange.idempotency_key(order.key) || !change_reason(exchange, exchange.parameter("reason"), order.reason))
    return;
  const auto body = exchange.body();
  if (!body) return;
  T one;
  std::vector<Mistake> mistakes;
  if (!read_master(*body, one, "", mistakes)) return not_in_order(exchange, "invalid", mistakes);
  if constexpr (!std::is_same_v<T, Policy>)
    if (!one.id.empty())
      return not_in_order(exchange, "invalid",
                          {{"/id", "新しいものには id を書きません", "is not written for a new one"}});
  (order.written.*list_of<T>().at).push_back(one);
  order.request = exchange.request_digest();
  order.only_new = true;
  order.reply = [&](const Registry::Plan& plan, const Directory& after) {
    const auto& made = plan.change.*list_of<T>().at;
    if (made.empty()) return std::string("{}");
    const auto now = sight_of(exchange, after).of(made.front());
    return to_json_text(now ? *now : made.front());
  };
  see_out_leavers(exchange, order);
  const auto applied = exchange.desk.registry->apply(exchange.actor, order);
  if (!applied) return exchange.problem(applied.error());
  if (refused(exchange, *applied)) return;
  if (applied->replayed) exchange.set("Idempotency-Replayed", "true");
  T made;
  if (read_json(Json::parse(applied->reply, nullptr, false), made))
    exchange.set("Location", exchange.path() + "/" + id_of(made));
  show<T>(exchange, 201, applied->reply);
}

template <class T>
void retire_master(Exchange& exchange) {
  const std::string id(exchange.captured.front());
  Registry::Order order;
  if (!exchange.idempotency_key(order.key) || !change_reason(exchange, exchange.parameter("reason"), order.reason))
    return;
  const auto directory = exchange.desk.conductor.directory();
  if (!seen<T>(exchange, *directory, id)) return exchange.problem("not_found");
  order.written.retire = {id};
  order.request = exchange.request_digest();
  order.reply = [&](const Registry::Plan&, const Directory& after) {
    const auto now = seen<T>(exchange, after, id);
    return now ? to_json_text(*now) : std::string("{}");
  };
  see_out_leavers(exchange, order);
  const auto applied = exchange.desk.registry->apply(exchange.actor, order);
  if (!applied) return exchange.problem(applied.error());
  if (refused(exchange, *applied)) return;
  if (applied->replayed) exchange.set("Idempotency-Replayed", "true");
  show<T>(exchange, 200, applied->reply);
}

template void list_masters<Organisation>(Exchange&);
template void show_master<Organisation>(Exchange&);
template void put_master<Organisation>(Exchange&);
template void list_masters<Site>(Exchange&);
template void show_master<Site>(Exchange&);
template void put_master<Site>(Exchange&);
template void add_master<Site>(Exchange&);
template void retire_master<Site>(Exchange&);
template void list_masters<Person>(Exchange&);
template void show_master<Person>(Exchange&);
template void put_master<Person>(Exchange&);
template void add_master<Person>(Exchange&);
template void retire_master<Person>(Exchange&);
template void list_masters<AccessPoint>(Exchange&);
template void show_master<AccessPoint>(Exchange&);
template void put_master<AccessPoint>(Exchange&);
template void add_master<AccessPoint>(Exchange&);
template void retire_master<AccessPoint>(Exchange&);
template void list_masters<Device>(Exchange&);
template void show_master<Device>(Exchange&);
template void put_master<Device>(Exchange&);
template void add_master<Device>(Exchange&);
template void retire_master<Device>(Exchange&);
template void list_masters<Contract>(Exchange&);
template void show_master<Contract>(Exchange&);
template void put_master<Contract>(Exchange&);
template void add_master<Contract>(Exchange&);
template void retire_master<Contract>(Exchange&);
template void list_masters<Roster>(Exchange&);
template void show_master<Roster>(Exchange&);
template void put_master<Roster>(Exchange&);
template void add_master<Roster>(Exchange&);
template void list_masters<Duty>(Exchange&);
template void show_master<Duty>(Exchange&);
template void put_master<Duty>(Exchange&);
template void add_master<Duty>(Exchange&);
template void retire_master<Duty>(Exchange&);
template void list_masters<Policy>(Exchange&);
template void show_master<Policy>(Exchange&);
template void put_master<Policy>(Exchange&);
template void add_master<Policy>(Exchange&);
template void retire_master<Policy>(Exchange&);
}  // namespace kintsugi::http
