#include "engine/masters/checks.h"

#include <algorithm>
#include <charconv>

// Organisations and their places, the doors, the devices behind them, contracts and policies.
namespace kintsugi::masters_checks {
namespace {

constexpr Duration shortest_window = 5min;
constexpr Duration longest_window = 24h;
constexpr int sessions_most = 20;

bool is_retired(Instant at, Instant now) {
  return at != Instant{} && at <= now;
}

void demand_zone(const std::string& zone, std::string_view below, Found& found) {
  if (zone.empty())
    return found.add(below, "時間帯を書いてください (例: Asia/Tokyo)", "give the time zone, such as Asia/Tokyo");
  Calendar calendar;
  calendar.zone = zone;
  for (const Mistake& one : mistakes_in(calendar))
    found.add(below, one.ja, one.en);
}

// host:port, as a gate dials it.
bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  int port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && port >= 1 && port <= 65535;
}

bool is_test_hospital(const Look& look, const OrganisationId& id) {
  const Organisation* one = look.directory.organisation(id);
  return one != nullptr && one->test_hospital;
}

// W43: what a test hospital stands behind cannot be a door that opens.
void demand_no_real_door(const AccessPoint& point, std::string_view below, Found& found) {
  if (point.kind == AccessPointKind::http)
    found.add(below, "試験用の病院は実在のアクセスポイントにつなげません。simulated か manual にしてください",
              "a test hospital can never reach a real access point: take a simulated or a manual one");
}

bool overlap(const Contract& a, const Contract& b) {
  const auto ends_before = [](const Contract& first, const Contract& second) {
    return first.until != Instant{} && first.until <= second.from;
  };
  const auto empty = [](const Contract& one) { return one.until != Instant{} && one.until <= one.from; };
  return !empty(a) && !empty(b) && !ends_before(a, b) && !ends_before(b, a);
}

}  // namespace

void check(const Look& look, const Organisation& one, Found& found) {
  if (one.side == Side::system)
    found.add("/side", "hcf (病院) か rsc (サービスセンター) にしてください",
              "must be hcf (a hospital) or rsc (a service centre)");
  demand_name(one.name, found);
  if (one.calendar.zone.empty())
    demand_zone(one.calendar.zone, "/calendar/zone", found);
  else
    found.add("/calendar", mistakes_in(one.calendar));
  demand_mail(one.duty_desk_mail, "/duty_desk_mail", found);
  if (one.test_hospital && one.side != Side::hcf)
    found.add("/test_hospital", "病院にだけ付けられます", "only a hospital can be one");
  const auto& policies = look.directory.policies();
  const auto policy = policies.find(std::pair(one.id, one.policy_version));
  if (one.policy_version != 0 && policy == policies.end())
    found.add("/policy_version", fmt::format("方針の版 {} がありません。先に作ってください", one.policy_version),
              fmt::format("there is no version {} of its policy; write it first", one.policy_version));
  else if (policy != policies.end() && policy->second.retired_at != Instant{})
    found.add("/policy_version",
              fmt::format("方針の版 {} は廃止されています。先に別の版を有効にしてください", one.policy_version),
              fmt::format("version {} of its policy is retired: first put another one in force", one.policy_version));
}

void check_change(const Organisation& before, const Organisation& after, Found& found) {
  if (before.side != after.side) found.add("/side", "側は変えられません", "a side does not change");
}

void check(const Look& look, const Site& one, Found& found) {
  if (look.directory.organisation(one.organisation) == nullptr)
    found.add("/organisation", fmt::format("組織 {} はありません", one.organisation.text()),
              fmt::format("there is no organisation {}", one.organisation.text()));
  demand_name(one.name, found);
  if (!one.zone.empty()) demand_zone(one.zone, "/zone", found);
  demand_mail(one.duty_desk_mail, "/duty_desk_mail", found);
}

void check_change(const Site& before, const Site& after, Found& found) {
  if (before.organisation != after.organisation)
    found.add("/organisation", "別の組織には移せません", "a site does not move to another organisation");
}

void check(const Look& look, const AccessPoint& one, Found& found) {
  if (look.directory.organisation(one.owner) == nullptr)
    found.add("/owner", fmt::format("組織 {} はありません", one.owner.text()),
              fmt::format("there is no organisation {}", one.owner.text()));
  if (one.kind == AccessPointKind::http && !one.url.starts_with("https://") && !one.url.starts_with("http://"))
    found.add("/url", "http のアクセスポイントには制御装置の URL を書いてください",
              "one of kind http needs its controller's URL");
  if (is_test_hospital(look, one.owner)) demand_no_real_door(one, "/kind", found);
}

