#include "engine/base/ascii.h"
#include "engine/base/entropy.h"
#include "engine/masters/authority.h"

#include <algorithm>

namespace kintsugi {
namespace {

// Each member that was left out, as it stands; `except` names those that are his to say.
template <class T>
void keep_what_he_left_out(const T& before, T& after, std::initializer_list<std::string_view> except) {
  static const T fresh{};
  const auto member = [&](const auto& one) {
    if (std::ranges::count(except, one.name) == 0 && after.*one.at == fresh.*one.at) after.*one.at = before.*one.at;
  };
  std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
}

// Of a list with an `at` each: those elsewhere as they stand, those at his organisations as he wrote them.
template <class T, class IsHis>
void keep_those_elsewhere(const std::vector<T>& before, std::vector<T>& after, IsHis is_his) {
  std::vector<T> out;
  for (const T& one : before)
    if (!is_his(one.at)) out.push_back(one);
  for (const T& one : after)
    if (is_his(one.at) || !std::ranges::count(before, one)) out.push_back(one);
  if (std::ranges::is_permutation(out, before)) out = before;
  after = std::move(out);
}

class Completion {
 public:
  Completion(const Directory& directory, Masters written, const Proposer& who)
      : directory_(directory), out_(std::move(written)), who_(who) {
    if (const Person* person = directory.person(who.person)) home_ = directory.organisation(person->employer);
  }

  Masters done() {
    retire();
    name_owners();
    for_each_list([&](const auto& list) {
      for (auto& one : out_.*list.at)
        identify(one, list.prefix);
    });
    for (Person& one : out_.people)
      keep_the_others(one);
    for (Device& one : out_.devices)
      keep_the_others(one);
    for (Policy& one : out_.policies)
      number(one);
    const auto written = out_.contracts;  // ending what is replaced adds to the list
    for (const Contract& one : written)
      settle(one);
    return std::move(out_);
  }

 private:
  OrganisationId own(Side side) const {
    return home_ != nullptr && home_->side == side ? home_->id : OrganisationId{};
  }
  OrganisationId own() const { return home_ == nullptr ? OrganisationId{} : home_->id; }

  void name_owners() {
    const auto fill = [](OrganisationId& owner, const OrganisationId& with) {
      if (owner.empty()) owner = with;
    };
    for (Site& one : out_.sites)
      if (one.id.empty()) fill(one.organisation, own());
    for (Person& one : out_.people)
      if (one.id.empty()) fill(one.employer, own());
    for (AccessPoint& one : out_.access_points)
      if (one.id.empty()) fill(one.owner, own());
    for (Device& one : out_.devices)
      if (one.id.empty()) fill(one.tenant, own(Side::hcf));
    for (Roster& one : out_.rosters)
      if (one.id.empty()) fill(one.at, own());
    for (Duty& one : out_.duties)
      if (one.id.empty()) fill(one.at, own());
    for (Policy& one : out_.policies)
      fill(one.tenant, own());
    for (Contract& one : out_.contracts)
      if (one.id.empty()) {
        fill(one.tenant, own(Side::hcf));
        fill(one.rsc, own(Side::rsc));
      }
  }

  template <class T>
  void identify(T& one, std::string_view prefix) {
    if (!one.id.empty()) return;
    if (const T* same = known(one))
      one.id = same->id;
    else
      one.id = decltype(one.id){new_id_text(prefix.substr(0, prefix.size() - 1), who_.now, who_.chance, count_++)};
  }
  static void identify(Policy&, std::string_view) {}

  template <class T>
  const T* known(const T&) const {
    return nullptr;
  }
  const Person* known(const Person& one) const {
    return one.mail.empty() ? nullptr : directory_.person_by_mail(lower(one.mail));
  }
  const Device* known(const Device& one) const { return directory_.device_by_serial(one.tenant, one.serial); }
  const Duty* known(const Duty& one) const {
    const auto& duties = directory_.duties_of(one.at);
    const auto found = std::ranges::find_if(duties, [&](Duty duty) {
      duty.id = {};
      return duty == one;
    });
    return found == duties.end() ? nullptr : &*found;
  }

  void keep_the_others(Person& one) const {
    const Person* before = directory_.person(one.id);
    if (before == nullptr || administers(directory_, who_, before->employer)) return;
    keep_what_he_left_out(*before, one, {"roles", "deputies"});
    const auto is_his = [&](const OrganisationId& at) { return administers(directory_, who_, at); };
    keep_those_elsewhere(before->roles, one.roles, is_his);
    keep_those_elsewhere(before->deputies, one.deputies, is_his);
  }
  void keep_the_others(Device& one) const {
    const Device* before = directory_.device(one.id);
    if (before != nullptr && !administers(directory_, who_, before->tenant))
      keep_what_he_left_out(*before, one, {"exit"});
  }

