#include "tests/drill/acts.h"

#include "tests/drill/world.h"
#include "tests/support/world.h"

#include <algorithm>

namespace kintsugi::drill {
namespace {

// One member that is wrong: gone, of another type, or somebody else's.
void muddle(Json& payload, Dice& dice) {
  if (payload.empty()) {
    payload["unheard_of"] = 1;
    return;
  }
  auto member = payload.begin();
  std::advance(member, dice.below(static_cast<int>(payload.size())));
  if (dice.one_in(3)) {
    payload.erase(member);
  } else if (member->is_string() && dice.percent(70)) {
    *member = member.key() == "request_hash"  ? Json(to_base64(sha256("another request")))
              : member.key() == "case_number" ? Json("K99-0000001-0")
              : member.key() == "person" || member.key() == "attendant"
                  ? Json(testing::person(dice.any_of({"abe", "ono", "sato", "watanabe"})).text())
                  : Json("");
  } else {
    *member = 42;
  }
}

}  // namespace

Manner Manner::of(Dice& dice) {
  Manner out;
  out.stale = dice.one_in(25);
  out.blind = dice.one_in(10);
  out.without_proof = dice.one_in(20);
  out.muddled = dice.one_in(18);
  out.with_key = dice.one_in(4);
  return out;
}

Actor person_actor(World& world, const PersonId& who) {
  Actor out;
  out.id = who.text();
  out.kind = Role::none;
  out.person = who;
  if (const Person* person = world.directory()->person(who)) out.org = person->employer;
  out.auth = "pwd+otp";
  out.sign_in = "sign-in of " + who.text();
  out.address = "192.0.2.7";
  return out;
}

Actor device_actor(World& world, const DeviceId& device) {
  Actor out;
  out.id = device.text();
  out.kind = Role::device;
  if (const Device* known = world.directory()->device(device)) out.org = known->tenant;
  out.auth = "token";
  return out;
}

Actor gate_actor(const OrganisationId& hospital) {
  Actor out;
  out.id = testing::access_point_of(hospital == testing::organisation("aoba") ? "aoba" : "midori").text();
  out.kind = Role::sys;
  out.org = hospital;
  out.auth = "token";
  return out;
}

std::vector<PersonId> holders_of(World& world, Role role, const CaseFile& file) {
  const OrganisationId& at = side_of(role) == Side::rsc ? file.rsc : file.tenant;
  return at.empty() ? std::vector<PersonId>{} : world.directory()->holders(role, at, world.now());
}

PersonId one_of(World& world, Role role, const CaseFile& file, Dice& dice) {
  const auto some = holders_of(world, role, file);
  return some.empty() ? PersonId{} : dice.pick(some);
}

std::optional<Submission> act_of(World& world, const std::string& event, const CaseFile& file, const PersonId& who,
                                 const Manner& manner, Dice& dice) {
  return act_with(world, event, file, who, payload_of(world, event, file, who, dice), manner, dice);
}

std::optional<Submission> act_with(World& world, const std::string& event, const CaseFile& file, const PersonId& who,
                                   Json payload, const Manner& manner, Dice& dice) {
  Submission out;
  out.event = event;
  out.case_id = file.id;
  out.actor = person_actor(world, who);
  out.payload = std::move(payload);
  if (manner.muddled) muddle(out.payload, dice);
  if (!manner.blind) out.expected_version = manner.stale ? file.version - 1 : file.version;
  if (manner.with_key)
    out.key = IdempotencyKey{.owner = who.text(), .route = event, .key = std::to_string(dice.next())};

  const EventInfo* info = world.workflow().event(event);
  if (info == nullptr || !info->needs_step_up || manner.without_proof) return out;
  Digest named{};
  if (const auto hash = out.payload.find("request_hash"); hash != out.payload.end() && hash->is_string())
    if (const auto bytes = from_base64(hash->get<std::string>()); bytes && bytes->size() == named.size())
      std::copy(bytes->begin(), bytes->end(), named.begin());
  out.step_up = world.step_up(who, file.id, event, named);
  return out;
}

}  // namespace kintsugi::drill
