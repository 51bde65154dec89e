#include "engine/run/delivery.h"

#include "engine/base/log.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr Duration order_backoff_max = 60s;  // a closing may stand behind any order
constexpr Duration no_mailer_wait = 10min;

std::int64_t random_number(Entropy& entropy) {
  std::array<std::uint8_t, 4> bytes{};
  entropy.fill(bytes);
  std::int64_t out = 0;
  for (const std::uint8_t byte : bytes)
    out = out << 8 | byte;
  return out;
}

// Doubles with each attempt; half of it is chance, so that what failed together does not come back together.
Duration backoff(Duration first, Duration most, int attempts, Entropy& entropy) {
  Duration wait = first;
  for (int i = 0; i < attempts && wait < most; ++i)
    wait *= 2;
  wait = std::min(wait, most);
  const Duration half = wait / 2;
  return half + Duration{random_number(entropy) % (half.count() + 1)};
}

}  // namespace

Delivery::Attempted Delivery::attempt(const Parcel& parcel) {
  Attempted out;
  if (parcel.size() > 1) {
    share(parcel, out);
  } else {
    for (const ClaimedEffect& one : parcel)
      if (!one.effect.mail || still_wanted(one.effect)) end(deliver(one), one, out);
  }
  return out;
}

void Delivery::end(End end, const ClaimedEffect& claimed, Attempted& out) {
  const Effect& effect = claimed.effect;
  if (end.settlement.state == EffectState::waiting) plan_next(end, claimed);
  const bool delivered = end.settlement.state == EffectState::delivered;

  if (end.settlement.state == EffectState::gave_up)
    log::courier().error("effect={} case={} lane={} given up after {} attempts, a person must act: {}",
                         effect.id.text(), effect.case_id.text(), effect.lane, claimed.attempts + 1,
                         end.settlement.error);
  else if (!delivered && (end.settlement.tried || !effect.announcement))
    log::courier().warn("effect={} case={} lane={} attempt={} failed, again at {}: {}", effect.id.text(),
                        effect.case_id.text(), effect.lane, claimed.attempts + 1, to_text(end.settlement.due),
                        end.settlement.error);

  // The outcome is committed with the settlement. If that fails, the lease ends and the effect is repeated.
  bool settled = false;
  if (!end.tells.empty()) {
    end.tells.back().settles = end.settlement;
    const auto outcomes = parts_.conductor.submit_all(std::move(end.tells));
    settled = outcomes.back().kind != Outcome::Kind::invalid;
    if (!settled)
      log::courier().error("effect={} case={}: its answer is no valid event {}", effect.id.text(),
                           effect.case_id.text(), outcomes.back().event);
  }
  if (delivered) ++out.delivered;
  if (!settled) out.unsettled.push_back(std::move(end.settlement));
}

// Between the claim and the sending its reason may have ended. What cannot be read is sent: once too often is better
// than not at all.
bool Delivery::still_wanted(const Effect& effect) const {
  const auto rows = parts_.store.outbox({.state = {}, .case_id = {}, .id = effect.id, .limit = 1});
  return !rows || rows->empty() || rows->front().state != EffectState::withdrawn;
}

// One letter for all of them; each is settled for itself and keeps whose letter it was.
void Delivery::share(const Parcel& parcel, Attempted& out) {
  const auto directory = parts_.conductor.directory();
  std::vector<const ClaimedEffect*> going;
  std::vector<std::shared_ptr<const CaseFile>> files;
  for (const ClaimedEffect& one : parcel) {
    if (!still_wanted(one.effect)) continue;
    auto file = parts_.conductor.case_file(one.effect.case_id);
    if (!file) {
      end(failed(one.effect, file.error()), one, out);
      continue;
    }
    going.push_back(&one);
    files.push_back(std::move(*file));
  }
  if (going.size() < 2 || parts_.mailer == nullptr) {
    for (const ClaimedEffect* one : going)
      end(deliver(*one), *one, out);
    return;
  }
  std::vector<Told> told;
  for (std::size_t i = 0; i < going.size(); ++i)
    told.push_back({.effect = going[i]->effect, .file = *files[i]});
  const Letter letter = parts_.workflow.digest_letter(
      told, {.directory = *directory, .console_url = parts_.console_url, .mail_domain = parts_.mail_domain});
  const EffectId& lead = going.front()->effect.id;
  const auto result = letter.to.empty() ? fail(Errc::Refused, "nobody to send it to has an address")
                                        : post(letter, parts_.clock.now());
  for (const ClaimedEffect* one : going) {
    End how = posted(one->effect, result, letter.to);
    if (how.settlement.state == EffectState::delivered) how.settlement.letter = lead;
    end(std::move(how), *one, out);
  }
}

