#include "engine/domain/case_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi {

bool may_follow(ItemState now, ItemState next) {
  using enum ItemState;
  if (next == held) return !is_final(now) && now != held;
  switch (now) {
    case declared: return next == authorised || next == denied;
    case authorised: return next == held_at_rsc || next == denied;
    case held_at_rsc:
      return next == erased_claimed || next == returned || next == retained_with_consent ||
             next == deidentified_verified || next == lost_or_residual;
    case erased_claimed: return next == erased_verified || next == held_at_rsc || next == lost_or_residual;
    case retained_with_consent: return next == held_at_rsc;  // its end date has come
    case held: return next == declared || next == authorised || next == held_at_rsc || next == erased_claimed;
    case denied:
    case erased_verified:
    case returned:
    case deidentified_verified:
    case lost_or_residual: return false;
  }
  return false;
}

bool may_follow(IncidentState now, IncidentState next) {
  using enum IncidentState;
  if (now == closed) return false;
  return next > now || (now == reported && next == reported);
}

Instant CaseFile::next_due() const {
  const auto first = std::ranges::min_element(timers, {}, &Timer::due);
  return first == timers.end() ? Instant{} : first->due;
}

const Attachment* attachment_of(const CaseFile& file, const DocumentId& document) {
  const auto found = std::ranges::find(file.attachments, document, &Attachment::document);
  return found == file.attachments.end() ? nullptr : &*found;
}

bool grants_access_to(const CaseFile& file, const PersonId& person) {
  const Grant* grant = file.grant();
  return grant != nullptr && grant->end == GrantEnd::none && grant->proved_closed_at == Instant{} && file.request &&
         std::ranges::count(file.request->workers, person) > 0;
}

CaseBrief brief_of(const CaseFile& file, bool open) {
  const Grant* grant = file.grant();
  return {.id = file.id,
          .number = file.number,
          .tenant = file.tenant,
          .rsc = file.rsc,
          .device = file.device,
          .state = file.state,
          .version = file.version,
          .priority = file.priority,
          .fault_code = file.fault.code,
          .dedup_key = file.fault.dedup_key,
          .opened_at = file.opened_at,
          .state_since = file.state_since,
          .open = open,
          .live_grant = grant != nullptr && grant->proved_closed_at == Instant{},
          .next_due = file.next_due()};
}

std::string sort_key_of(const CaseBrief& brief, CaseOrder order) {
  switch (order) {
    case CaseOrder::opened: break;
    case CaseOrder::number: return brief.number;
    case CaseOrder::priority: return std::string(name_of(brief.priority));
    case CaseOrder::due:
      return brief.next_due == Instant{} ? std::string(20, '9')
                                         : fmt::format("{:020}", brief.next_due.time_since_epoch().count());
  }
  return {};
}

std::string case_number(int year, std::int64_t running) {
  const std::string digits = fmt::format("{:02}{:07}", year % 100, running);
  int sum = 0;
  bool twice = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return fmt::format("K{}-{}-{}", digits.substr(0, 2), digits.substr(2), (10 - sum % 10) % 10);
}

template void write_json(std::string&, const CaseFile&);
template Result<> read_json(const Json&, CaseFile&, const std::string&);

}  // namespace kintsugi
