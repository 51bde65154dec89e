#include "adapters/http/certificate.h"
#include "adapters/http/described/bodies.h"
#include "adapters/http/exchange.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/domain/may.h"

#include <algorithm>
#include <array>

// What devices and access points prove themselves with, for those who administer them.
namespace kintsugi::http {
namespace {

struct Machine {
  std::string id;
  CredentialKind token{};
};

// Empty when it is not his to administer, and then the problem is answered.
std::optional<Machine> machine_in_path(Exchange& exchange) {
  const std::string id(exchange.captured.front());
  const auto directory = exchange.desk.conductor.directory();
  if (exchange.path().starts_with("/api/v1/devices/")) {
    const Device* device = directory->device(DeviceId{id});
    if (device != nullptr && exchange.permits(Act::administer_device, matter_of(*device)))
      return Machine{id, CredentialKind::device_token};
    if (device == nullptr) exchange.problem("not_found");
    return std::nullopt;
  }
  if (exchange.path().starts_with("/api/v1/integrations/")) {
    if (const auto one = exchange.desk.integrations.one(exchange.actor, IntegrationId{id}); !one)
      exchange.problem(one.error());
    else if (!one->enabled && exchange.method() == "POST")
      exchange.problem("not_found");  // what has been retired gets no token any more
    else
      return Machine{id, CredentialKind::device_token};
    return std::nullopt;
  }
  const AccessPoint* point = directory->access_point(AccessPointId{id});
  if (point != nullptr && exchange.permits(Act::administer_point, matter_of(*directory, *point)))
    return Machine{id, CredentialKind::gate_token};
  if (point == nullptr) exchange.problem("not_found");
  return std::nullopt;
}

std::optional<Duration> overlap_of(Exchange& exchange, int hours) {
  const Duration out = std::chrono::hours(hours);
  if (hours >= 0 && out <= accounts::overlap_max) return out;
  exchange.problem(Problem{.name = "invalid", .errors = {{"/overlap_hours", "must be a number from 0 to 720"}}});
  return std::nullopt;
}

Json credential_json(const Credential& one, Instant now) {
  Json out = {{"mark", Accounts::mark_of(one)},
              {"kind", name_of(one.kind)},
              {"created_at", to_text(one.created)},
              {"live", Accounts::is_live(one, now)}};
  if (one.used != Instant{}) out["last_used_at"] = to_text(one.used);
  if (one.expires != Instant{}) out["expires_at"] = to_text(one.expires);
  if (one.ended != Instant{}) out["ended_at"] = to_text(one.ended);
  if (!one.verifier.empty()) out["subject"] = one.verifier;
  if (one.kind == CredentialKind::certificate_key) out["key_sha256"] = to_hex(one.secret);
  out["expires_soon"] =
      Accounts::is_live(one, now) && one.expires != Instant{} && one.expires <= now + accounts::expiry_warned_before;
  return out;
}

constexpr std::array credential_filterables{Filterable{"kind"}, Filterable{"live"}};
constexpr std::array credential_orders{std::string_view("created_at")};

bool matches(const Credential& one, Instant now, const std::vector<Term>& terms) {
  return std::ranges::all_of(terms, [&](const Term& term) {
    if (term.name == "kind") return fits(term, name_of(one.kind));
    return fits(term, Accounts::is_live(one, now) ? "true" : "false");
  });
}

}  // namespace

void list_machine_credentials(Exchange& exchange) {
  const auto machine = machine_in_path(exchange);
  if (!machine) return;
  const auto asked = asked_of(exchange, credential_filterables, credential_orders);
  if (!asked) return;
  auto some = exchange.desk.accounts.machine_credentials(machine->id);
  if (!some) return exchange.problem(some.error());
  const Instant now = exchange.desk.clock.now();
  std::erase_if(*some, [&](const Credential& one) { return !matches(one, now, asked->terms); });
  const auto end = cut_to_page(*some, *asked, Direction::down, [](const Credential& one) {
    return Place{.key = to_text(one.created), .id = Accounts::mark_of(one)};
  });
  Json list = Json::array();
  for (const Credential& one : *some)
    list.push_back(credential_json(one, now));
  answer_page(exchange, {{"id", machine->id}, {"credentials", std::move(list)}}, end);
}

void make_machine_token(Exchange& exchange) {
  const auto machine = machine_in_path(exchange);
  if (!machine) return;
  const auto body = exchange.body_as<TokenBody>();
  if (!body) return;
  const auto overlap = overlap_of(exchange, body->overlap_hours);
  if (!overlap) return;
  const auto token = exchange.desk.accounts.new_token(machine->token, machine->id, *overlap, exchange.actor);
  if (!token) return exchange.problem(token.error());
  exchange.answer(201, {{"id", machine->id}, {"token", *token}});
}

void bind_certificate(Exchange& exchange) {
  const auto machine = machine_in_path(exchange);
  if (!machine) return;
  const auto body = exchange.body_as<CertificateBody>();
  if (!body) return;
  const auto overlap = overlap_of(exchange, body->overlap_hours);
  if (!overlap) return;
  if (body->bound_by != "key" && body->bound_by != "subject")
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/bound_by", "must be key or subject"}}});
  const auto certificate = read_certificate(body->certificate);
  if (!certificate)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/certificate", certificate.error().what}}});
  const auto bound = exchange.desk.accounts.bind_certificate(machine->id, *certificate, body->bound_by == "subject",
                                                             body->until, *overlap, exchange.actor);
  if (!bound && (bound.error().code == Errc::Conflict || bound.error().code == Errc::Invalid))
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/certificate", bound.error().what}}});
  if (!bound) return exchange.problem(bound.error());
  exchange.answer(201, {{"id", machine->id},
                        {"subject", certificate->subject},
                        {"key_sha256", to_hex(certificate->key)},
                        {"expires_at", to_text(certificate->expires)}});
}

void end_machine_credential(Exchange& exchange) {
  const auto machine = machine_in_path(exchange);
  if (!machine) return;
  if (const auto done = exchange.desk.accounts.end_credential(machine->id, exchange.captured[1], exchange.actor);
      !done)
    return exchange.problem(done.error());
  exchange.answer_nothing();
}

}  // namespace kintsugi::http
