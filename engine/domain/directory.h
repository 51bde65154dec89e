#pragma once

#include "engine/base/calendar.h"
#include "engine/base/quiet_hours.h"
#include "engine/domain/announcement.h"
#include "engine/domain/ids.h"
#include "engine/domain/policy.h"
#include "engine/domain/role.h"
#include "engine/domain/roster.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

// The masters: who and what exists. Values, loaded whole; a change makes a new Directory, so everything that
// decides reads one that stands still. Texts in two languages are `ja` and `en`.
namespace kintsugi {

struct Text {
  std::string ja;
  std::string en;
  auto operator<=>(const Text&) const = default;
  static constexpr auto fields() { return std::tuple{field("ja", &Text::ja), field("en", &Text::en)}; }
};

struct Organisation {
  OrganisationId id;
  Side side = Side::hcf;
  Text name;
  Calendar calendar;
  std::string duty_desk_mail;
  std::string duty_desk_phone;
  bool test_hospital = false;  // W43: may never reach a real access point
  int policy_version = 0;      // which policy of this organisation is in force; 0 is the built-in default
  QuietHours quiet;            // of its duty desk, and of its people who have none of their own
  auto operator<=>(const Organisation&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Organisation::id),
                      field("side", &Organisation::side),
                      field("name", &Organisation::name),
                      field("calendar", &Organisation::calendar),
                      field("duty_desk_mail", &Organisation::duty_desk_mail),
                      field("duty_desk_phone", &Organisation::duty_desk_phone),
                      field("test_hospital", &Organisation::test_hospital),
                      field("policy_version", &Organisation::policy_version),
                      field("quiet", &Organisation::quiet)};
  }
};

// One place of an organisation: a campus, a branch. Devices stand at a site, and what belongs to a place (who is rung
// there, which civil time its clocks show) is the site's if it says so and the organisation's if it does not.
struct Site {
  SiteId id;
  OrganisationId organisation;
  Text name;
  Text address;      // for whoever drives there
  std::string zone;  // IANA name; empty: the organisation's
  std::string duty_desk_mail;
  std::string duty_desk_phone;
  Instant retired_at{};  // from here on nothing may stand there
  auto operator<=>(const Site&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Site::id),
                      field("organisation", &Site::organisation),
                      field("name", &Site::name),
                      field("address", &Site::address),
                      field("zone", &Site::zone),
                      field("duty_desk_mail", &Site::duty_desk_mail),
                      field("duty_desk_phone", &Site::duty_desk_phone),
                      field("retired_at", &Site::retired_at)};
  }
};

// One role of a person, for a stretch of time. `at` is the hospital (or the RSC) where it is held.
struct RoleHeld {
  Role role = Role::none;
  OrganisationId at;
  Instant from{};
  Instant until{};               // empty: no end
  bool appointed_agent = false;  // not employed by the hospital, but appointed by it in writing (F15, F50)
  auto operator<=>(const RoleHeld&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("role", &RoleHeld::role), field("at", &RoleHeld::at), field("from", &RoleHeld::from),
                      field("until", &RoleHeld::until), field("appointed_agent", &RoleHeld::appointed_agent)};
  }
};

// `person` stands in for somebody of the same side while the dates hold (2.3: named and dated).
struct Deputy {
  PersonId person;
  Role role = Role::none;
  OrganisationId at;
  Instant from{};
  Instant until{};  // both are needed
  auto operator<=>(const Deputy&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("person", &Deputy::person), field("role", &Deputy::role), field("at", &Deputy::at),
                      field("from", &Deputy::from), field("until", &Deputy::until)};
  }
};

