#include "engine/base/ascii.h"
#include "engine/masters/checks.h"

#include <algorithm>

// People, the roles that they hold, who stands in for them, and when they are on duty.
namespace kintsugi::masters_checks {
namespace {

Side side_at(const Look& look, const OrganisationId& id) {
  const Organisation* one = look.directory.organisation(id);
  return one == nullptr ? Side::system : one->side;
}

bool is_role_of_people(Role role) {
  return side_of(role) != Side::system || role == Role::auditor;
}

void check_role(const Look& look, const Person& person, const RoleHeld& held, const std::string& below,
                Found& found) {
  const Organisation* at = look.directory.organisation(held.at);
  if (!is_role_of_people(held.role))
    return found.add(below + "/role", fmt::format("{} は人の役割ではありません", name_of(held.role)),
                     fmt::format("{} is no role of a person", name_of(held.role)));
  if (at == nullptr)
    return found.add(below + "/at", fmt::format("組織 {} はありません", held.at.text()),
                     fmt::format("there is no organisation {}", held.at.text()));
  if (held.until != Instant{} && held.until < held.from)
    found.add(below + "/until", "開始より前に終わっています", "ends before it begins");
  if (held.role == Role::auditor) return;
  if (side_of(held.role) != at->side)
    return found.add(below + "/at", fmt::format("{} は反対側の役割です。その組織では持てません", name_of(held.role)),
                     fmt::format("{} is a role of the other side and cannot be held there", name_of(held.role)));
  if (held.at == person.employer) return;
  const bool vendor = side_at(look, person.employer) == Side::rsc;
  if (vendor && at->side == Side::hcf) {
    // The primary serviceman may be the vendor's; nobody else of the vendor acts for a hospital (F15).
    if (held.role != Role::hcf_psm)
      found.add(
          below + "/role",
          fmt::format("ベンダーの職員は病院の {} にはなれません。病院の職員を指定してください", name_of(held.role)),
          fmt::format("a vendor's employee cannot be a hospital's {}; name somebody of the hospital",
                      name_of(held.role)));
    return;
  }
  if (!held.appointed_agent)
    found.add(below + "/appointed_agent",
              "この組織の職員ではありません。書面で指名したのなら appointed_agent = true としてください",
              "is not employed there; if he was appointed in writing, say appointed_agent = true");
}

void check_deputy(const Look& look, const Person& person, const Deputy& deputy, const std::string& below,
                  Found& found) {
  const Person* other = look.directory.person(deputy.person);
  if (other == nullptr)
    found.add(below + "/person", fmt::format("代理人 {} は登録されていません", deputy.person.text()),
              fmt::format("there is no person {}", deputy.person.text()));
  else if (other->id == person.id)
    found.add(below + "/person", "本人は自分の代理人になれません", "nobody is his own deputy");
  else if (side_at(look, other->employer) != side_at(look, person.employer))
    found.add(below + "/person", "代理人は同じ側の人にしてください", "a deputy must be of the same side");
  if (deputy.from == Instant{} || deputy.until == Instant{})
    found.add(below + (deputy.from == Instant{} ? "/from" : "/until"), "代理には開始と終了の両方の日時が必要です",
              "a deputy needs both a beginning and an end");
  else if (deputy.until <= deputy.from)
    found.add(below + "/until", "開始より前に終わっています", "ends before it begins");
  const bool holds = std::ranges::any_of(person.roles, [&](const RoleHeld& held) {
    return held.role == deputy.role && held.at == deputy.at &&
           (held.until == Instant{} || held.until > std::max(deputy.from, held.from));
  });
  if (!holds)
    found.add(below + "/role",
              fmt::format("本人が {} を持っていないので、代理を立てられません", name_of(deputy.role)),
              fmt::format("he does not hold {} there, so nobody can stand in for it", name_of(deputy.role)));
}

}  // namespace

void check(const Look& look, const Person& one, Found& found) {
  if (look.directory.organisation(one.employer) == nullptr)
    found.add("/employer", fmt::format("勤務先 {} は登録されていません", one.employer.text()),
              fmt::format("there is no organisation {} that could employ him", one.employer.text()));
  demand_name(one.name, found);
  demand_mail(one.mail, "/mail", found);
  if (!one.mail.empty() && look.mails.count(lower(one.mail)) > 1)
    found.add("/mail", "このメールアドレスは別の人が使っています", "another person has this mail address");
  if (one.language != "ja" && one.language != "en")
    found.add("/language", "ja か en にしてください", "must be ja or en");
  for (std::size_t i = 0; i < one.roles.size(); ++i)
    check_role(look, one, one.roles[i], fmt::format("/roles/{}", i), found);
  for (std::size_t i = 0; i < one.deputies.size(); ++i)
    check_deputy(look, one, one.deputies[i], fmt::format("/deputies/{}", i), found);
}

void check_change(const Person& before, const Person& after, Found& found) {
  if (before.employer != after.employer)
    found.add("/employer", "勤務先は変えられません。退職として扱い、新しい勤務先で登録し直してください",
              "an employer does not change: report that he has left, and register him anew at the other");
}

void check(const Look& look, const Roster& one, Found& found) {
  if (look.directory.organisation(one.at) == nullptr)
    found.add("/at", fmt::format("組織 {} はありません", one.at.text()),
              fmt::format("there is no organisation {}", one.at.text()));
  found.add("", mistakes_in(one));
  for (std::size_t i = 0; i < one.layers.size(); ++i)
    for (std::size_t k = 0; k < one.layers[i].people.size(); ++k)
      if (const PersonId& id = one.layers[i].people[k]; look.directory.person(id) == nullptr)
        found.add(fmt::format("/layers/{}/people/{}", i, k),
                  fmt::format("{} という人は登録されていません", id.text()),
                  fmt::format("there is no person {}", id.text()));
}

void check_change(const Roster& before, const Roster& after, Found& found) {
  if (before.at != after.at)
    found.add("/at", "別の組織には移せません", "a roster does not move to another organisation");
}

void check(const Look& look, const Duty& one, Found& found) {
  const Person* person = look.directory.person(one.person);
  if (look.directory.organisation(one.at) == nullptr)
    found.add("/at", fmt::format("組織 {} はありません", one.at.text()),
              fmt::format("there is no organisation {}", one.at.text()));
  if (person == nullptr)
    found.add("/person", fmt::format("{} という人は登録されていません", one.person.text()),
              fmt::format("there is no person {}", one.person.text()));
  else if (person->employer != one.at &&
           std::ranges::none_of(person->roles, [&](const RoleHeld& held) { return held.at == one.at; }))
    found.add("/person", "この組織の職員でも、役割を持つ人でもありません",
              "neither works there nor holds a role there");
  if (one.until != Instant{} && one.until < one.from)
    found.add("/until", "開始より前に終わっています", "ends before it begins");
}

void check_change(const Duty& before, const Duty& after, Found& found) {
  if (before.at != after.at)
    found.add("/at", "当番の組織は変えられません。終了させて、別に作ってください",
              "a duty does not move to another organisation: end it and make another");
}

}  // namespace kintsugi::masters_checks
