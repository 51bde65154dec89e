#include "adapters/http/described/bodies.h"
#include "adapters/http/people.h"
#include "adapters/http/qr.h"
#include "adapters/http/routes.h"

// How people get what they prove themselves with.
namespace kintsugi::http {
namespace {

// False when it was not he, and then the problem is answered.
bool proves_himself(Exchange& exchange) {
  const auto body = exchange.body_as<ProofBody>();
  if (!body) return false;
  const auto proved = exchange.desk.accounts.prove_again(exchange.actor, body->password, body->code);
  if (!proved) refuse_proof(exchange, proved.error());
  return proved.has_value();
}

}  // namespace

// The invitation is spent first; who loses the answer asks his administrator for a new one.
void accept_invitation(Exchange& exchange) {
  const auto body = exchange.body_as<InvitationBody>();
  if (!body) return;
  const auto uri = exchange.desk.accounts.accept_invitation(body->mail, body->one_time_code, body->password);
  if (!uri) {
    if (uri.error().code == Errc::Invalid)
      return exchange.problem(Problem{.name = "invalid", .errors = {{"/password", uri.error().what}}});
    return refuse_sign_in(exchange, uri.error());
  }
  const auto directory = exchange.desk.conductor.directory();
  const Person* person = directory->person_by_mail(body->mail);
  if (person == nullptr) return exchange.problem("sign_in_refused");
  exchange.answer(201,
                  {{"person", person_json(exchange, person->id)}, {"otpauth_uri", *uri}, {"qr_svg", qr_svg(*uri)}});
}

void enrol_code(Exchange& exchange) {
  if (!proves_himself(exchange)) return;
  const auto uri = exchange.desk.accounts.enrol_code(exchange.actor.person, exchange.actor);
  if (!uri) return exchange.problem(uri.error());
  exchange.answer(201, {{"otpauth_uri", *uri}, {"qr_svg", qr_svg(*uri)}});
}

void confirm_code(Exchange& exchange) {
  const auto body = exchange.body_as<CodeBody>();
  if (!body) return;
  if (const auto done = exchange.desk.accounts.confirm_code(exchange.actor, body->code); !done)
    return refuse_proof(exchange, done.error());
  exchange.answer_nothing();
}

void make_recovery_codes(Exchange& exchange) {
  if (!proves_himself(exchange)) return;
  const auto codes = exchange.desk.accounts.new_recovery_codes(exchange.actor.person, exchange.actor);
  if (!codes) return exchange.problem(codes.error());
  exchange.answer(201, {{"recovery_codes", *codes}});
}

// Whoever has the code can be that person, so the administrator proves himself first; and nobody renews his own means
// this way, or a sign-in that was left open would be enough to take them over.
void invite_person(Exchange& exchange) {
  const Person* person = exchange.person_in_path(Act::administer_person);
  if (person == nullptr) return;
  if (person->id == exchange.actor.person) return exchange.problem("forbidden");
  if (!proves_himself(exchange)) return;
  const auto code = exchange.desk.accounts.invite(person->id, exchange.actor);
  if (!code) return exchange.problem(code.error());
  exchange.answer(201, {{"person", person->id.text()},
                        {"mail", person->mail},
                        {"one_time_code", *code},
                        {"expires_at", to_text(exchange.desk.clock.now() + accounts::invitation_life)}});
}

}  // namespace kintsugi::http