struct Person {
  PersonId id;
  Text name;
  OrganisationId employer;
  std::string mail;
  std::string phone;
  std::string language = "ja";
  std::vector<RoleHeld> roles;
  std::vector<Deputy> deputies;  // who may stand in for this person
  // The worker register: without these a person cannot be named in a connection request (F14).
  Instant pledge_until{};    // 守秘義務: confidentiality pledge valid until
  Instant training_until{};  // training valid until
  std::vector<std::string> product_lines;
  std::string country;
  Instant left_at{};  // leaver's report: from here on no rights at all (RA34)
  QuietHours quiet;
  auto operator<=>(const Person&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Person::id),
                      field("name", &Person::name),
                      field("employer", &Person::employer),
                      field("mail", &Person::mail),
                      field("phone", &Person::phone),
                      field("language", &Person::language),
                      field("roles", &Person::roles),
                      field("deputies", &Person::deputies),
                      field("pledge_until", &Person::pledge_until),
                      field("training_until", &Person::training_until),
                      field("product_lines", &Person::product_lines),
                      field("country", &Person::country),
                      field("left_at", &Person::left_at),
                      field("quiet", &Person::quiet)};
  }
};

enum class AccessPointKind { manual, http, simulated };
constexpr auto names_of(AccessPointKind) {
  return names<AccessPointKind>({{AccessPointKind::manual, "manual"},
                                 {AccessPointKind::http, "http"},
                                 {AccessPointKind::simulated, "simulated"}});
}

// Site 3 of the figure: the switch of the hospital (or site 5, the RSC exit, when `owner` is an RSC).
struct AccessPoint {
  AccessPointId id;
  OrganisationId owner;
  AccessPointKind kind = AccessPointKind::manual;
  std::string url;  // http: the controller that answers H01 to H06
  std::string maker_model;
  std::string firmware;
  Instant retired_at{};  // from here on no device may stand behind it
  auto operator<=>(const AccessPoint&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &AccessPoint::id),
                      field("owner", &AccessPoint::owner),
                      field("kind", &AccessPoint::kind),
                      field("url", &AccessPoint::url),
                      field("maker_model", &AccessPoint::maker_model),
                      field("firmware", &AccessPoint::firmware),
                      field("retired_at", &AccessPoint::retired_at)};
  }
};

struct Device {
  DeviceId id;
  OrganisationId tenant;  // the hospital it stands in
  std::string serial;
  std::string udi;
  std::string model;
  std::string product_line;
  Text nickname;  // what mails call it
  std::string location;
  AccessPointId access_point;  // the hospital's
  AccessPointId exit;          // the RSC's
  std::string address;         // host:port behind the access point
  SiteId site;                 // of the hospital; empty: it has only one
  Instant retired_at{};        // from here on no contract covers it
  auto operator<=>(const Device&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Device::id),
                      field("tenant", &Device::tenant),
                      field("serial", &Device::serial),
                      field("udi", &Device::udi),
                      field("model", &Device::model),
                      field("product_line", &Device::product_line),
                      field("nickname", &Device::nickname),
                      field("location", &Device::location),
                      field("access_point", &Device::access_point),
                      field("exit", &Device::exit),
                      field("address", &Device::address),
                      field("site", &Device::site),
                      field("retired_at", &Device::retired_at)};
  }
};

// Which RSC serves which devices of which hospital, when, and within which bounds. A vendor's people see only
// cases under their own contracts. It takes both sides: what one has proposed is in force for nobody until the other
// has confirmed it, and what has been confirmed is not changed but replaced or ended.
struct Contract {
  ContractId id;
  OrganisationId tenant;
  OrganisationId rsc;
  std::vector<DeviceId> devices;
  Instant from{};
  Instant until{};  // empty: no end
  Calendar hours;   // when the RSC answers; ignored if `around_the_clock`
  bool around_the_clock = false;
  Duration window_max = 4h;     // longest window of one request
  int sessions_max = 3;         // connections under one approval (F92)
  Duration onsite_within = 4h;  // T_ONSITE of this contract
  OrganisationId proposed_by;   // the side that waits for the other's word; empty: confirmed by both
  ContractId replaces;          // ends when this one is confirmed and begins
  bool is_proposed() const { return !proposed_by.empty(); }
  auto operator<=>(const Contract&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Contract::id),
                      field("tenant", &Contract::tenant),
                      field("rsc", &Contract::rsc),
                      field("devices", &Contract::devices),
                      field("from", &Contract::from),
                      field("until", &Contract::until),
                      field("hours", &Contract::hours),
                      field("around_the_clock", &Contract::around_the_clock),
                      field("window_max", &Contract::window_max),
                      field("sessions_max", &Contract::sessions_max),
                      field("onsite_within", &Contract::onsite_within),
                      field("proposed_by", &Contract::proposed_by),
                      field("replaces", &Contract::replaces)};
  }
};

