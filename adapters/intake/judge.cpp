#include "adapters/intake/judge.h"

#include "adapters/intake/sender.h"
#include "engine/base/width.h"

#include <algorithm>

namespace kintsugi::intake {
namespace {

std::string_view domain_of(std::string_view address) {
  return address.substr(std::min(address.rfind('@'), address.size() - 1) + 1);
}

// Mails that machines send because of a mail (RFC 3834), and ours that come back. A device's own notice is
// `auto-generated` and none of these.
Reason loop_in(const Mail& mail, const Config& config) {
  const bool ours = (!mail.from.empty() && std::ranges::count(config.own_addresses, mail.from) > 0) ||
                    (!config.own_list_id.empty() && mail.list_id == config.own_list_id) ||
                    (!mail.message_id.empty() && domain_of(mail.message_id) == config.mail_domain);
  if (ours) return Reason::own_mail;
  const bool from_mail_server = mail.from.starts_with("mailer-daemon@") || mail.from.starts_with("postmaster@");
  if (mail.is_report || (mail.null_sender && from_mail_server)) return Reason::bounce;
  if (mail.auto_reply_mark || mail.auto_submitted.starts_with("auto-replied") || mail.precedence == "auto_reply")
    return Reason::auto_reply;
  return Reason::none;
}

// The case that a mail answers: our threads begin with `case_…@our domain`.
CaseId answered_case(const Mail& mail, const Config& config) {
  constexpr std::string_view prefix = "case_";
  for (const std::string& id : mail.thread) {
    const auto at = id.find('@');
    if (at == std::string::npos || !id.starts_with(prefix) || id.substr(at + 1) != config.mail_domain) continue;
    if (is_crockford(std::string_view(id).substr(prefix.size(), at - prefix.size()))) return CaseId{id.substr(0, at)};
  }
  return {};
}

std::vector<const Device*> devices_of(const std::string& sender, const Config& config, const Directory& directory) {
  std::vector<const Device*> out;
  if (const auto found = config.senders.find(sender); found != config.senders.end())
    for (const DeviceId& id : found->second)
      if (const Device* device = directory.device(id)) out.push_back(device);
  return out;
}

// Which of the sender's devices the mail is about, and what it says. A serial number that is none of theirs is never
// taken for a spelling mistake.
Reason read_notice(const Mail& mail, const Config& config, const std::vector<const Device*>& devices,
                   Judgement& out) {
  bool fits = false;
  for (const Template& one : config.templates) {
    const auto of_line = [&](const Device* device) { return device->product_line == one.product_line; };
    if (std::ranges::none_of(devices, of_line)) continue;
    const auto found = apply(one, mail.subject, mail.text);
    if (!found) continue;
    fits = true;
    const auto named = std::ranges::find_if(devices, [&](const Device* device) {
      return of_line(device) &&
             (found->serial.empty() ? devices.size() == 1 : fold_width(device->serial) == found->serial);
    });
    if (named == devices.end()) continue;
    out.device = (*named)->id;
    out.hospital = (*named)->tenant;
    out.found = *found;
    return Reason::none;
  }
  return fits ? Reason::device_not_named : Reason::no_template;
}

}  // namespace

Judgement judge(const Mail& mail, const Config& config, const Directory& directory) {
  Judgement out{.kind = Kind::unknown,
                .reason = Reason::none,
                .hospital = config.hospital,
                .device = {},
                .found = {},
                .about = {},
                .person = {}};
  if (out.reason = loop_in(mail, config); out.reason != Reason::none) {
    out.kind = Kind::loop;
    return out;
  }
  if (mail.from.empty()) {
    out.reason = Reason::not_readable;
    return out;
  }
  const bool proved = vouched_for(mail.from, mail.results, config.authserv_id, config.accepted_methods);
  if (const CaseId about = answered_case(mail, config); !about.empty() && proved) {
    if (const Person* person = directory.person_by_mail(mail.from)) {
      out.kind = Kind::comment;
      out.about = about;
      out.person = person->id;
      return out;
    }
  }
  const auto devices = devices_of(mail.from, config, directory);
  if (devices.empty()) {
    out.reason = Reason::sender_unknown;
    return out;
  }
  out.hospital = devices.front()->tenant;  // whoever claims to be its device: that hospital can tell
  if (!proved) {
    out.reason = Reason::sender_unproved;
  } else if (mail.cut || mail.tangled) {
    out.reason = Reason::not_readable;
  } else {
    out.reason = read_notice(mail, config, devices, out);
    if (out.reason == Reason::none)
      out.kind = out.found.recovered ? Kind::recovery : Kind::notice;
    else if (mail.garbled)
      out.reason = Reason::not_readable;
  }
  return out;
}

}  // namespace kintsugi::intake