  // What he wrote is meant for now: a text that differs from the one in force is the next version.
  void number(Policy& one) {
    const Organisation* hospital = directory_.organisation(one.tenant);
    if (hospital == nullptr) return;
    const Policy& in_force = directory_.policy_of(one.tenant);
    const int current = hospital->policy_version;
    if (one.version != 0 && (one.version != current || one.retired_at != Instant{})) return;
    Policy compared = in_force;
    compared.tenant = one.tenant;
    compared.version = one.version;
    if (compared == one) {
      one.version = current;
      return;
    }
    int newest = 0;
    for (const auto& [key, policy] : directory_.policies())
      if (key.first == one.tenant) newest = std::max(newest, key.second);
    one.version = newest + 1;
    const auto written = std::ranges::find(out_.organisations, one.tenant, &Organisation::id);
    if (written == out_.organisations.end()) {
      out_.organisations.push_back(*hospital);
      out_.organisations.back().policy_version = one.version;
    } else if (written->policy_version == current) {
      written->policy_version = one.version;
    }
  }

  void settle(const Contract& written) {
    const auto one = std::ranges::find(out_.contracts, written.id, &Contract::id);
    const Contract* before = directory_.contract(written.id);
    if (before == nullptr) {
      if (who_.at_the_machine || one->is_proposed()) return;
      one->proposed_by = administers(directory_, who_, one->tenant) ? one->tenant : own(Side::rsc);
      return;
    }
    const Contract* old = directory_.contract(written.replaces);
    if (!before->is_proposed() || written.is_proposed() || old == nullptr) return;
    Contract ended = *old;
    const Instant end = std::max(written.from, old->from);
    if (ended.until == Instant{} || ended.until > end) ended.until = end;
    if (!std::ranges::count(out_.contracts, old->id, &Contract::id)) out_.contracts.push_back(std::move(ended));
  }

  template <class T>
  bool retire_as(const std::string& id, std::vector<T>& list, void (*end)(T&, Instant)) {
    T key;
    key.id = decltype(key.id){id};
    auto written = std::ranges::find(list, key.id, &T::id);
    if (written == list.end()) {
      const T* before = stored(directory_, key);
      if (before == nullptr) return false;
      written = list.insert(list.end(), *before);
    }
    end(*written, who_.now);
    return true;
  }

  // `org_….3` is version 3; the organisation alone is the version in force, which the rules then refuse.
  bool retire_policy(const std::string& id) {
    const auto dot = id.find('.');
    const OrganisationId tenant{id.substr(0, dot)};
    const Organisation* organisation = directory_.organisation(tenant);
    if (organisation == nullptr) return false;
    for (const auto& [key, policy] : directory_.policies()) {
      if (key.first != tenant) continue;
      const bool named = dot == std::string::npos ? key.second == organisation->policy_version : id_of(policy) == id;
      if (!named) continue;
      Policy ended = policy;
      if (ended.retired_at == Instant{}) ended.retired_at = who_.now;
      out_.policies.push_back(std::move(ended));
      return true;
    }
    return false;
  }

  void retire() {
    std::erase_if(out_.retire, [&](const std::string& id) {
      const auto on = [](auto& one, Instant now) {
        if (one.retired_at == Instant{}) one.retired_at = now;
      };
      const auto over = [](auto& one, Instant now) {
        const Instant end = std::max(now, one.from);
        if (one.until == Instant{} || one.until > end) one.until = end;
      };
      if (id.starts_with("org_")) return retire_policy(id);
      if (id.starts_with("site_")) return retire_as<Site>(id, out_.sites, on);
      if (id.starts_with("ap_")) return retire_as<AccessPoint>(id, out_.access_points, on);
      if (id.starts_with("device_")) return retire_as<Device>(id, out_.devices, on);
      if (id.starts_with("contract_")) return retire_as<Contract>(id, out_.contracts, over);
      if (id.starts_with("duty_")) return retire_as<Duty>(id, out_.duties, over);
      if (id.starts_with("person_"))
        return retire_as<Person>(id, out_.people, [](Person& one, Instant now) {
          if (one.left_at == Instant{} || one.left_at > now) one.left_at = now;
        });
      return false;
    });
  }

  const Directory& directory_;
  Masters out_;
  const Proposer& who_;
  const Organisation* home_ = nullptr;  // whom he works for
  unsigned count_ = 0;
};

}  // namespace

Masters complete(const Directory& directory, Masters written, const Proposer& who) {
  return Completion(directory, std::move(written), who).done();
}

}  // namespace kintsugi
