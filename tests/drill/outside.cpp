#include "tests/drill/outside.h"

#include <fmt/format.h>

namespace kintsugi::drill {
namespace {

constexpr std::size_t orders_remembered = 24;

}  // namespace

// Mostly one kind of trouble at a time, sometimes all of it.
Weather Weather::of(Dice& dice) {
  Weather out;
  const int kind = dice.below(9);
  const auto some = [&] { return dice.between(5, 40); };
  if (kind == 1 || kind == 8) {
    out.order_lost = some();
    out.answer_lost = some();
  }
  if (kind == 2 || kind == 8) {
    out.order_late = some();
    out.order_twice = some();
    out.answer_wrong = dice.between(2, 20);
  }
  if (kind == 3 || kind == 8) {
    out.letter_lost = some();
    out.letter_twice = some();
    out.letter_refused = dice.between(0, 20);
  }
  if (kind == 4 || kind == 8) out.commit_fails = dice.between(3, 25);
  if (kind == 5 || kind == 8) out.killed = dice.between(1, 6);
  if (kind == 6) out.disk_full = dice.one_in(2);
  if (kind == 6) out.doors_away = !out.disk_full;
  if (kind == 7) out.signer_away = true;
  if (kind == 7) out.mail_away = dice.one_in(2);
  return out;
}

std::string Weather::text() const {
  std::string out;
  const auto say = [&](const char* name, int value) {
    if (value > 0) out += fmt::format(" {}={}", name, value);
  };
  say("doors_away", doors_away);
  say("mail_away", mail_away);
  say("disk_full", disk_full);
  say("signer_away", signer_away);
  say("order_lost", order_lost);
  say("order_late", order_late);
  say("order_twice", order_twice);
  say("answer_lost", answer_lost);
  say("answer_wrong", answer_wrong);
  say("letter_lost", letter_lost);
  say("letter_twice", letter_twice);
  say("letter_refused", letter_refused);
  say("commit_fails", commit_fails);
  say("killed", killed);
  return out.empty() ? " clear" : out;
}

Result<std::vector<HopAnswer>> Doors::carry_out(const Order& order, const std::string& key) {
  const Weather& weather = sky_.weather;
  if (sky_.still) return fail(Errc::Transient, "nobody is there");
  if (weather.doors_away || sky_.comes(weather.order_lost)) {
    ++sky_.totals->lost;
    return fail(Errc::Transient, "the line is down");
  }
  if (sky_.comes(weather.order_late)) {
    ++sky_.totals->delayed;
    underway_.push_back({order, clock_.now() + std::chrono::seconds(sky_.dice.between(2, 1200))});
    return fail(Errc::Transient, "no answer in time");
  }
  ++heard_[key];
  remember(order);
  auto answers = straight_.carry_out(order, key);
  if (sky_.comes(weather.order_twice)) {
    ++sky_.totals->repeated;
    answers = straight_.carry_out(order, key);
  }
  sky_.perhaps_kill();
  if (sky_.comes(weather.answer_lost)) {
    ++sky_.totals->lost;
    return fail(Errc::Transient, "the answer was lost");
  }
  if (answers && sky_.comes(weather.answer_wrong)) {
    ++sky_.totals->wrong;
    for (HopAnswer& one : *answers)
      one = bent(one);
  }
  return answers;
}

// Wrong in every way but one: a door that says `closed` and is not is a door that lies, and lies are the site's.
HopAnswer Doors::bent(HopAnswer answer) {
  switch (sky_.dice.below(6)) {
    case 0: answer.state = HopState::unknown; break;
    case 1: answer.state = HopState::lost; break;
    case 2: answer.state = HopState::refused; break;
    case 3: answer.generation += sky_.dice.any_of({-1, 1, 7}); break;
    case 4: answer.sessions = 1; break;
    default: answer.identity = "SN-other"; break;
  }
  answer.generation = std::max<std::int64_t>(answer.generation, 0);
  return answer;
}

std::vector<Doors::Late> Doors::arrived() {
  std::vector<Late> out;
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < underway_.size();) {
    if (underway_[i].due > now) {
      ++i;
      continue;
    }
    const Order order = underway_[i].order;
    underway_.erase(underway_.begin() + static_cast<std::ptrdiff_t>(i));
    if (const auto answer = site_.obey(order)) out.push_back({order, *answer});
  }
  return out;
}

void Doors::remember(const Order& order) {
  recent_.push_back(order);
  if (recent_.size() > orders_remembered) recent_.pop_front();
  if (order.order == OrderKind::open) {
    openings_.push_back({order, false});
    if (openings_.size() > orders_remembered) openings_.pop_front();
  }
  if (order.order != OrderKind::close && order.order != OrderKind::kill) return;
  for (Opening& one : openings_)
    if (one.order.grant == order.grant && one.order.hop == order.hop) one.closed_since = true;
}

bool Doors::repeat_old(Dice& dice) {
  if (recent_.empty()) return false;
  ++sky_.totals->repeated;
  std::vector<Order> void_now;
  for (const Opening& one : openings_)
    if (one.closed_since && one.order.window.contains(clock_.now())) void_now.push_back(one.order);
  if (!void_now.empty() && dice.percent(80)) {
    site_.obey(dice.pick(void_now));
    return true;
  }
  site_.obey(recent_[static_cast<std::size_t>(dice.below(static_cast<int>(recent_.size())))]);
  return true;
}

void Doors::unplug(const CaseFile& file) {
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route}) {
    const access_point::Faults fault = std::exchange(site_.faults(hop), {});
    for (const Grant& grant : file.grants) {
      Order order;
      order.order = OrderKind::kill;
      order.hop = hop;
      order.grant = grant.id;
      order.generation = grant.generation;
      site_.obey(order);
    }
    site_.faults(hop) = fault;
  }
}

Result<Posted> Post::post(const Letter& letter, Instant) {
  const Weather& weather = sky_.weather;
  if (sky_.still || weather.mail_away || sky_.comes(weather.letter_lost)) {
    ++sky_.totals->lost;
    return fail(Errc::Transient, "connection refused");
  }
  if (sky_.comes(weather.letter_refused)) {
    ++sky_.totals->wrong;
    if (sky_.dice.one_in(2)) return fail(Errc::Refused, "no such mailbox");
    ++taken_[letter.message_id];
    return Posted{.sent = sha256(letter.body), .refused = {letter.to.front()}};
  }
  if (taken_[letter.message_id]++ > 0) ++sky_.totals->repeated;
  ++sky_.totals->letters;
  fresh_.push_back(letter);
  sky_.perhaps_kill();
  if (sky_.comes(weather.letter_twice)) return fail(Errc::Transient, "the line broke after the text");
  return Posted{.sent = sha256(letter.body), .refused = {}};
}

}  // namespace kintsugi::drill
