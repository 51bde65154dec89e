#include "adapters/http/described/bodies.h"
#include "adapters/http/paging.h"
#include "adapters/http/people.h"
#include "adapters/http/routes.h"
#include "engine/base/digest.h"

#include <algorithm>
#include <array>

// Sign-ins: one's own, and those of the people whom one administers.
namespace kintsugi::http {
namespace {

Json sign_in_json(const Exchange& exchange, const SignIn& row) {
  Json out = {{"id", row.id.text()},
              {"created_at", to_text(row.created)},
              {"last_used_at", to_text(std::max(row.used, row.created))},
              {"expires_at", to_text(row.expires)},
              {"address", row.address},
              {"client", row.client},
              {"with_code", row.with_code},
              {"live", exchange.desk.accounts.is_live(row)},
              {"current", to_hex(row.token) == exchange.actor.sign_in}};
  if (row.ended != Instant{}) out["ended_at"] = to_text(row.ended);
  return out;
}

void list_of(Exchange& exchange, const PersonId& person) {
  static constexpr std::array newest_first{std::string_view("created_at")};
  const auto asked = asked_of(exchange, {}, newest_first);
  if (!asked) return;
  auto rows = exchange.desk.accounts.sign_ins_of(person);
  if (!rows) return exchange.problem(rows.error());
  const bool all = exchange.parameter("all") == "true";
  std::erase_if(*rows, [&](const SignIn& row) { return !all && !exchange.desk.accounts.is_live(row); });
  const auto end = cut_to_page(*rows, *asked, Direction::down, [](const SignIn& row) {
    return Place{.key = to_text(row.created), .id = row.id.text()};
  });
  Json body = {{"person", person.text()}, {"sign_ins", Json::array()}};
  for (const SignIn& row : *rows)
    body["sign_ins"].push_back(sign_in_json(exchange, row));
  answer_page(exchange, std::move(body), end);
}

void done(Exchange& exchange, const Result<>& ended) {
  if (!ended) return exchange.problem(ended.error());
  exchange.answer_nothing();
}

}  // namespace

void refuse_sign_in(Exchange& exchange, const Error& error) {
  if (error.code == Errc::Transient || error.code == Errc::Corrupt) return exchange.problem(error);
  exchange.problem("sign_in_refused");
}

void refuse_proof(Exchange& exchange, const Error& error) {
  if (error.code == Errc::Transient || error.code == Errc::Corrupt) return exchange.problem(error);
  exchange.problem("proof_refused");
}

void sign_in(Exchange& exchange) {
  const auto body = exchange.body_as<SignInBody>();
  if (!body) return;
  const auto signed_in = exchange.desk.accounts.sign_in(body->mail, body->password, body->code,
                                                        {.address = exchange.address,
                                                         .name = exchange.header("User-Agent"),
                                                         .key = body->client_key,
                                                         .remember = body->remember});
  if (!signed_in) return refuse_sign_in(exchange, signed_in.error());
  Json out = {{"token", signed_in->token},
              {"expires_at", to_text(signed_in->expires)},
              {"recovery_codes_left", signed_in->recovery_codes_left},
              {"person", person_json(exchange, signed_in->actor.person)}};
  if (!signed_in->client_key.empty()) out["client_key"] = signed_in->client_key;
  exchange.answer(201, out);
}

void sign_out(Exchange& exchange) {
  done(exchange, exchange.desk.accounts.sign_out(*exchange.bearer()));
}

void show_sign_in(Exchange& exchange) {
  const auto row = exchange.desk.store.sign_in_by_token(sha256(*exchange.bearer()));
  if (!row) return exchange.problem(row.error());
  if (!*row) return exchange.problem("unauthenticated");
  Json out = sign_in_json(exchange, **row);
  out["person"] = person_json(exchange, exchange.actor.person);
  exchange.answer(200, out);
}

void list_sign_ins(Exchange& exchange) {
  list_of(exchange, exchange.actor.person);
}

void end_sign_in(Exchange& exchange) {
  done(exchange, exchange.desk.accounts.end_sign_in(
                     exchange.actor.person, SignInId{std::string(exchange.captured.front())}, exchange.actor));
}

void end_other_sign_ins(Exchange& exchange) {
  const auto own = exchange.desk.store.sign_in_by_token(sha256(*exchange.bearer()));
  if (!own) return exchange.problem(own.error());
  if (!*own) return exchange.problem("unauthenticated");
  done(exchange, exchange.desk.accounts.end_sign_ins(exchange.actor.person, (*own)->id, false, exchange.actor));
}

void list_sign_ins_of(Exchange& exchange) {
  if (const Person* person = exchange.person_in_path(Act::read_person)) list_of(exchange, person->id);
}

void end_sign_in_of(Exchange& exchange) {
  if (const Person* person = exchange.person_in_path(Act::administer_person))
    done(exchange,
         exchange.desk.accounts.end_sign_in(person->id, SignInId{std::string(exchange.captured[1])}, exchange.actor));
}

// A lost laptop: it goes without a proof, because it only closes.
void end_sign_ins_of(Exchange& exchange) {
  if (const Person* person = exchange.person_in_path(Act::administer_person))
    done(exchange, exchange.desk.accounts.end_sign_ins(person->id, {}, true, exchange.actor));
}

void step_up(Exchange& exchange) {
  const auto body = exchange.body_as<StepUpBody>();
  if (!body) return;
  if (exchange.desk.workflow.event(body->event) == nullptr)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/event", "no event of this workflow"}}});
  const auto token = exchange.desk.accounts.step_up(exchange.actor, body->password, body->code, body->case_id,
                                                    body->event, body->request_hash);
  if (!token) return refuse_proof(exchange, token.error());
  exchange.answer(201, {{"token", *token}, {"good_for_s", accounts::step_up_life / 1s}});
}

}  // namespace kintsugi::http
