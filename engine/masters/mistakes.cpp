#include "engine/masters/mistakes.h"

#include "engine/base/ascii.h"
#include "engine/masters/checks.h"
#include "engine/on_call/gaps.h"

#include <algorithm>

namespace kintsugi {
namespace {

using namespace masters_checks;

// An organisation that somebody administered must not be left with nobody who can.
void demand_administrators(const Directory& before, const Directory& after, Instant now, std::vector<Mistake>& out) {
  for (const auto& [id, organisation] : after.organisations())
    if (!administrators_of(before, id, now).empty() && administrators_of(after, id, now).empty())
      out.push_back({"/organisations/" + id.text(),
                     fmt::format("管理者 ({}) がいなくなります。先に別の方を管理者にしてください",
                                 name_of(administering_role(organisation.side))),
                     fmt::format("nobody would administer it any more; first make somebody else its {}",
                                 name_of(administering_role(organisation.side)))});
}

// What the change would spoil in entries that it does not touch.
template <class T>
void check_untouched(const Look& before, const Look& after, const std::set<std::string>& touched,
                     std::string_view list, const T& one, std::vector<Mistake>& out) {
  const std::string id = id_of(one);
  if (touched.contains(id)) return;
  const std::string place = fmt::format("/{}/{}", list, id);
  std::vector<Mistake> old, now;
  Found found_old(place, old);
  Found found_now(place, now);
  check(before, one, found_old);
  check(after, one, found_now);
  for (Mistake& mistake : now)
    if (!std::ranges::count(old, mistake)) out.push_back(std::move(mistake));
}

}  // namespace

std::set<OrganisationId> whose_on_call(const Masters& change) {
  std::set<OrganisationId> out;
  const auto add = [&](const auto& list) {
    for (const auto& one : list)
      out.insert(owner_of(one));
  };
  add(change.organisations);
  add(change.people);
  add(change.rosters);
  add(change.duties);
  add(change.policies);
  return out;
}

Role administering_role(Side side) {
  return side == Side::rsc ? Role::rsc_mgr : Role::hcf_sysadm;
}

std::vector<PersonId> administrators_of(const Directory& directory, const OrganisationId& at, Instant now) {
  const Organisation* organisation = directory.organisation(at);
  if (organisation == nullptr) return {};
  const Role role = administering_role(organisation->side);
  std::vector<PersonId> out = directory.holders(role, at, now);
  std::erase_if(out, [&](const PersonId& id) {
    const Person* person = directory.person(id);
    return !directory.belongs_to(*person, role, at, now) || directory.deputises_for(*person, role, at, now);
  });
  return out;
}

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view domain = text.substr(at + 1);
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto local_char = [&](char c) {
    return plain(c) || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  };
  const auto domain_char = [&](char c) { return plain(c) || c == '.' || c == '-'; };
  return std::ranges::all_of(text.substr(0, at), local_char) && !domain.empty() &&
         std::ranges::all_of(domain, domain_char) && plain(domain.front()) && plain(domain.back()) &&
         domain.find('.') != std::string_view::npos && domain.find("..") == std::string_view::npos;
}

std::vector<Mistake> mistakes_in(const Directory& directory, const Masters& change, Instant now) {
  std::vector<Mistake> out;
  const Directory then = changed(directory, change);
  const Look before(directory, now);
  const Look after(then, now);
  const Masters everything = all_of(then);
  for_each_list([&](const auto& list) {
    std::set<std::string> touched;
    std::size_t i = 0;
    for (const auto& one : change.*list.at) {
      Found found(fmt::format("/{}/{}", list.name, i++), out);
      const std::string id = id_of(one);
      if (!touched.insert(id).second)
        found.add("/id", "同じものが二度書かれています。一つにしてください",
                  "stands here twice; leave one of them out");
      if (list.kind != MasterKind::policy) demand_id(id, list.prefix, found);
      check(after, one, found);
      if (const auto* old = stored(directory, one)) check_change(*old, one, found);
    }
    for (const auto& one : everything.*list.at)
      check_untouched(before, after, touched, list.name, one, out);
  });
  demand_administrators(directory, then, now, out);
  for (const OrganisationId& id : whose_on_call(change))
    for (const Gap& gap : check_on_call(directory, then, id, now).mistakes) {
      const Text text = in_words(gap, then, id);
      out.push_back({"/organisations/" + id.text(), text.ja, text.en});
    }
  for (std::size_t i = 0; i < change.retire.size(); ++i)
    out.push_back({fmt::format("/retire/{}", i),
                   fmt::format("「{}」は登録されていないか、廃止できない種類です", change.retire[i]),
                   fmt::format("'{}' is not known, or of a kind that is not retired", change.retire[i])});
  return out;
}

namespace masters_checks {

Look::Look(const Directory& all, Instant at) : directory(all), now(at) {
  for (const auto& [id, one] : all.people())
    if (!one.mail.empty()) mails.emplace(lower(one.mail), id);
  for (const auto& [id, one] : all.devices())
    serials.emplace(one.tenant.text() + "\n" + one.serial, id);
  for (const auto& [id, one] : all.contracts())
    for (const DeviceId& device : one.devices)
      contracts.emplace(device, &one);
}

void demand_id(const std::string& id, std::string_view prefix, Found& found) {
  if (!id.starts_with(prefix) || !is_crockford(std::string_view(id).substr(prefix.size())))
    found.add("/id",
              fmt::format("「{}」は ID ではありません。{} と 26 文字です。新しいものなら id を書かないでください", id,
                          prefix),
              fmt::format("'{}' is no id: {} and 26 characters; leave id out for a new one", id, prefix));
}

void demand_name(const Text& name, Found& found) {
  if (name.ja.empty() || name.en.empty())
    found.add("/name", "日本語 (ja) と英語 (en) の名前を書いてください",
              "give the name in Japanese (ja) and English (en)");
}

void demand_mail(const std::string& mail, std::string_view below, Found& found) {
  if (mail.empty() || is_mail_address(mail)) return;
  if (is_mail_address(lower(mail)))
    found.add(below, fmt::format("メールアドレスは小文字で書いてください: {}", lower(mail)),
              fmt::format("write mail addresses in lower case: {}", lower(mail)));
  else
    found.add(below, fmt::format("「{}」はメールアドレスではありません", mail),
              fmt::format("'{}' is no mail address", mail));
}

}  // namespace masters_checks
}  // namespace kintsugi