void check_change(const AccessPoint& before, const AccessPoint& after, Found& found) {
  if (before.owner != after.owner)
    found.add("/owner", "持ち主は変えられません", "an access point does not change its owner");
}

void check(const Look& look, const Device& one, Found& found) {
  const Organisation* tenant = look.directory.organisation(one.tenant);
  if (tenant == nullptr || tenant->side != Side::hcf)
    found.add("/tenant", fmt::format("病院 {} はありません", one.tenant.text()),
              fmt::format("there is no hospital {}", one.tenant.text()));
  if (one.serial.empty()) found.add("/serial", "製造番号を書いてください", "give the serial number");
  if (look.serials.count(one.tenant.text() + "\n" + one.serial) > 1)
    found.add("/serial", "この病院の別の装置が同じ製造番号を持っています",
              "another device of this hospital has the same serial number");
  if (!one.address.empty() && !is_address(one.address))
    found.add("/address", "ホスト:ポート の形にしてください", "write it as host:port");
  if (is_retired(one.retired_at, look.now)) return;

  if (!one.access_point.empty()) {
    const AccessPoint* point = look.directory.access_point(one.access_point);
    if (point == nullptr || point->owner != one.tenant)
      found.add("/access_point",
                fmt::format("{} はこの病院のアクセスポイントではありません", one.access_point.text()),
                fmt::format("{} is no access point of this hospital", one.access_point.text()));
    else if (is_retired(point->retired_at, look.now))
      found.add("/access_point", "このアクセスポイントは廃止されています。別のものにしてください",
                "that access point is retired; take another");
    else if (tenant != nullptr && tenant->test_hospital)
      demand_no_real_door(*point, "/access_point", found);
  }
  if (!one.exit.empty()) {
    const AccessPoint* exit = look.directory.access_point(one.exit);
    const Organisation* owner = exit == nullptr ? nullptr : look.directory.organisation(exit->owner);
    const Contract* contract = look.directory.contract_of(one.id, look.now);
    if (owner == nullptr || owner->side != Side::rsc)
      found.add("/exit", fmt::format("{} はサービスセンターの出口ではありません", one.exit.text()),
                fmt::format("{} is no exit of a service centre", one.exit.text()));
    else if (contract != nullptr && contract->rsc != exit->owner)
      found.add("/exit", "この装置の契約相手ではないサービスセンターの出口です",
                "is the exit of another service centre than the one that has the contract");
    else if (is_retired(exit->retired_at, look.now))
      found.add("/exit", "この出口は廃止されています。別のものにしてください", "that exit is retired; take another");
    else if (tenant != nullptr && tenant->test_hospital)
      demand_no_real_door(*exit, "/exit", found);
  }
  if (!one.site.empty()) {
    const Site* site = look.directory.site(one.site);
    if (site == nullptr || site->organisation != one.tenant)
      found.add("/site", fmt::format("{} はこの病院の場所ではありません", one.site.text()),
                fmt::format("{} is no site of this hospital", one.site.text()));
    else if (is_retired(site->retired_at, look.now))
      found.add("/site", "この場所は廃止されています", "that site is retired");
  }
}

void check_change(const Device& before, const Device& after, Found& found) {
  if (before.tenant != after.tenant)
    found.add("/tenant", "別の病院には移せません。廃止して、移動先で登録し直してください",
              "a device does not move to another hospital: retire it and register it there");
}

