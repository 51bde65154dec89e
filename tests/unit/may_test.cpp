#include "engine/domain/may.h"

#include "tests/support/places.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

// Who may do what beside events: the table, and what it means.
namespace kintsugi::testing {
namespace {

const Instant now = *instant_from("2026-03-04T12:00:00Z");

struct Town {
  Directory directory;
  Town() {
    for (const Master& one : world()) {
      if (one.kind == "organisation") directory.put(*from_json_text<Organisation>(one.body));
      if (one.kind == "person") directory.put(*from_json_text<Person>(one.body));
      if (one.kind == "device") directory.put(*from_json_text<Device>(one.body));
      if (one.kind == "access_point") directory.put(*from_json_text<AccessPoint>(one.body));
    }
  }
  Actor as(const char* nick) const {
    const Person& one = *directory.person(person(nick));
    return {.id = one.id.text(), .kind = Role::none, .person = one.id, .org = one.employer, .auth = "pwd+otp"};
  }
  Permission ask(const char* nick, Act act, const Matter& matter) const {
    return may(directory, as(nick), act, matter, now);
  }
  Matter of(const char* nick) const { return matter_of(directory, *directory.person(person(nick))); }
  Matter house(const char* nick) const { return matter_of(directory, organisation(nick)); }
  static Matter fault() {
    return {.tenant = organisation("midori"), .rsc = organisation("alpha"), .device = device("ct-1")};
  }
};

std::string join(const std::vector<std::string>& words) {
  return words.empty() ? "–" : fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

TEST_CASE("docs/rules.md prints the table of authority as it is, one row for each act", "[domain][may]") {
  std::ifstream in(std::string(source_directory) + "/docs/rules.md");
  std::ostringstream text;
  text << in.rdbuf();
  const std::string page = text.str();
  CHECK(authority().size() == names_of(Act{}).size());
  for (const auto& [act, name] : names_of(Act{})) {
    CAPTURE(name);
    const auto row = std::ranges::find(authority(), act, &AuthorityRow::act);
    REQUIRE(row != authority().end());
    std::vector<std::string> standings, roles;
    for (const Standing one : row->standings)
      standings.emplace_back(name_of(one));
    for (const Role one : row->roles)
      roles.push_back(fmt::format("`{}`", name_of(one)));
    const std::string own = row->own_people ? " (own people)" : "";
    CHECK(page.find(fmt::format("| `{}` | {} | {}{} |\n", name, join(standings), join(roles), own)) !=
          std::string::npos);
  }
}

TEST_CASE("each side administers its own people, and nobody another side's", "[domain][may]") {
  const Town town;
  CHECK(town.ask("sato", Act::administer_person, town.of("suzuki")).as == Role::hcf_sysadm);
  CHECK(town.ask("hara", Act::administer_person, town.of("abe")).as == Role::rsc_mgr);
  CHECK_FALSE(town.ask("sato", Act::administer_person, town.of("abe")));
  CHECK_FALSE(town.ask("hara", Act::administer_person, town.of("suzuki")));
  CHECK_FALSE(town.ask("endo", Act::administer_person, town.of("suzuki")));
  // A vendor's man with a role at the hospital stays the vendor's to administer.
  CHECK(town.ask("hara", Act::administer_person, town.of("vendor_psm")));
  CHECK_FALSE(town.ask("sato", Act::administer_person, town.of("vendor_psm")));
  const Permission refused = town.ask("tanaka", Act::administer_person, town.of("suzuki"));
  CHECK_FALSE(refused);
  CHECK(refused.instead == roles_for(Act::administer_person));
  CHECK(town.ask("tanaka", Act::read_person, town.of("tanaka")));
  CHECK_FALSE(town.ask("tanaka", Act::read_person, town.of("suzuki")));
}

TEST_CASE("a case is seen by both its houses, its device and nobody else", "[domain][may]") {
  const Town town;
  for (const char* nick : {"tanaka", "sato", "abe", "hara", "vendor_psm"})
    CHECK(town.ask(nick, Act::read_case, Town::fault()));
  for (const char* nick : {"endo", "watanabe"})
    CHECK_FALSE(town.ask(nick, Act::read_case, Town::fault()));
  const auto machine = [&](const char* nick) {
    const Actor one{.id = device(nick).text(), .kind = Role::device, .org = organisation("midori"), .auth = "token"};
    return may(town.directory, one, Act::read_case, Town::fault(), now).granted;
  };
  CHECK(machine("ct-1"));
  CHECK_FALSE(machine("mr-2"));
  CHECK_FALSE(town.ask("tanaka", Act::redrive, Town::fault()));
  CHECK(town.ask("ono", Act::redrive, Town::fault()).as == Role::rsc_netadm);
  CHECK(town.ask("suzuki", Act::redrive, Town::fault()).as == Role::hcf_netadm);
  CHECK_FALSE(town.ask("endo", Act::redrive, Town::fault()));
}

TEST_CASE("patient data is for the hospital's own people in the roles named, and for no vendor's man in such a role",
          "[domain][may]") {
  const Town town;
  const auto may_all = [&](const char* nick, std::initializer_list<Act> acts) {
    return std::ranges::all_of(acts, [&](Act act) { return town.ask(nick, act, Town::fault()).granted; });
  };
  for (const char* nick : {"mori", "sato", "tanaka"})
    CHECK(may_all(nick, {Act::read_unjudged, Act::read_patient_data}));
  for (const char* nick : {"suzuki", "kato", "yamada"}) {
    CHECK(may_all(nick, {Act::read_patient_data}));
    CHECK_FALSE(may_all(nick, {Act::read_unjudged}));
  }
  for (const char* nick : {"vendor_psm", "ito", "abe", "hara", "ono", "endo", "watanabe"}) {
    CAPTURE(nick);
    CHECK_FALSE(town.ask(nick, Act::read_unjudged, Town::fault()));
    CHECK_FALSE(town.ask(nick, Act::read_patient_data, Town::fault()));
  }
  CHECK(town.ask("vendor_psm", Act::redrive, Town::fault()).as == Role::hcf_sysadm);  // his role counts elsewhere
}

TEST_CASE("whoever has left may do nothing, and whoever stands in may do the other's part", "[domain][may]") {
  Town town;
  Person sato = *town.directory.person(person("sato"));
  sato.deputies.push_back({.person = person("kato"),
                           .role = Role::hcf_sysadm,
                           .at = organisation("midori"),
                           .from = now - 1h,
                           .until = now + 1h});
  town.directory.put(sato);
  CHECK(town.ask("kato", Act::administer_person, town.of("suzuki")));
  CHECK_FALSE(may(town.directory, town.as("kato"), Act::administer_person, town.of("suzuki"), now + 1h));
  sato.left_at = now;
  town.directory.put(sato);
  CHECK_FALSE(town.ask("sato", Act::administer_person, town.of("suzuki")));
  CHECK_FALSE(town.ask("sato", Act::read_case, Town::fault()));
  CHECK_FALSE(town.ask("kato", Act::administer_person, town.of("suzuki")));
}

TEST_CASE("what belongs to no house is for those who run one, and strangers and machines get nothing",
          "[domain][may]") {
  const Town town;
  CHECK(town.ask("hara", Act::read_health, {}));
  CHECK(town.ask("suzuki", Act::read_health, {}));
  CHECK_FALSE(town.ask("tanaka", Act::read_health, {}));
  const Actor nobody{.id = "person_unknown", .kind = Role::none, .person = PersonId{"person_unknown"}};
  const Actor gate{.id = access_point_of("midori").text(), .kind = Role::sys, .org = organisation("midori")};
  const Actor engine{.id = "node-1", .kind = Role::sys};
  for (const AuthorityRow& row : authority()) {
    CAPTURE(name_of(row.act));
    CHECK_FALSE(may(town.directory, nobody, row.act, town.house("midori"), now));
    CHECK_FALSE(may(town.directory, gate, row.act, town.house("midori"), now));
    CHECK(may(town.directory, engine, row.act, town.house("midori"), now));
  }
}

}  // namespace kintsugi::testing
