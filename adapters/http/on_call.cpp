#include "engine/on_call/on_call.h"

#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"
#include "engine/domain/may.h"
#include "engine/run/shifts.h"

#include <algorithm>
#include <array>
#include <charconv>

// Who is on call and why, the next hand-overs, shifts over the rosters, and what is wrong with all of it.
namespace kintsugi::http {
namespace {

Json person_json(const Exchange& exchange, const Directory& directory, const PersonId& id) {
  const Person* person = directory.person(id);
  return {{"id", id.text()}, {"name", person == nullptr ? "" : in(exchange.language, person->name)}};
}

Json on_call_json(const Exchange& exchange, const Directory& directory, const std::vector<OnCall>& people) {
  Json out = Json::array();
  for (const OnCall& one : people) {
    Json entry = person_json(exchange, directory, one.person);
    const Person* person = directory.person(one.person);
    if (person != nullptr && !person->phone.empty()) entry["telephone"] = person->phone;
    entry["by"] = name_of(one.by);
    if (!one.roster.empty()) entry["roster"] = one.roster.text();
    if (!one.layer.empty()) entry["layer"] = one.layer;
    if (!one.instead_of.empty()) entry["instead_of"] = person_json(exchange, directory, one.instead_of);
    if (one.by == OnCallBy::shift) entry["reason"] = name_of(one.reason);
    out.push_back(std::move(entry));
  }
  return out;
}

// Its own people, and those of the other side of a contract with it.
bool may_look(const Exchange& exchange, const Directory& directory, const OrganisationId& id) {
  const Instant now = exchange.desk.clock.now();
  const auto is_of = [&](const OrganisationId& one) {
    return may(directory, exchange.actor, Act::read_masters, matter_of(directory, one), now).granted;
  };
  if (directory.organisation(id) == nullptr) return false;
  if (is_of(id)) return true;
  return std::ranges::any_of(directory.contracts(), [&](const auto& each) {
    const Contract& contract = each.second;
    const bool runs = contract.from <= now && (contract.until == Instant{} || now < contract.until);
    return runs && ((contract.rsc == id && is_of(contract.tenant)) || (contract.tenant == id && is_of(contract.rsc)));
  });
}

// Whom it is about; an answered problem and nothing when it is nobody's that the asker may see.
std::optional<OnCallFor> whom_of(Exchange& exchange, const Directory& directory) {
  OnCallFor out;
  out.at = OrganisationId{exchange.parameter("organisation")};
  if (out.at.empty()) out.at = exchange.actor.org;
  out.product_line = exchange.parameter("product_line");
  if (const std::string tier = exchange.parameter("tier"); !tier.empty()) {
    const auto [end, wrong] = std::from_chars(tier.data(), tier.data() + tier.size(), out.tier);
    if (wrong != std::errc{} || end != tier.data() + tier.size() || out.tier < 1 || out.tier > tiers_max) {
      exchange.problem(Problem{.name = "invalid", .errors = {{"tier", "must be 1 to 5"}}});
      return std::nullopt;
    }
  }
  if (may_look(exchange, directory, out.at)) return out;
  exchange.problem("not_found");
  return std::nullopt;
}

std::optional<Instant> instant_of(Exchange& exchange, const char* name, Instant otherwise) {
  const std::string text = exchange.parameter(name);
  if (text.empty()) return otherwise;
  if (const auto at = instant_from(text)) return *at;
  exchange.problem(Problem{.name = "invalid", .errors = {{name, "must be a time like 2026-03-04T09:35:05Z"}}});
  return std::nullopt;
}

Json about(const OnCallFor& whom) {
  Json out = {{"organisation", whom.at.text()}, {"tier", whom.tier}};
  if (!whom.product_line.empty()) out["product_line"] = whom.product_line;
  return out;
}

Json gaps_json(const Exchange& exchange, const Directory& directory, const OrganisationId& org,
               const std::vector<Gap>& gaps) {
  Json out = Json::array();
  for (const Gap& one : gaps) {
    Json gap = {{"kind", name_of(one.kind)},
                {"refuses", one.refuses},
                {"from", to_text(one.from)},
                {"text", in(exchange.language, in_words(one, directory, org))}};
    if (one.until != Instant{}) gap["until"] = to_text(one.until);
    if (!one.where.empty()) gap["where"] = one.where;
    if (!one.subject.empty()) gap["subject"] = one.subject;
    out.push_back(std::move(gap));
  }
  return out;
}

struct ShiftBody {
  PersonId person;
  OrganisationId organisation;
  std::string product_line;
  Instant from{};
  Instant until{};
  PersonId instead_of;
  DutyReason reason = DutyReason::swap;
  int tier = 1;
  static constexpr auto fields() {
    return std::tuple{field("person", &ShiftBody::person),
                      field("organisation", &ShiftBody::organisation),
                      field("product_line", &ShiftBody::product_line),
                      field("from", &ShiftBody::from),
                      field("until", &ShiftBody::until),
                      field("instead_of", &ShiftBody::instead_of),
                      field("reason", &ShiftBody::reason),
                      field("tier", &ShiftBody::tier)};
  }
};

}  // namespace

void show_on_call(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const auto whom = whom_of(exchange, *directory);
  if (!whom) return;
  const auto at = instant_of(exchange, "at", exchange.desk.clock.now());
  if (!at) return;
  Json body = about(*whom);
  body["at"] = to_text(*at);
  body["on_call"] = on_call_json(exchange, *directory, on_call(*directory, *whom, *at));
  const auto next = stretches(*directory, *whom, *at, *at + gaps_ahead);
  if (next.size() > 1) body["until"] = to_text(next.front().until);
  exchange.answer(200, body);
}

void list_hand_overs(Exchange& exchange) {
  static constexpr std::array in_time{std::string_view("until")};
  const auto asked = asked_of(exchange, {}, in_time);
  if (!asked) return;
  const auto directory = exchange.desk.conductor.directory();
  const auto whom = whom_of(exchange, *directory);
  if (!whom) return;
  const auto from = instant_of(exchange, "from", exchange.desk.clock.now());
  if (!from) return;
  const auto until = instant_of(exchange, "until", *from + gaps_ahead);
  if (!until) return;
  Json body = about(*whom);
  body["hand_overs"] = Json::array();
  // By their ends: where the first begins moves with the clock.
  auto some = stretches(*directory, *whom, *from, *until);
  const auto end = cut_to_page(some, *asked, Direction::up,
                               [](const Stretch& one) { return Place{.key = to_text(one.until), .id = {}}; });
  for (const Stretch& one : some)
    body["hand_overs"].push_back({{"from", to_text(one.from)},
                                  {"until", to_text(one.until)},
                                  {"on_call", on_call_json(exchange, *directory, one.people)}});
  answer_page(exchange, std::move(body), end);
}

void add_override(Exchange& exchange) {
  Shifts::Order order;
  if (!exchange.idempotency_key(order.key)) return;
  const auto wanted = exchange.body_as<ShiftBody>();
  if (!wanted) return;
  order.request = sha256(to_json_text(*wanted));
  Duty& shift = order.shift;
  shift.person = wanted->person;
  shift.at = wanted->organisation.empty() ? exchange.actor.org : wanted->organisation;
  shift.product_line = wanted->product_line;
  shift.from = wanted->from == Instant{} ? exchange.desk.clock.now() : wanted->from;
  shift.until = wanted->until;
  shift.instead_of = wanted->instead_of;
  shift.reason = wanted->reason;
  shift.tier = wanted->tier;
  const auto done = Shifts(exchange.desk.conductor, exchange.desk.clock).put(exchange.actor, order);
  if (!done) return exchange.problem(done.error());
  using enum Shifts::Done::Kind;
  if (done->kind == not_his) return exchange.problem("not_found");
  if (done->kind == reused) return exchange.problem("key_reused");
  if (done->kind == invalid) return exchange.problem(Problem{.name = "invalid", .errors = done->errors});

  const auto directory = exchange.desk.conductor.directory();
  Json body = {{"id", done->shift.id.text()},
               {"person", person_json(exchange, *directory, done->shift.person)},
               {"organisation", done->shift.at.text()},
               {"from", to_text(done->shift.from)},
               {"until", to_text(done->shift.until)},
               {"reason", name_of(done->shift.reason)},
               {"tier", done->shift.tier}};
  if (!done->shift.product_line.empty()) body["product_line"] = done->shift.product_line;
  if (!done->shift.instead_of.empty()) body["instead_of"] = person_json(exchange, *directory, done->shift.instead_of);
  body["warnings"] = gaps_json(exchange, *directory, done->shift.at, done->warnings);
  if (done->replayed) exchange.set("Idempotency-Replayed", "true");
  exchange.answer(201, body);
}

void check_on_call(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const auto whom = whom_of(exchange, *directory);
  if (!whom) return;
  const Instant now = exchange.desk.clock.now();
  const auto gaps = gaps_in(*directory, whom->at, now, now + gaps_ahead);
  Json body = {{"organisation", whom->at.text()}, {"from", to_text(now)}, {"until", to_text(now + gaps_ahead)}};
  body["gaps"] = gaps_json(exchange, *directory, whom->at, gaps);
  exchange.answer(200, body);
}

}  // namespace kintsugi::http
