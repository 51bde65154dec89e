#include "tests/support/invariants.h"

#include <algorithm>

// I2, I10, I11, I12: what is owed, and what is written.
namespace kintsugi::testing {
namespace {

using Wrong = std::optional<std::string>;

// ---- I2 -----------------------------------------------------------------------------------------------------

Wrong a_closed_case_owes_nothing(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || decision->next.state != "closed") return {};
  const CaseFile& file = decision->next;
  for (const Grant& one : file.grants) {
    if (one.proved_closed_at == Instant{} || has_open_hop(one)) return "a hop is unproved";
    if (!one.accounts_disabled) return "a temporary account lives";
  }
  for (const DataItem& one : file.items)
    if (!is_final(one.state) && decision->from != "closed") return "a data item is not settled";
  const auto done = [&](ObligationKind kind) {
    return std::ranges::any_of(file.obligations,
                               [&](const Obligation& one) { return one.kind == kind && one.done(); });
  };
  for (const Obligation& one : file.obligations)
    if (!one.done()) return std::string(name_of(one.kind)) + " is owed";
  for (const ObligationKind kind :
       {ObligationKind::report, ObligationKind::report_approval, ObligationKind::log_review})
    if (!done(kind)) return std::string(name_of(kind)) + " was never given";
  const bool nobodys = std::ranges::any_of(
      file.incidents, [](const Incident& one) { return one.state != IncidentState::closed && one.owner.empty(); });
  return nobodys && decision->from != "closed" ? Wrong("an incident is nobody's") : Wrong{};
}

Wrong an_end_before_access_had_none(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || decision->next.state == step.before().state) return {};
  const std::string& to = decision->next.state;
  if (to != "cancelled" && to != "false_alarm" && to != "merged") return {};
  if (!decision->next.grants.empty()) return "a grant was given";
  return decision->next.items.empty() ? Wrong{} : Wrong("data was registered");
}

// ---- I10 ----------------------------------------------------------------------------------------------------

// An id, a name of a closed list, a number, a time or a digest: nothing that a person wrote.
bool is_plain(std::string_view text) {
  constexpr std::size_t longest = 64;
  return text.size() <= longest && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  std::string_view("_-.:+/=").find(c) != std::string_view::npos;
         });
}

bool is_plain(const Json& value) {
  if (value.is_string()) return is_plain(std::string_view(value.get_ref<const std::string&>()));
  if (value.is_array()) return std::ranges::all_of(value, [](const Json& one) { return is_plain(one); });
  return value.is_number_integer() || value.is_boolean();
}

Wrong letters_and_records_hold_no_text(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  for (const auto& [name, value] : decision->x)
    if (!is_plain(value)) return "the record's " + name;
  for (const Effect& one : decision->effects) {
    if (!one.mail) continue;
    for (const auto& [name, value] : one.mail->facts)
      if (!is_plain(std::string_view(value))) return one.mail->mail + "'s " + name;
  }
  return {};
}

// ---- I11 ----------------------------------------------------------------------------------------------------

Wrong what_comes_is_unjudged(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const auto& was = step.before().attachments;
  for (const Attachment& one : decision->next.attachments)
    if (std::ranges::count(was, one.document, &Attachment::document) == 0 && one.is_judged())
      return "a new attachment";
  return {};
}

Wrong unknown_is_erased_as_patient_data(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || step.event().name != "item_erased") return {};
  const Json& said = step.event().payload;
  const std::string medium = said.value("medium", "");
  const bool leaves = medium == "removable" || medium == "optical" || medium == "paper" || medium == "device_part";
  const auto item = std::ranges::find(decision->next.items, said.value("item", ""),
                                      [](const DataItem& one) { return one.id.text(); });
  if (item == decision->next.items.end()) return "an unknown item";
  return leaves && item->phi != Phi::none && said.value("method", "") == "clear" ? Wrong("only cleared on " + medium)
                                                                                 : Wrong{};
}

Wrong taking_unjudged_data_is_told_to_privacy(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || step.event().name != "take_data") return {};
  const auto item = std::ranges::find(decision->next.items, step.event().payload.value("item", ""),
                                      [](const DataItem& one) { return one.id.text(); });
  const auto officers = step.now.directory.holders(Role::hcf_priv, decision->next.tenant, step.event().at);
  if (item == decision->next.items.end() || item->phi == Phi::none || officers.empty()) return {};
  const bool told = std::ranges::any_of(decision->effects, [&](const Effect& one) {
    return one.mail && one.mail->mail == "M18" && std::ranges::count(one.mail->to, officers.front()) > 0;
  });
  return told ? Wrong{} : Wrong("the privacy officer was not told");
}

// ---- I12 ----------------------------------------------------------------------------------------------------

template <class T, class Id>
bool all_there(const std::vector<T>& was, const std::vector<T>& is, Id id) {
  return std::ranges::all_of(was, [&](const T& one) {
    return std::ranges::any_of(is, [&](const T& other) { return std::invoke(id, other) == std::invoke(id, one); });
  });
}

Wrong nothing_is_forgotten(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const CaseFile& was = step.before();
  const CaseFile& is = decision->next;
  if (!was.id.empty() && (is.id != was.id || is.tenant != was.tenant)) return "the case is another";
  if (!all_there(was.grants, is.grants, &Grant::id)) return "a grant";
  if (!all_there(was.items, is.items, &DataItem::id)) return "a data item";
  if (!all_there(was.incidents, is.incidents, &Incident::id)) return "an incident";
  if (is.obligations.size() < was.obligations.size()) return "an obligation";
  if (is.emergencies.size() < was.emergencies.size()) return "an emergency";
  if (is.fault.occurrences < was.fault.occurrences) return "an occurrence";
  return {};
}

Wrong what_was_given_is_never_changed(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const auto& was = step.before().obligations;
  const auto& is = decision->next.obligations;
  for (std::size_t i = 0; i < std::min(was.size(), is.size()); ++i)
    if (was[i].done() && was[i] != is[i]) return std::string(name_of(was[i].kind));
  for (const Grant& one : step.before().grants) {
    const auto now = std::ranges::find(decision->next.grants, one.id, &Grant::id);
    if (now != decision->next.grants.end() && now->request_hash != one.request_hash) return "the grant of a request";
  }
  return {};
}

Wrong after_an_end_nothing_moves(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || step.before().closed_at == Instant{}) return {};
  const bool orders = std::ranges::any_of(decision->effects, [](const Effect& one) { return one.order.has_value(); });
  if (orders) return "an order went out";
  if (decision->next.grants != step.before().grants) return "a grant has changed";
  const bool reopened = step.event().name == "reopen";
  return reopened || decision->next.state == step.before().state ? Wrong{} : "to " + decision->next.state;
}

}  // namespace

std::vector<StepInvariant> record_invariants() {
  return {
      {"I2", "a closed case owes nothing", a_closed_case_owes_nothing},
      {"I2", "what ends without deletion never had access or data", an_end_before_access_had_none},
      {"I10", "letters and records hold ids and words of closed lists", letters_and_records_hold_no_text},
      {"I11", "what comes in is judged by nobody yet", what_comes_is_unjudged},
      {"I11", "what nobody judged is erased like patient data", unknown_is_erased_as_patient_data},
      {"I11", "taking what nobody judged is told to the privacy officer", taking_unjudged_data_is_told_to_privacy},
      {"I12", "nothing that was written is forgotten", nothing_is_forgotten},
      {"I12", "what was given is never changed", what_was_given_is_never_changed},
      {"I12", "after an end nothing moves but a reopening", after_an_end_nothing_moves},
  };
}

}  // namespace kintsugi::testing
