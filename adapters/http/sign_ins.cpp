#include "adapters/http/described/bodies.h"
#include "adapters/http/routes.h"
#include "engine/base/bytes.h"
#include "engine/base/digest.h"

namespace kintsugi::http {
namespace {

// Whatever was wrong with name, password or code, the answer is the same.
void refuse_sign_in(Exchange& exchange, const Error& error) {
  if (error.code == Errc::Transient || error.code == Errc::Corrupt) return exchange.problem(error);
  exchange.problem("sign_in_refused");
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
  return out;
}

}  // namespace

void sign_in(Exchange& exchange) {
  const auto body = exchange.body_as<SignInBody>();
  if (!body) return;
  const auto done = exchange.desk.accounts.sign_in(body->mail, body->password, body->code, exchange.address);
  if (!done) return refuse_sign_in(exchange, done.error());
  exchange.answer(201, {{"token", done->token},
                        {"expires_at", to_text(done->expires)},
                        {"person", person_json(exchange, done->actor.person)}});
}

void sign_out(Exchange& exchange) {
  if (const auto done = exchange.desk.accounts.sign_out(*exchange.bearer()); !done)
    return exchange.problem(done.error());
  exchange.answer_nothing();
}

void show_sign_in(Exchange& exchange) {
  const auto row = exchange.desk.store.sign_in_by_token(sha256(*exchange.bearer()));
  if (!row) return exchange.problem(row.error());
  if (!*row) return exchange.problem("unauthenticated");
  exchange.answer(
      200, {{"person", person_json(exchange, exchange.actor.person)}, {"expires_at", to_text((*row)->expires)}});
}

void step_up(Exchange& exchange) {
  const auto body = exchange.body_as<StepUpBody>();
  if (!body) return;
  if (exchange.desk.workflow.event(body->event) == nullptr)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/event", "no event of this workflow"}}});
  const auto token = exchange.desk.accounts.step_up(exchange.actor, body->password, body->code, body->case_id,
                                                    body->event, body->request_hash);
  if (!token) return refuse_sign_in(exchange, token.error());
  exchange.answer(201, {{"token", *token}, {"good_for_s", 120}});
}

// The invitation is spent first; who loses the answer asks his administrator for a new one.
void accept_invitation(Exchange& exchange) {
  const auto body = exchange.body_as<InvitationBody>();
  if (!body) return;
  Accounts& accounts = exchange.desk.accounts;
  if (const auto done = accounts.accept_invitation(body->mail, body->one_time_code, body->password); !done) {
    if (done.error().code == Errc::Invalid)
      return exchange.problem(Problem{.name = "invalid", .errors = {{"/password", done.error().what}}});
    return refuse_sign_in(exchange, done.error());
  }
  const auto directory = exchange.desk.conductor.directory();
  const Person* person = directory->person_by_mail(body->mail);
  if (person == nullptr) return exchange.problem("sign_in_refused");
  const auto uri = accounts.enrol_code(person->id);
  if (!uri) return exchange.problem(uri.error());
  exchange.answer(201, {{"person", person_json(exchange, person->id)}, {"otpauth_uri", *uri}});
}

}  // namespace kintsugi::http
