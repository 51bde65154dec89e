#pragma once

#include "engine/domain/announcement.h"
#include "engine/domain/case_file.h"
#include "engine/domain/document.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

// What a lap wants done in the world, as data. Written with the lap, carried out later, at least once; the id is
// the idempotency key.
namespace kintsugi {

// One letter (docs/mails.md) to some people. It carries names of a closed vocabulary, ids, numbers and times, and
// never a text that somebody typed; the words come from the catalogue, in both languages, when it is rendered.
struct Mail {
  std::string mail;                          // M01 … M32
  std::vector<PersonId> to;                  // by id, each once
  std::vector<OrganisationId> desks;         // duty desks
  std::map<std::string, std::string> facts;  // placeholders of the text: until, hop, count, slot, person …
  static constexpr auto fields() {
    return std::tuple{field("mail", &Mail::mail), field("to", &Mail::to), field("desks", &Mail::desks),
                      field("facts", &Mail::facts)};
  }
};

enum class OrderKind { arm, open, close, kill, check };
constexpr auto names_of(OrderKind) {
  using enum OrderKind;
  return names<OrderKind>({{arm, "arm"}, {open, "open"}, {close, "close"}, {kill, "kill"}, {check, "check"}});
}

// An order to one hop (docs/api/access-point.md, H01 to H06), fenced by the grant's generation: a receiver that
// has seen a higher one refuses, and a closing of generation g makes every opening up to g void. An opening of what
// is open already changes its window and its level.
struct Order {
  OrderKind order{};
  Hop hop{};
  GrantId grant;
  std::int64_t generation = 0;
  CaseId case_id;    // where the end point reports to
  AccessPointId at;  // the hospital's access point, or the RSC's exit
  DeviceId device;
  AccessLevel level = AccessLevel::view;  // how much may pass once it is open
  Window window;                          // not-before and not-after: the end point closes by its own clock (I9)
  std::vector<PersonId> workers;
  static constexpr auto fields() {
    return std::tuple{field("order", &Order::order),   field("hop", &Order::hop),
                      field("grant", &Order::grant),   field("generation", &Order::generation),
                      field("case", &Order::case_id),  field("at", &Order::at),
                      field("device", &Order::device), field("level", &Order::level),
                      field("window", &Order::window), field("workers", &Order::workers)};
  }
};

// Destroys one of the case's keys: everything under it is unreadable from then on.
struct DestroyKey {
  KeyClass key = KeyClass::care;
  static constexpr auto fields() { return std::tuple{field("key", &DestroyKey::key)}; }
};

struct Effect {
  EffectId id;
  CaseId case_id;
  OrganisationId tenant;
  std::string lane;      // effects of one case and lane are delivered in order: mail, exit, access_point, vault,
                         // webhook:<its id>
  bool closing = false;  // close and kill: never given up
  bool urgent = false;   // goes before what is not, and alone: orders, and the letters of a P1 case
  Instant at{};          // when it was decided
  Instant due{};         // not before; empty: at once (quiet hours)
  // Letters with the same word go to the same people about the same hospital, and may share one when there are many
  // within minutes (docs/decisions/0021). Empty: always alone.
  std::string bundle;
  std::optional<Mail> mail;
  std::optional<Order> order;
  std::optional<DestroyKey> destroy_key;
  std::optional<Announcement> announcement;
  static constexpr auto fields() {
    return std::tuple{field("id", &Effect::id),
                      field("case_id", &Effect::case_id),
                      field("tenant", &Effect::tenant),
                      field("lane", &Effect::lane),
                      field("closing", &Effect::closing),
                      field("urgent", &Effect::urgent),
                      field("at", &Effect::at),
                      field("due", &Effect::due),
                      field("bundle", &Effect::bundle),
                      field("mail", &Effect::mail),
                      field("order", &Effect::order),
                      field("destroy_key", &Effect::destroy_key),
                      field("announcement", &Effect::announcement)};
  }
};

}  // namespace kintsugi
