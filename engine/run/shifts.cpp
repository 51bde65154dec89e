#include "engine/run/shifts.h"

#include "engine/audit/record.h"
#include "engine/base/digest.h"
#include "engine/base/entropy.h"
#include "engine/domain/may.h"
#include "engine/run/masters.h"

#include <algorithm>

namespace kintsugi {
namespace {

// What is kept for the idempotency key.
struct Reply {
  Duty shift;
  std::vector<Gap> warnings;
  static constexpr auto fields() {
    return std::tuple{field("shift", &Reply::shift), field("warnings", &Reply::warnings)};
  }
};

bool works_there(const Directory& directory, const PersonId& id, const OrganisationId& at, Instant from) {
  const Person* person = directory.person(id);
  return person != nullptr && (person->left_at == Instant{} || from < person->left_at) &&
         !directory.roles_of(*person, at, from).empty();
}

std::vector<InputError> mistakes_in(const Directory& directory, const Duty& shift, Instant now) {
  std::vector<InputError> out;
  if (!works_there(directory, shift.person, shift.at, shift.from))
    out.push_back({"/person", "must be somebody who holds a role there then and has not left"});
  else if (const Person& person = *directory.person(shift.person); person.mail.empty() && person.phone.empty())
    out.push_back({"/person", "has neither mail nor telephone: nobody could call"});
  if (!shift.instead_of.empty() &&
      (directory.person(shift.instead_of) == nullptr || shift.instead_of == shift.person))
    out.push_back({"/instead_of", "must be somebody else"});
  if (shift.from >= shift.until) out.push_back({"/until", "must be after from"});
  if (shift.until <= now) out.push_back({"/until", "must not be over"});
  if (shift.until - shift.from > Shifts::longest) out.push_back({"/until", "must be at most 92 days after from"});
  if (shift.tier < 1 || shift.tier > tiers_max) out.push_back({"/tier", "must be 1 to 5"});
  return out;
}

// A hospital's own log; what an RSC changes goes to the system's.
OrganisationId log_of(const Directory& directory, const OrganisationId& id) {
  const Organisation* one = directory.organisation(id);
  return one != nullptr && one->side == Side::hcf ? id : OrganisationId{};
}

}  // namespace

bool Shifts::may_put(const Directory& directory, const Actor& actor, const Duty& shift, Role& as) const {
  if (directory.organisation(shift.at) == nullptr) return false;
  const Instant now = clock_.now();
  const Permission permission = may(directory, actor, Act::change_masters, matter_of(directory, shift.at), now);
  as = permission.as;
  if (permission) return true;
  const Person* self = directory.person(actor.person);
  if (self == nullptr || shift.instead_of != actor.person || !works_there(directory, self->id, shift.at, now))
    return false;
  as = directory.roles_of(*self, shift.at, now).front();
  return true;
}

Result<Shifts::Done> Shifts::put(const Actor& actor, const Order& order) {
  const Instant now = clock_.now();
  Done done;
  MastersAsked asked{.actor = actor, .as = Role::none, .key = order.key, .request = order.request};
  const auto standing = conductor_.directory();
  if (!may_put(*standing, actor, order.shift, asked.as)) {
    done.kind = Done::Kind::not_his;
    return done;
  }
  // The same person, shift and instant make the same id; nothing else could have asked for it.
  const Digest chance = sha256(actor.id + to_json_text(order.shift) + to_text(now));
  const auto make = [&](const Directory& directory) -> Result<MastersChange> {
    done = Done{};
    done.shift = order.shift;
    done.shift.id = DutyId{new_id_text("duty", now, chance, 0)};
    done.errors = mistakes_in(directory, done.shift, now);
    if (!done.errors.empty()) return fail(Errc::Invalid, "not a shift");
    Directory after = directory;
    after.put(done.shift);
    done.warnings = gaps_in(after, done.shift.at, now, now + gaps_ahead);
    const Master row{.kind = "duty",
                     .id = done.shift.id.text(),
                     .tenant = done.shift.at.text(),
                     .body = to_json_text(done.shift),
                     .salt = {}};
    return MastersChange{
        .masters = {row},
        .records = {{.event = "config.changed",
                     .tenant = log_of(directory, done.shift.at),
                     .x = {{"master", "duty"}, {"person", audit::record_id(done.shift.person.text())}},
                     .about = 0}},
        .reply = to_json_text(Reply{.shift = done.shift, .warnings = done.warnings})};
  };
  const auto reply = conductor_.change_masters(asked, make);
  if (!reply && !done.errors.empty()) {
    done.kind = Done::Kind::invalid;
    return done;
  }
  if (!reply) return pass(reply);
  if (reply->reused) {
    done.kind = Done::Kind::reused;
    return done;
  }
  if (reply->replayed) {
    auto before = from_json_text<Reply>(reply->reply);
    if (!before) return pass(before);
    done.shift = std::move(before->shift);
    done.warnings = std::move(before->warnings);
    done.replayed = true;
  }
  return done;
}

}  // namespace kintsugi
