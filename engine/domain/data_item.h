#pragma once

#include "engine/base/digest.h"
#include "engine/base/fields.h"
#include "engine/domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Step 5: what was taken out of the hospital, owed from its first byte until it is accounted for.
namespace kintsugi {

enum class ItemClass {
  image_study,
  log,
  dump,
  screenshot,
  screen_recording,
  backup,
  telemetry,
  print,
  note,
  medium,
  device_part,
};
constexpr auto names_of(ItemClass) {
  using enum ItemClass;
  return names<ItemClass>({{image_study, "image_study"},
                           {log, "log"},
                           {dump, "dump"},
                           {screenshot, "screenshot"},
                           {screen_recording, "screen_recording"},
                           {backup, "backup"},
                           {telemetry, "telemetry"},
                           {print, "print"},
                           {note, "note"},
                           {medium, "medium"},
                           {device_part, "device_part"}});
}

enum class ItemState {
  declared,
  authorised,
  denied,
  held_at_rsc,
  erased_claimed,
  erased_verified,
  returned,
  retained_with_consent,
  deidentified_verified,
  lost_or_residual,  // final
  held,              // legal hold: a stop sign, not an end
};
constexpr auto names_of(ItemState) {
  using enum ItemState;
  return names<ItemState>({{declared, "declared"},
                           {authorised, "authorised"},
                           {denied, "denied"},
                           {held_at_rsc, "held_at_rsc"},
                           {erased_claimed, "erased_claimed"},
                           {erased_verified, "erased_verified"},
                           {returned, "returned"},
                           {retained_with_consent, "retained_with_consent"},
                           {deidentified_verified, "deidentified_verified"},
                           {lost_or_residual, "lost_or_residual"},
                           {held, "held"}});
}
// Does this state end what is owed? `denied` does: nothing was taken.
constexpr bool is_final(ItemState state) {
  using enum ItemState;
  return state == denied || (state >= erased_verified && state <= lost_or_residual);
}
// The small table of what may follow what; everything else is a mistake of the caller.
bool may_follow(ItemState now, ItemState next);

enum class Phi { unknown, none, pseudonymised, identifiable };  // I11: unknown counts as PHI
constexpr auto names_of(Phi) {
  using enum Phi;
  return names<Phi>(
      {{unknown, "unknown"}, {none, "none"}, {pseudonymised, "pseudonymised"}, {identifiable, "identifiable"}});
}

struct DataItem {
  ItemId id;
  ItemClass kind = ItemClass::log;
  ItemState state = ItemState::declared;
  ItemState before_hold = ItemState::declared;  // where a lifted legal hold returns to
  Phi phi = Phi::unknown;
  PersonId declared_by;
  PersonId authorised_by;
  PersonId holder;
  Instant received_at{};  // the first byte: from here on it is owed
  Digest content{};       // salted commitment to the content, never a bare hash of it
  std::int64_t size_bytes = 0;
  PersonId erased_by;
  std::string method;  // clear, purge, destroy, crypto_erase
  PersonId verified_by;
  Instant settled_at{};
  Instant retained_until{};
  DocumentId certificate;
  auto operator<=>(const DataItem&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &DataItem::id),
                      field("kind", &DataItem::kind),
                      field("state", &DataItem::state),
                      field("before_hold", &DataItem::before_hold),
                      field("phi", &DataItem::phi),
                      field("declared_by", &DataItem::declared_by),
                      field("authorised_by", &DataItem::authorised_by),
                      field("holder", &DataItem::holder),
                      field("received_at", &DataItem::received_at),
                      field("content", &DataItem::content),
                      field("size_bytes", &DataItem::size_bytes),
                      field("erased_by", &DataItem::erased_by),
                      field("method", &DataItem::method),
                      field("verified_by", &DataItem::verified_by),
                      field("settled_at", &DataItem::settled_at),
                      field("retained_until", &DataItem::retained_until),
                      field("certificate", &DataItem::certificate)};
  }
};

}  // namespace kintsugi
