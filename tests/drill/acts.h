#pragma once

#include "engine/run/outcome.h"
#include "tests/drill/dice.h"

#include <optional>
#include <string>
#include <vector>

namespace kintsugi::drill {

class World;

// Stands in every text that anybody types; it may be read in no mail and in no record (I10).
inline constexpr const char* typed_marker = "KANJA-YAMADA";

// What a person writes who does this to this case and means it; now and then what he writes is odd, but never by
// mistake.
Json payload_of(World& world, const std::string& event, const CaseFile& file, const PersonId& who, Dice& dice);

// How somebody goes about it.
struct Manner {
  bool stale = false;  // he looked at the case before somebody else moved it
  bool blind = false;  // he does not say which version he saw
  bool without_proof = false;
  bool muddled = false;   // one member of what he wrote is wrong or missing
  bool with_key = false;  // so that he can ask again
  static Manner of(Dice& dice);
};

// The whole submission, with the step-up that the event asks for; nothing if the engine died meanwhile. In words of
// his own, or in those that are given.
std::optional<Submission> act_of(World& world, const std::string& event, const CaseFile& file, const PersonId& who,
                                 const Manner& manner, Dice& dice);
std::optional<Submission> act_with(World& world, const std::string& event, const CaseFile& file, const PersonId& who,
                                   Json payload, const Manner& manner, Dice& dice);

Actor person_actor(World& world, const PersonId& who);
Actor device_actor(World& world, const DeviceId& device);
Actor gate_actor(const OrganisationId& hospital);

// Everybody who holds the role for this case, and one of them.
std::vector<PersonId> holders_of(World& world, Role role, const CaseFile& file);
PersonId one_of(World& world, Role role, const CaseFile& file, Dice& dice);

}  // namespace kintsugi::drill
