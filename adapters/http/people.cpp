#include "adapters/http/people.h"

#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"
#include "engine/domain/expiry.h"

#include <algorithm>
#include <array>

// People as they are shown, what of theirs runs out, and their leaving.
namespace kintsugi::http {
namespace {

struct Named {
  std::string_view name;
  Text text;
};
const Named what_runs_out[] = {
    {"pledge", {"守秘誓約", "confidentiality pledge"}},
    {"training", {"研修", "training"}},
    {"role", {"役割", "role"}},
    {"deputy", {"代理", "deputy"}},
    {"device_token", {"装置のトークン", "token of a device"}},
    {"gate_token", {"アクセスポイントのトークン", "token of an access point"}},
    {"certificate_key", {"クライアント証明書", "client certificate"}},
    {"certificate_subject", {"クライアント証明書 (サブジェクト)", "client certificates by subject"}},
};

std::string text_of(const Exchange& exchange, std::string_view what) {
  const auto found = std::ranges::find(what_runs_out, what, &Named::name);
  return found == std::end(what_runs_out) ? std::string(what) : in(exchange.language, found->text);
}

Json credential_expiry(const Exchange& exchange, const Credential& one, const char* member, const std::string& owner,
                       const std::string& name) {
  return {{"what", name_of(one.kind)},
          {"text", text_of(exchange, name_of(one.kind))},
          {"mark", Accounts::mark_of(one)},
          {member, owner},
          {"name", name},
          {"until", to_text(one.expires)},
          {"over", one.expires <= exchange.desk.clock.now()}};
}

bool is_certificate(const Credential& one) {
  return one.kind == CredentialKind::certificate_key || one.kind == CredentialKind::certificate_subject;
}

// A machine whose newest token lasts has been renewed, and the older ones are meant to end; so with certificates. But
// a token that lasts says nothing about the certificate that is shown.
// What a list may be filtered by: any member that a row has.
bool matches(const Json& row, const std::vector<Term>& terms) {
  return std::ranges::all_of(terms, [&](const Term& term) {
    const auto found = row.find(term.name);
    if (found == row.end()) return fits(term, {});
    return fits(term, found->is_string() ? found->get<std::string>() : found->dump());
  });
}

// By when it runs out, what has none first. Rows of one moment are told apart by what they say.
Place place_of(const Json& row) {
  constexpr std::size_t mark_bytes = 8;
  const auto until = row.find("until");
  Json lasting = row;
  lasting.erase("over");
  return {.key = until == row.end() ? std::string() : until->get<std::string>(),
          .id = to_hex(BytesView(sha256(lasting.dump())).first(mark_bytes))};
}

constexpr std::array expiry_filterables{Filterable{"what"},   Filterable{"over"},         Filterable{"person"},
                                        Filterable{"device"}, Filterable{"access_point"}, Filterable{"until", true}};
constexpr std::array expiry_orders{std::string_view("until")};

Result<> add_machine(const Exchange& exchange, const char* member, const std::string& owner, const std::string& name,
                     Json& out) {
  const Instant now = exchange.desk.clock.now();
  const auto all = exchange.desk.accounts.machine_credentials(owner);
  if (!all) return pass(all);
  for (const bool certificates : {false, true}) {
    const Credential* latest = nullptr;
    for (const Credential& one : *all)
      if (is_certificate(one) == certificates && one.ended == Instant{} &&
          (latest == nullptr || one.expires > latest->expires))
        latest = &one;
    if (latest != nullptr && latest->expires != Instant{} && latest->expires <= now + accounts::expiry_warned_before)
      out.push_back(credential_expiry(exchange, *latest, member, owner, name));
  }
  return {};
}

}  // namespace

Json expiries_json(const Exchange& exchange, const Person& person) {
  const auto directory = exchange.desk.conductor.directory();
  const Instant now = exchange.desk.clock.now();
  Json out = Json::array();
  for (const Expiry& one : expiries_of(*directory, person, now, accounts::expiry_warned_before)) {
    Json row = {{"what", name_of(one.what)},
                {"text", text_of(exchange, name_of(one.what))},
                {"person", one.person.text()},
                {"name", in(exchange.language, person.name)},
                {"over", one.until <= now}};
    if (one.until != Instant{}) row["until"] = to_text(one.until);
    if (one.role != Role::none) {
      row["role"] = name_of(one.role);
      row["label"] = in(exchange.language, exchange.desk.workflow.text(name_of(one.role)));
    }
    if (!one.deputy.empty()) row["deputy"] = one.deputy.text();
    out.push_back(std::move(row));
  }
  return out;
}

Json person_json(const Exchange& exchange, const PersonId& id) {
  const auto directory = exchange.desk.conductor.directory();
  Json out = {{"id", id.text()}};
  const Person* person = directory->person(id);
  if (person == nullptr) return out;
  out["name"] = in(exchange.language, person->name);
  out["employer"] = person->employer.text();
  out["language"] = person->language;
  Json& roles = out["roles"] = Json::array();
  const Instant now = exchange.desk.clock.now();
  for (const auto& [at, organisation] : directory->organisations())
    for (const Role role : directory->roles_of(*person, at, now))
      roles.push_back({{"role", name_of(role)},
                       {"label", in(exchange.language, exchange.desk.workflow.text(name_of(role)))},
                       {"at", at.text()},
                       {"at_name", in(exchange.language, organisation.name)}});
  out["expiring"] = expiries_json(exchange, *person);
  return out;
}

// His own, and of people and machines those that he administers.
void list_expiries(Exchange& exchange) {
  const auto asked = asked_of(exchange, expiry_filterables, expiry_orders);
  if (!asked) return;
  const auto directory = exchange.desk.conductor.directory();
  const Desk& desk = exchange.desk;
  const auto is_his = [&](Act act, const Matter& matter) {
    return may(*directory, exchange.actor, act, matter, desk.clock.now()).granted;
  };
  Json found = Json::array();
  for (const auto& [id, person] : directory->people())
    if (is_his(Act::read_person, matter_of(*directory, person)))
      for (Json& one : expiries_json(exchange, person))
        found.push_back(std::move(one));
  for (const auto& [id, device] : directory->devices())
    if (is_his(Act::administer_device, matter_of(device)))
      if (const auto done = add_machine(exchange, "device", id.text(), in(exchange.language, device.nickname), found);
          !done)
        return exchange.problem(done.error());
  for (const auto& [id, point] : directory->access_points())
    if (is_his(Act::administer_point, matter_of(*directory, point)))
      if (const auto done = add_machine(exchange, "access_point", id.text(), point.maker_model, found); !done)
        return exchange.problem(done.error());
  std::vector<Json> rows(found.begin(), found.end());
  std::erase_if(rows, [&](const Json& row) { return !matches(row, asked->terms); });
  const auto end = cut_to_page(rows, *asked, direction_of(*asked), place_of);
  answer_page(exchange, {{"warned_before_days", accounts::expiry_warned_before / 24h}, {"expiries", std::move(rows)}},
              end);
}

// He is out with the commit, and so is what lets him in (RA34).
void leave(Exchange& exchange) {
  const Person* person = exchange.person_in_path(Act::administer_person);
  if (person == nullptr) return;
  const Desk& desk = exchange.desk;
  const auto revoked = desk.accounts.leave(person->id, exchange.actor);
  if (!revoked) return exchange.problem(revoked.error());
  const auto directory = desk.conductor.directory();
  const Person* now = directory->person(person->id);
  exchange.answer(200, {{"person", person->id.text()},
                        {"left_at", to_text(now == nullptr ? desk.clock.now() : now->left_at)},
                        {"grants_revoked", *revoked}});
}

}  // namespace kintsugi::http