// Where an organisation wants to be told of changes of the cases that it may see (docs/api/webhooks.md).
struct Webhook {
  WebhookId id;
  OrganisationId owner;
  std::string url;                  // https; plain http only to this machine
  std::vector<CaseChange> changes;  // empty: every one
  bool enabled = true;
  Instant gone_at{};  // it answered 410 Gone then: nothing is sent until somebody enables it again
  bool wants(CaseChange change) const {
    return enabled && gone_at == Instant{} && (changes.empty() || std::ranges::count(changes, change) > 0);
  }
  auto operator<=>(const Webhook&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Webhook::id),           field("owner", &Webhook::owner),
                      field("url", &Webhook::url),         field("changes", &Webhook::changes),
                      field("enabled", &Webhook::enabled), field("gone_at", &Webhook::gone_at)};
  }
};

// Another system that reports faults of one hospital's devices with a token of its own (docs/api/compat.md). The
// labels say which of an alert's labels mean what.
struct Integration {
  IntegrationId id;
  OrganisationId tenant;
  Text name;
  bool enabled = true;
  std::string device_label = "device";  // a device's id
  std::string serial_label = "serial";  // or its serial number
  std::string code_label = "alertname";
  std::string severity_label = "severity";
  auto operator<=>(const Integration&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Integration::id),
                      field("tenant", &Integration::tenant),
                      field("name", &Integration::name),
                      field("enabled", &Integration::enabled),
                      field("device_label", &Integration::device_label),
                      field("serial_label", &Integration::serial_label),
                      field("code_label", &Integration::code_label),
                      field("severity_label", &Integration::severity_label)};
  }
};

// Everything above at one moment, with the questions that rules ask of it. Immutable once shared between threads.
// A null pointer or an empty list means "there is none"; pointers live as long as the Directory.
class Directory {
 public:
  void put(Organisation one);
  void put(Site one);
  void put(Person one);
  void put(AccessPoint one);
  void put(Device one);
  void put(Contract one);
  void put(Roster one);
  void put(Duty one);  // in place of the one with its id
  void put(Webhook one);
  void put(Integration one);
  void put(Policy one);  // by tenant and version

  const Organisation* organisation(const OrganisationId& id) const;
  const Site* site(const SiteId& id) const;
  const Person* person(const PersonId& id) const;
  const AccessPoint* access_point(const AccessPointId& id) const;
  const Device* device(const DeviceId& id) const;
  const Contract* contract(const ContractId& id) const;
  const Duty* duty(const DutyId& id) const;
  const Webhook* webhook(const WebhookId& id) const;
  const Integration* integration(const IntegrationId& id) const;
  // The contract under which this device is served at this time; never one that is only proposed.
  const Contract* contract_of(const DeviceId& id, Instant at) const;
  const Device* device_by_serial(const OrganisationId& tenant, std::string_view serial) const;
  const Person* person_by_mail(std::string_view mail) const;

  // The policy in force for this hospital, and an older version of it. Never null: the default is version 0.
  const Policy& policy_of(const OrganisationId& tenant) const;
  const Policy& policy_of(const OrganisationId& tenant, int version) const;