void Delivery::plan_next(End& end, const ClaimedEffect& claimed) {
  const bool closing = claimed.effect.closing;
  if (!end.settlement.tried) {
    if (end.settlement.due == Instant{}) end.settlement.due = end.settlement.at + no_mailer_wait;
    return;
  }
  if (claimed.effect.announcement) {
    if (claimed.attempts + 1 >= parts_.webhook_attempts_max)
      end.settlement.state = EffectState::gave_up;
    else
      end.settlement.due = end.settlement.at + std::max(backoff(WebhookRests::first, parts_.webhook_backoff_max,
                                                                claimed.attempts, parts_.entropy),
                                                        end.not_before);
    return;
  }
  if (!closing && claimed.attempts + 1 >= parts_.attempts_max) {
    end.settlement.state = EffectState::gave_up;
    if (const auto& mail = claimed.effect.mail) {
      Json to = Json::array();
      for (const PersonId& one : mail->to)
        to.push_back(one.text());
      end.tells.push_back(told(
          claimed.effect, "mail_bounced",
          {{"effect", claimed.effect.id.text()}, {"mail", mail->mail}, {"to", std::move(to)}, {"gave_up", true}}));
    }
    return;
  }
  const bool order = closing || claimed.effect.order.has_value();
  const Duration most = order ? std::min(parts_.backoff_max, order_backoff_max) : parts_.backoff_max;
  end.settlement.due = end.settlement.at + backoff(parts_.backoff_first, most, claimed.attempts, parts_.entropy);
}

Delivery::End Delivery::delivered(const Effect& effect) const {
  return {.settlement = {.id = effect.id,
                         .state = EffectState::delivered,
                         .at = parts_.clock.now(),
                         .due = {},
                         .sent = {},
                         .letter = {},
                         .error = {}},
          .tells = {}};
}

Delivery::End Delivery::failed(const Effect& effect, const Error& why) const {
  End out = delivered(effect);
  // Only Transient may come right by itself; a closing is tried all the same, because it must.
  out.settlement.state = why.code == Errc::Transient || effect.closing ? EffectState::waiting : EffectState::gave_up;
  out.settlement.error = why.what;
  return out;
}

Delivery::End Delivery::deliver(const ClaimedEffect& claimed) {
  const Effect& effect = claimed.effect;
  if (effect.mail) return mail(effect);
  if (effect.order) return order(effect);
  if (effect.destroy_key) return destroy(effect);
  if (effect.announcement) return announce(effect, claimed.attempts);
  return failed(effect, {Errc::Corrupt, "an effect that does nothing"});
}

Delivery::End Delivery::mail(const Effect& effect) {
  if (parts_.mailer == nullptr) {
    End waits = failed(effect, {Errc::Transient, "no mail server is configured"});
    waits.settlement.tried = false;
    return waits;
  }
  const auto file = parts_.conductor.case_file(effect.case_id);
  if (!file) return failed(effect, file.error());
  const auto directory = parts_.conductor.directory();
  const Letter letter = parts_.workflow.letter(effect, {.file = **file,
                                                        .directory = *directory,
                                                        .console_url = parts_.console_url,
                                                        .mail_domain = parts_.mail_domain});
  if (letter.to.empty()) return failed(effect, {Errc::Refused, "nobody to send it to has an address"});
  return posted(effect, post(letter, effect.at), letter.to);
}

Result<Posted> Delivery::post(const Letter& letter, Instant at) {
  const std::scoped_lock lock(mailer_);
  return parts_.mailer->post(letter, at);
}

Delivery::End Delivery::posted(const Effect& effect, const Result<Posted>& posted,
                               const std::vector<std::string>& to) const {
  const auto directory = parts_.conductor.directory();
  if (!posted) {
    End out = failed(effect, posted.error());
    if (posted.error().code == Errc::Refused && !to.empty()) out.tells.push_back(bounced(effect, *directory, to));
    return out;
  }
  End out = delivered(effect);
  out.settlement.sent = posted->sent;
  if (!posted->refused.empty()) out.tells.push_back(bounced(effect, *directory, posted->refused));
  return out;
}