void check(const Look& look, const Contract& one, Found& found) {
  const Organisation* tenant = look.directory.organisation(one.tenant);
  const Organisation* rsc = look.directory.organisation(one.rsc);
  if (tenant == nullptr || tenant->side != Side::hcf)
    found.add("/tenant", fmt::format("病院 {} はありません", one.tenant.text()),
              fmt::format("there is no hospital {}", one.tenant.text()));
  if (rsc == nullptr || rsc->side != Side::rsc)
    found.add("/rsc", fmt::format("サービスセンター {} はありません", one.rsc.text()),
              fmt::format("there is no service centre {}", one.rsc.text()));
  if (one.from == Instant{}) found.add("/from", "開始の日時を書いてください", "say when it begins");
  if (one.until != Instant{} && one.until < one.from)
    found.add("/until", "開始より前に終わっています", "ends before it begins");
  if (one.hours.zone.empty())
    demand_zone(one.hours.zone, "/hours/zone", found);
  else
    found.add("/hours", mistakes_in(one.hours));
  if (one.window_max < shortest_window || one.window_max > longest_window)
    found.add("/window_max", "5 分から 24 時間までにしてください", "must be between 5 minutes and 24 hours");
  if (one.sessions_max < 1 || one.sessions_max > sessions_most)
    found.add("/sessions_max", fmt::format("1 から {} までにしてください", sessions_most),
              fmt::format("must be between 1 and {}", sessions_most));
  if (one.onsite_within <= Duration{} || one.onsite_within > term_wall_max)
    found.add("/onsite_within", "正で一年以内の時間にしてください", "must be a time above zero and at most a year");
  if (one.is_proposed() && one.proposed_by != one.tenant && one.proposed_by != one.rsc)
    found.add("/proposed_by", "契約の当事者ではありません", "is neither of the two sides");
  if (!one.replaces.empty()) {
    const Contract* old = look.directory.contract(one.replaces);
    if (old == nullptr || old->tenant != one.tenant || old->is_proposed() || old->id == one.id)
      found.add("/replaces", "置き換える契約がこの病院にありません", "this hospital has no such contract to replace");
  }
  if (one.until != Instant{} && one.until <= look.now) return;  // it is over, and its devices may go on

  if (one.devices.empty()) found.add("/devices", "装置を一台以上書いてください", "name at least one device");
  for (std::size_t i = 0; i < one.devices.size(); ++i) {
    const std::string below = fmt::format("/devices/{}", i);
    const DeviceId& id = one.devices[i];
    const Device* device = look.directory.device(id);
    if (device == nullptr || device->tenant != one.tenant) {
      found.add(below, fmt::format("{} はこの病院の装置ではありません", id.text()),
                fmt::format("{} is no device of this hospital", id.text()));
      continue;
    }
    if (is_retired(device->retired_at, look.now))
      found.add(below, fmt::format("{} は廃止されています。契約から外してください", id.text()),
                fmt::format("{} is retired; take it out of the contract", id.text()));
    if (std::ranges::find(one.devices, id) != one.devices.begin() + static_cast<std::ptrdiff_t>(i))
      found.add(below, fmt::format("{} が二度あります", id.text()), fmt::format("{} is named twice", id.text()));
    const auto [first, last] = look.contracts.equal_range(id);
    for (auto other = first; other != last; ++other)
      if (other->second->id != one.id && other->second->id != one.replaces && !other->second->is_proposed() &&
          overlap(one, *other->second))
        found.add(below, fmt::format("{} は同じ時期に契約 {} にも入っています", id.text(), other->second->id.text()),
                  fmt::format("{} is under contract {} at the same time", id.text(), other->second->id.text()));
  }
}

void check_change(const Contract& before, const Contract& after, Found& found) {
  if (before.is_proposed()) {
    if (before.tenant != after.tenant || before.rsc != after.rsc)
      found.add("", "当事者が違います。新しい契約として提案してください",
                "is between others: propose another contract");
    return;
  }
  Contract ended = before;
  ended.until = after.until;
  if (ended != after)
    found.add("", "双方が確認した契約は変えられません。replaces にこの契約を書いて、新しい契約を提案してください",
              "both sides have confirmed it, so it does not change: propose another with `replaces` naming it");
  else if (before.until != after.until &&
           (after.until == Instant{} || (before.until != Instant{} && after.until > before.until)))
    found.add("/until", "延長はできません。置き換える契約を提案してください",
              "it cannot be made longer: propose one that replaces it");
}

void check(const Look& look, const Policy& one, Found& found) {
  if (look.directory.organisation(one.tenant) == nullptr)
    found.add("/tenant", fmt::format("組織 {} はありません", one.tenant.text()),
              fmt::format("there is no organisation {}", one.tenant.text()));
  if (one.version < 1) found.add("/version", "版は 1 からです", "versions count from 1");
  found.add("", mistakes_in(one));
}

void check_change(const Policy& before, const Policy& after, Found& found) {
  Policy ended = before;
  if (before.retired_at == Instant{}) ended.retired_at = after.retired_at;
  if (ended != after)
    found.add("/version", "一度使われた版は変えられません。新しい版として書いてください",
              "a version does not change once it is written, because cases run under it: write a new one");
}

}  // namespace kintsugi::masters_checks
