#include "engine/masters/authority.h"
#include "engine/masters/difference.h"
#include "engine/masters/mistakes.h"
#include "engine/masters/sight.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>

#include <algorithm>

// The registry's rules: what may stand, who may change it, what he may see, what a change alters.
namespace kintsugi::testing {
namespace {

const Instant now = *instant_from("2026-03-04T09:00:00Z");
const Instant later = now + 24h;

Directory world_directory() {
  Directory out;
  for (const Master& one : world()) {
    if (one.kind == "organisation") out.put(*from_json_text<Organisation>(one.body));
    if (one.kind == "person") out.put(*from_json_text<Person>(one.body));
    if (one.kind == "access_point") out.put(*from_json_text<AccessPoint>(one.body));
    if (one.kind == "device") out.put(*from_json_text<Device>(one.body));
    if (one.kind == "contract") out.put(*from_json_text<Contract>(one.body));
    if (one.kind == "duty") out.put(*from_json_text<Duty>(one.body));
  }
  return out;
}

Proposer as(const char* nick) {
  Proposer out;
  out.person = person(nick);
  out.now = now;
  return out;
}

// The places of the mistakes, in the order in which they are told.
std::vector<std::string> places(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> out;
  for (const Mistake& one : mistakes) {
    CHECK_FALSE(one.ja.empty());
    CHECK_FALSE(one.en.empty());
    out.push_back(one.place);
  }
  return out;
}
bool has(const std::vector<Mistake>& mistakes, const std::string& place) {
  return std::ranges::any_of(mistakes, [&](const Mistake& one) { return one.place == place; });
}

const Contract& midori_contract(const Directory& directory) {
  return *directory.contract_of(device("ct-1"), now);
}

}  // namespace

TEST_CASE("a world that stands may be put in its own place", "[masters]") {
  const Directory directory = world_directory();
  Masters all = all_of(directory);
  // One person of this world is a vendor's and holds a hospital's slot, which the rules of approval refuse him.
  CHECK(places(mistakes_in(directory, all, now)).size() == 1);
  std::erase_if(all.people, [](const Person& one) { return one.id == person("vendor_psm"); });
  CHECK(places(mistakes_in(directory, all, now)).empty());
  CHECK(without_unchanged(directory, all).empty());
}

TEST_CASE("every mistake of a change is told at once with its place", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  Device astray = *directory.device(device("ct-1"));
  astray.access_point = access_point_of("aoba");
  astray.exit = access_point_of("midori");
  astray.address = "nowhere";
  astray.serial = "SN-mr-2";
  change.devices = {astray};
  Person sato = *directory.person(person("sato"));
  sato.mail = "Sato@midori.example";
  sato.roles.push_back({.role = Role::rsc_svc, .at = organisation("midori"), .from = now});
  sato.deputies.push_back(
      {.person = person("suzuki"), .role = Role::hcf_sysadm, .at = organisation("midori"), .from = now});
  Person abe = *directory.person(person("abe"));
  abe.mail = "no address";
  abe.roles.push_back({.role = Role::hcf_netadm, .at = organisation("midori"), .from = now});
  Person lost = *directory.person(person("ito"));
  lost.employer = OrganisationId{"org_00000000000000000000000000"};
  change.people = {sato, abe, lost};
  Organisation hospital = *directory.organisation(organisation("midori"));
  hospital.calendar.zone = "";
  hospital.policy_version = 7;
  change.organisations = {hospital};
  Policy wrong;
  wrong.tenant = organisation("midori");
  wrong.version = 1;
  wrong.slots = {Role::hcf_sysadm};
  change.policies = {wrong};

  const auto mistakes = mistakes_in(directory, change, now);
  for (const char* place : {"/devices/0/access_point", "/devices/0/exit", "/devices/0/address", "/devices/0/serial",
                            "/people/0/mail", "/people/0/roles/1/at", "/people/0/deputies/0/until", "/people/1/mail",
                            "/people/1/roles/1/role", "/people/2/employer", "/organisations/0/calendar/zone",
                            "/organisations/0/policy_version", "/policies/0/slots"})
    CHECK(has(mistakes, place));
}

TEST_CASE("two people cannot share a mail address, nor two devices of a hospital a serial number", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  Person twin = *directory.person(person("tanaka"));
  twin.mail = "sato@midori.example";
  change.people = {twin};
  CHECK(has(mistakes_in(directory, change, now), "/people/0/mail"));
  Device other = *directory.device(device("us-9"));
  other.serial = "SN-ct-1";  // of another hospital: a serial number counts where the device stands
  Masters devices;
  devices.devices = {other};
  CHECK(places(mistakes_in(directory, devices, now)).empty());
}

TEST_CASE("a device is under one contract at a time", "[masters]") {
  const Directory directory = world_directory();
  Contract second = midori_contract(directory);
  second.id = ContractId{"contract_00000000000000000000000002"};
  second.devices = {device("ct-1"), device("us-9")};
  Masters change;
  change.contracts = {second};
  const auto mistakes = mistakes_in(directory, change, now);
  CHECK(has(mistakes, "/contracts/0/devices/0"));  // under another contract
  CHECK(has(mistakes, "/contracts/0/devices/1"));  // another hospital's

  SECTION("but it may follow on one that ends") {
    second.devices = {device("ct-1")};
    second.from = later;
    Contract first = midori_contract(directory);
    first.until = later;
    change.contracts = {first, second};
    CHECK(places(mistakes_in(directory, change, now)).empty());
  }
}

TEST_CASE("what a change spoils elsewhere is its mistake, what was spoilt before is not", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  AccessPoint door = *directory.access_point(access_point_of("midori"));
  door.retired_at = now;
  change.access_points = {door};
  const auto mistakes = mistakes_in(directory, change, now);
  CHECK(has(mistakes, "/devices/" + device("ct-1").text() + "/access_point"));
  CHECK(has(mistakes, "/devices/" + device("mr-2").text() + "/access_point"));
  CHECK(mistakes.size() == 2);  // not the vendor's man in a slot of the hospital, who was there before
}

TEST_CASE("a test hospital stands behind no real access point", "[masters]") {
  Directory directory = world_directory();
  Organisation hospital = *directory.organisation(organisation("aoba"));
  hospital.test_hospital = true;
  directory.put(hospital);
  AccessPoint door = *directory.access_point(access_point_of("aoba"));
  door.kind = AccessPointKind::http;
  door.url = "https://gate.aoba.example";
  Masters change;
  change.access_points = {door};
  const auto mistakes = mistakes_in(directory, change, now);
  CHECK(has(mistakes, "/access_points/0/kind"));
  CHECK(has(mistakes, "/devices/" + device("us-9").text() + "/access_point"));
}

TEST_CASE("nobody takes the last administrator away", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  Person sato = *directory.person(person("sato"));
  sato.left_at = now;
  change.people = {sato};
  CHECK(has(mistakes_in(directory, change, now), "/organisations/" + organisation("midori").text()));
}

TEST_CASE("each side administers its own", "[masters]") {
  const Directory directory = world_directory();
  const auto refused = [&](const char* nick, const Masters& change) {
    return places(not_his_in(directory, change, as(nick)));
  };
  Masters device_change;
  device_change.devices = {*directory.device(device("ct-1"))};
  device_change.devices[0].location = "B2";
  CHECK(refused("sato", device_change).empty());
  CHECK(refused("hara", device_change) == std::vector<std::string>{"/devices/0"});    // the vendor's manager
  CHECK(refused("endo", device_change) == std::vector<std::string>{"/devices/0"});    // another hospital's
  CHECK(refused("suzuki", device_change) == std::vector<std::string>{"/devices/0"});  // keeps the network only
  CHECK(refused("vendor_psm", device_change) == std::vector<std::string>{"/devices/0"});

  SECTION("the centre names the exit of a device that it serves") {
    device_change.devices = {*directory.device(device("ct-1"))};
    device_change.devices[0].exit = {};
    CHECK(refused("hara", device_change).empty());
    CHECK(refused("watanabe", device_change) == std::vector<std::string>{"/devices/0/exit"});
  }
  SECTION("who keeps the network changes the door") {
    Masters door;
    door.access_points = {*directory.access_point(access_point_of("midori"))};
    door.access_points[0].firmware = "2";
    CHECK(refused("suzuki", door).empty());
    CHECK(refused("ono", door) == std::vector<std::string>{"/access_points/0"});
  }
  SECTION("a role is given by the organisation where it is held, the rest of a person by his employer") {
    Masters role;
    role.people = {*directory.person(person("vendor_psm"))};
    role.people[0].roles.pop_back();
    CHECK(refused("sato", role).empty());
    CHECK(refused("hara", role) == std::vector<std::string>{"/people/0/roles"});
    role.people = {*directory.person(person("vendor_psm"))};
    role.people[0].phone = "+81-3-9999-9999";
    CHECK(refused("sato", role) == std::vector<std::string>{"/people/0"});
    CHECK(refused("hara", role).empty());
  }
  SECTION("a new organisation comes with the operator") {
    Masters other;
    other.organisations = {*directory.organisation(organisation("midori"))};
    other.organisations[0].id = OrganisationId{"org_00000000000000000000000NEW"};
    CHECK(refused("sato", other) == std::vector<std::string>{"/organisations/0"});
    Proposer operator_at_machine;
    operator_at_machine.now = now;
    operator_at_machine.at_the_machine = true;
    CHECK(not_his_in(directory, other, operator_at_machine).empty());
  }
}

TEST_CASE("nobody who has nothing to say is told to be the operator", "[masters]") {
  const Directory directory = world_directory();
  CHECK_FALSE(administers(directory, Proposer{.person = {}, .now = now}, organisation("midori")));
}

TEST_CASE("a contract takes both sides", "[masters]") {
  Directory directory = world_directory();
  Contract wanted = midori_contract(directory);
  const ContractId old = wanted.id;
  wanted.id = {};
  wanted.replaces = old;
  wanted.from = later;
  wanted.sessions_max = 5;
  Masters written;
  written.contracts = {wanted};
  const Masters proposal = complete(directory, written, as("hara"));
  REQUIRE(proposal.contracts.size() == 1);
  CHECK(proposal.contracts[0].proposed_by == organisation("alpha"));
  CHECK(not_his_in(directory, proposal, as("hara")).empty());
  CHECK(places(mistakes_in(directory, proposal, now)).empty());
  directory.put(proposal.contracts[0]);
  CHECK(directory.contract_of(device("ct-1"), later)->id == old);  // it is in force for nobody yet

  Masters confirmed;
  confirmed.contracts = {proposal.contracts[0]};
  confirmed.contracts[0].proposed_by = {};
  CHECK_FALSE(not_his_in(directory, complete(directory, confirmed, as("hara")), as("hara")).empty());
  const Masters whole = complete(directory, confirmed, as("sato"));
  CHECK(not_his_in(directory, whole, as("sato")).empty());
  CHECK(places(mistakes_in(directory, whole, now)).empty());
  const Directory after = changed(directory, whole);
  CHECK(after.contract_of(device("ct-1"), now)->id == old);
  CHECK(after.contract_of(device("ct-1"), later)->id == proposal.contracts[0].id);

  SECTION("what is confirmed is not changed, only ended, and by the hospital") {
    Masters longer;
    longer.contracts = {midori_contract(directory)};
    longer.contracts[0].sessions_max = 9;
    CHECK(has(mistakes_in(directory, longer, now), "/contracts/0"));
    Masters ended;
    ended.contracts = {midori_contract(directory)};
    ended.contracts[0].until = later;
    CHECK(places(mistakes_in(directory, ended, now)).empty());
    CHECK(not_his_in(directory, ended, as("sato")).empty());
    CHECK_FALSE(not_his_in(directory, ended, as("hara")).empty());
  }
  SECTION("nobody confirms with another text") {
    confirmed.contracts[0].window_max = 23h;
    CHECK_FALSE(not_his_in(directory, complete(directory, confirmed, as("sato")), as("sato")).empty());
  }
}

TEST_CASE("a policy that differs becomes the next version and is put in force", "[masters]") {
  Directory directory = world_directory();
  Policy policy;
  policy.connect_attempts_max = 2;
  Masters written;
  written.policies = {policy};
  const Masters first = complete(directory, written, as("sato"));
  REQUIRE(first.policies.size() == 1);
  CHECK(first.policies[0].version == 1);
  CHECK(first.policies[0].tenant == organisation("midori"));
  REQUIRE(first.organisations.size() == 1);
  CHECK(first.organisations[0].policy_version == 1);
  const auto told = differences_of(directory, first, now);
  REQUIRE(told.size() == 2);
  CHECK(told[1].how == Difference::How::changed);
  CHECK(std::ranges::any_of(told[1].members, [](const MemberChange& one) {
    return one.member == "connect_attempts_max" && one.before == Json(3) && one.after == Json(2);
  }));

  directory = changed(directory, first);
  CHECK(without_unchanged(directory, complete(directory, first, as("sato"))).empty());
  Masters same;
  same.policies = {first.policies[0]};
  same.policies[0].version = 0;
  CHECK(without_unchanged(directory, complete(directory, same, as("sato"))).empty());
  same.policies[0].version = 1;
  same.policies[0].connect_attempts_max = 4;
  CHECK(complete(directory, same, as("sato")).policies[0].version == 2);
}

TEST_CASE("a version of a policy that is not in force is retired, and is never put in force again", "[masters]") {
  Directory directory = world_directory();
  const auto write = [&](int attempts) {
    Masters written;
    written.policies.emplace_back();
    written.policies[0].connect_attempts_max = attempts;
    directory = changed(directory, complete(directory, written, as("sato")));
  };
  write(2);
  write(4);
  const std::string hospital = organisation("midori").text();
  const auto retired = [&](const std::string& id) {
    Masters written;
    written.retire = {id};
    return complete(directory, written, as("sato"));
  };
  SECTION("the older one") {
    const Masters change = retired(hospital + ".1");
    REQUIRE(change.policies.size() == 1);
    CHECK(change.policies[0].version == 1);
    CHECK(change.policies[0].retired_at == now);
    CHECK(not_his_in(directory, change, as("sato")).empty());
    CHECK_FALSE(not_his_in(directory, change, as("ono")).empty());
    CHECK(mistakes_in(directory, change, now).empty());
    CHECK(differences_of(directory, change, now).at(0).how == Difference::How::ended);
    directory = changed(directory, change);
    CHECK(directory.policy_of(organisation("midori"), 1).connect_attempts_max == 2);  // what ran under it stays
    Masters back;
    back.organisations = {*directory.organisation(organisation("midori"))};
    back.organisations[0].policy_version = 1;
    CHECK(has(mistakes_in(directory, back, now), "/organisations/0/policy_version"));
    Masters again = change;
    again.policies[0].retired_at = {};
    CHECK(has(mistakes_in(directory, again, now), "/policies/0/version"));
  }
  SECTION("not the one in force, by either name") {
    for (const std::string& id : {hospital, hospital + ".2"})
      CHECK(has(mistakes_in(directory, retired(id), now), "/organisations/" + hospital + "/policy_version"));
  }
  SECTION("not one that nobody has written") {
    for (const std::string& id : {hospital + ".0", hospital + ".7", hospital + ".x", std::string("org_nobody.1")})
      CHECK(has(mistakes_in(directory, retired(id), now), "/retire/0"));
  }
}

TEST_CASE("what somebody administers goes out and comes back without a change", "[masters]") {
  const Directory directory = world_directory();
  for (const char* nick : {"sato", "hara", "endo"}) {
    const Masters his = Sight(directory, person(nick), now).his();
    CHECK_FALSE(his.empty());
    const Json file = Json::parse(to_json_text(his));
    std::vector<Mistake> mistakes;
    const Masters read = read_masters(file, mistakes);
    CHECK(mistakes.empty());
    const Masters whole = complete(directory, read, as(nick));
    CHECK(not_his_in(directory, whole, as(nick)).empty());
    CHECK(without_unchanged(directory, whole).empty());
  }
  CHECK(Sight(directory, person("tanaka"), now).his().empty());
}

TEST_CASE("personal data is for who administers it, doors for who keeps them, and strangers see nothing",
          "[masters]") {
  const Directory directory = world_directory();
  const auto sees = [&](const char* nick) { return Sight(directory, person(nick), now); };
  const Person& abe = *directory.person(person("abe"));
  CHECK(sees("hara").of(abe)->mail == abe.mail);
  CHECK(sees("abe").of(abe)->phone == abe.phone);
  REQUIRE(sees("sato").of(abe));  // who may come into his hospital, and until when his pledge is good
  CHECK(sees("sato").of(abe)->mail.empty());
  CHECK(sees("sato").of(abe)->phone.empty());
  CHECK(sees("sato").of(abe)->pledge_until == abe.pledge_until);
  CHECK_FALSE(sees("watanabe").of(abe));
  const Device& ct = *directory.device(device("ct-1"));
  CHECK(sees("tanaka").of(ct)->address == ct.address);
  CHECK(sees("abe").of(ct)->address.empty());
  CHECK_FALSE(sees("endo").of(ct));
  CHECK_FALSE(sees("watanabe").of(ct));
  CHECK(sees("watanabe").all().contracts.empty());
  CHECK(sees("endo").all().devices.size() == 1);
}

TEST_CASE("what cannot be read is named with its place", "[masters]") {
  std::vector<Mistake> mistakes;
  const Json file = Json::parse(R"({"devices": [{"serial": 5}, {"colour": "red"}], "people": {}, "pets": []})");
  const Masters read = read_masters(file, mistakes);
  CHECK(places(mistakes) == std::vector<std::string>{"/pets", "/people", "/devices/0/serial", "/devices/1/colour"});
  CHECK(read.devices.size() == 2);  // places stay right
}

}  // namespace kintsugi::testing