  // The roles this person may use at this organisation at this time, own ones first, then those he stands in
  // for as a deputy. None after he has left, nor for somebody who has.
  std::vector<Role> roles_of(const Person& person, const OrganisationId& at, Instant when) const;
  // Whom he stands in for in this role, if he holds it only as a deputy.
  std::optional<PersonId> deputises_for(const Person& person, Role role, const OrganisationId& at,
                                        Instant when) const;
  // Does the hospital employ him, or has it appointed him in writing? (F15: vendor staff never fill an HCF slot.)
  bool belongs_to(const Person& person, Role role, const OrganisationId& at, Instant when) const;
  // Does he, in this role, stand for the hospital: belongs to it, or is its own person as a deputy?
  bool stands_for(const Person& person, Role role, const OrganisationId& at, Instant when) const;
  // Everybody who holds the role there now, leavers excluded, deputies included, by id.
  std::vector<PersonId> holders(Role role, const OrganisationId& at, Instant when) const;
  const std::map<OrganisationId, Organisation>& organisations() const { return organisations_; }
  const std::map<SiteId, Site>& sites() const { return sites_; }
  const std::map<PersonId, Person>& people() const { return people_; }
  const std::map<DeviceId, Device>& devices() const { return devices_; }
  const std::map<ContractId, Contract>& contracts() const { return contracts_; }
  const std::map<AccessPointId, AccessPoint>& access_points() const { return access_points_; }
  const std::map<std::pair<OrganisationId, int>, Policy>& policies() const { return policies_; }
  const std::map<RosterId, Roster>& rosters() const { return rosters_; }
  // Shifts of one organisation, in the order in which they were put.
  const std::vector<Duty>& duties_of(const OrganisationId& at) const;
  const std::map<WebhookId, Webhook>& webhooks() const { return webhooks_; }
  const std::map<IntegrationId, Integration>& integrations() const { return integrations_; }

 private:
  std::map<OrganisationId, Organisation> organisations_;
  std::map<SiteId, Site> sites_;
  std::map<PersonId, Person> people_;
  std::map<AccessPointId, AccessPoint> access_points_;
  std::map<DeviceId, Device> devices_;
  std::map<ContractId, Contract> contracts_;
  std::map<WebhookId, Webhook> webhooks_;
  std::map<IntegrationId, Integration> integrations_;
  std::map<DeviceId, std::vector<ContractId>> contracts_by_device_;
  std::map<std::string, DeviceId, std::less<>> devices_by_serial_;  // tenant + '\n' + serial
  std::map<std::string, PersonId, std::less<>> people_by_mail_;
  std::map<OrganisationId, std::vector<PersonId>> people_at_;  // who holds or may stand in for a role there
  std::map<RosterId, Roster> rosters_;
  std::map<OrganisationId, std::vector<Duty>> duties_;
  std::map<std::pair<OrganisationId, int>, Policy> policies_;
};

// Written and read in directory.cpp; to instantiate them takes a compiler seconds.
extern template void write_json(std::string&, const Organisation&);
extern template Result<> read_json(const Json&, Organisation&, const std::string&);
extern template void write_json(std::string&, const Site&);
extern template Result<> read_json(const Json&, Site&, const std::string&);
extern template void write_json(std::string&, const Person&);
extern template Result<> read_json(const Json&, Person&, const std::string&);
extern template void write_json(std::string&, const AccessPoint&);
extern template Result<> read_json(const Json&, AccessPoint&, const std::string&);
extern template void write_json(std::string&, const Device&);
extern template Result<> read_json(const Json&, Device&, const std::string&);
extern template void write_json(std::string&, const Contract&);
extern template Result<> read_json(const Json&, Contract&, const std::string&);
extern template void write_json(std::string&, const Roster&);
extern template Result<> read_json(const Json&, Roster&, const std::string&);
extern template void write_json(std::string&, const Duty&);
extern template Result<> read_json(const Json&, Duty&, const std::string&);
extern template void write_json(std::string&, const Webhook&);
extern template Result<> read_json(const Json&, Webhook&, const std::string&);
extern template void write_json(std::string&, const Integration&);
extern template Result<> read_json(const Json&, Integration&, const std::string&);

}  // namespace kintsugi