// The case is told by person, not by address; a duty desk that did not get it has no person's name.
Submission Delivery::bounced(const Effect& effect, const Directory& directory,
                             const std::vector<std::string>& addresses) const {
  Json to = Json::array();
  for (const std::string& address : addresses)
    if (const Person* person = directory.person_by_mail(address)) to.push_back(person->id.text());
  return told(effect, "mail_bounced",
              {{"effect", effect.id.text()}, {"mail", effect.mail->mail}, {"to", std::move(to)}});
}

// W43: a test hospital can never reach a real access point.
bool Delivery::may_reach(const Effect& effect) const {
  const auto directory = parts_.conductor.directory();
  const Organisation* hospital = directory->organisation(effect.tenant);
  const AccessPoint* point = directory->access_point(effect.order->at);
  return hospital == nullptr || !hospital->test_hospital || point == nullptr || point->kind != AccessPointKind::http;
}

// An opening that was held up until its grant ended, or until a later generation took over. Sent now, it would open
// what has been closed at everybody who has not heard of the closing yet.
Result<bool> Delivery::came_too_late(const Effect& effect) const {
  const Order& order = *effect.order;
  if (order.order != OrderKind::arm && order.order != OrderKind::open) return false;
  const auto file = parts_.conductor.case_file(effect.case_id);
  if (!file) return pass(file);
  const auto& grants = (*file)->grants;
  const auto grant = std::ranges::find(grants, order.grant, &Grant::id);
  return grant != grants.end() && (grant->end != GrantEnd::none || grant->generation > order.generation);
}

Delivery::End Delivery::order(const Effect& effect) {
  if (!may_reach(effect)) return failed(effect, {Errc::Refused, "a test hospital reaches no real access point"});
  const auto late = came_too_late(effect);
  if (!late) return failed(effect, late.error());
  if (*late) {
    End out = delivered(effect);
    out.settlement.error = "not sent: its grant is over";
    return out;
  }
  Controller* controller = parts_.controller ? parts_.controller(effect.order->at) : nullptr;
  // Nobody answers for it: the order stands in the case, and the person who carries it out attests it.
  if (controller == nullptr) return delivered(effect);
  const auto answers = controller->carry_out(*effect.order, effect.id.text());
  if (!answers) return failed(effect, answers.error());
  End out = delivered(effect);
  for (const HopAnswer& one : *answers)
    out.tells.push_back(report(effect, one));
  return out;
}

Delivery::End Delivery::destroy(const Effect& effect) {
  if (auto gone = parts_.vault.destroy(effect.case_id, effect.destroy_key->key); !gone)
    return failed(effect, gone.error());
  return delivered(effect);
}

void Delivery::carry_out_now(const Effect& effect) {
  if (!effect.order || !may_reach(effect)) return;
  Controller* controller = parts_.controller ? parts_.controller(effect.order->at) : nullptr;
  if (controller == nullptr) return;
  const auto answers = controller->carry_out(*effect.order, effect.id.text());
  if (!answers) {
    log::courier().warn("effect={} case={} closing not carried out at once, the outbox goes on: {}", effect.id.text(),
                        effect.case_id.text(), answers.error().what);
    return;
  }
  std::vector<Submission> tells;
  for (const HopAnswer& one : *answers)
    tells.push_back(report(effect, one));
  parts_.conductor.submit_all(std::move(tells));
}

Submission Delivery::told(const Effect& effect, const char* event, Json payload) const {
  Submission out;
  out.event = event;
  out.case_id = effect.case_id;
  out.actor = {
      .id = "courier", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
  out.as = Role::sys;
  out.payload = std::move(payload);
  return out;
}

Submission Delivery::report(const Effect& effect, const HopAnswer& answer) const {
  Json payload = {{"hop", name_of(answer.hop)},
                  {"state", name_of(answer.state)},
                  {"generation", answer.generation},
                  {"sessions", answer.sessions}};
  if (!effect.order->grant.empty()) payload["grant"] = effect.order->grant.text();
  if (!answer.identity.empty()) payload["identity"] = answer.identity;
  return told(effect, "report_hop", std::move(payload));
}

}  // namespace kintsugi
