#include "engine/base/log.h"
#include "engine/run/delivery.h"

// What goes to webhooks (H11).
namespace kintsugi {
namespace {

constexpr Duration spread_max = 2s;  // over which those who waited for an end point come back
constexpr Duration no_hands_wait = 5s;

Duration spread(Entropy& entropy) {
  std::array<std::uint8_t, 2> bytes{};
  entropy.fill(bytes);
  return spread_max * (bytes[0] << 8 | bytes[1]) / 0xFFFF;
}

}  // namespace

Settlement Delivery::put_off(const ClaimedEffect& claimed) const {
  Settlement out = failed(claimed.effect, {Errc::Transient, ""}).settlement;
  out.tried = false;
  out.due = out.at + no_hands_wait;
  return out;
}

Delivery::End Delivery::announce(const Effect& effect, int attempts) {
  const auto directory = parts_.conductor.directory();
  const Webhook* webhook = directory->webhook(effect.announcement->webhook);
  if (webhook == nullptr) return failed(effect, {Errc::Refused, "there is no such webhook any more"});
  if (!webhook->enabled || webhook->gone_at != Instant{})
    return failed(effect, {Errc::Refused, "its webhook is disabled"});

  const Instant now = parts_.clock.now();
  const Instant rests = rests_.until(webhook->id, now);
  if (parts_.announcer == nullptr || rests != Instant{}) {
    const char* why = rests != Instant{} ? "its webhook did not answer and rests" : "nobody here posts to webhooks";
    End waits = failed(effect, {Errc::Transient, why});
    waits.settlement.tried = false;
    if (rests != Instant{}) waits.settlement.due = rests + spread(parts_.entropy);
    return waits;
  }
  const Announced answer = parts_.announcer->announce(*webhook, effect, now);
  if (answer.end == Announced::End::later)
    rests_.failed(webhook->id, parts_.clock.now(), answer.retry_after);
  else
    rests_.answered(webhook->id);
  if (answer.end == Announced::End::gone) note_gone(*webhook);
  return announced(effect, attempts, answer);
}

Delivery::End Delivery::announced(const Effect& effect, int attempts, const Announced& answer) const {
  using enum Announced::End;
  End out = answer.end == taken
                ? delivered(effect)
                : failed(effect, {answer.end == later ? Errc::Transient : Errc::Refused, answer.error});
  out.settlement.sent = answer.sent;
  out.not_before = answer.retry_after;
  out.settlement.attempt = WebhookAttempt{.webhook = effect.announcement->webhook,
                                          .effect = effect.id,
                                          .case_id = effect.case_id,
                                          .attempt = attempts + 1,
                                          .at = out.settlement.at,
                                          .took = answer.took,
                                          .status = answer.status,
                                          .sent = answer.sent,
                                          .error = answer.error};
  return out;
}

// Nothing is sent there until a person enables it again; that it is so stands in the log of its owner.
void Delivery::note_gone(const Webhook& webhook) {
  Webhook after = webhook;
  after.gone_at = parts_.clock.now();
  log::courier().error("webhook={} owner={} answered 410 Gone and is disabled, a person must act", webhook.id.text(),
                       webhook.owner.text());
  const Actor courier{
      .id = "courier", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
  const MastersAsked asked{.actor = courier, .as = Role::sys, .key = std::nullopt, .request = {}};
  const auto done = parts_.conductor.change_masters(asked, [&](const Directory& directory) -> Result<MastersChange> {
    const Organisation* owner = directory.organisation(webhook.owner);
    const bool hospital = owner != nullptr && owner->side == Side::hcf;
    return MastersChange{.masters = {{.kind = "webhook",
                                      .id = webhook.id.text(),
                                      .tenant = webhook.owner.text(),
                                      .body = to_json_text(after),
                                      .salt = {}}},
                         .records = {{.event = "config.changed",
                                      .tenant = hospital ? webhook.owner : OrganisationId{},
                                      .x = {{"master", "webhook"}},
                                      .about = 0}},
                         .reply = {}};
  });
  if (!done) log::courier().error("webhook={} could not be disabled: {}", webhook.id.text(), done.error().what);
}

}  // namespace kintsugi
