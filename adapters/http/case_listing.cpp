#include "adapters/http/listing.h"
#include "engine/domain/workflow.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

// What a list of cases is asked for, as the store's filter.
namespace kintsugi::http {
namespace {

using std::string_view_literals::operator""sv;
using States = std::set<std::string>;

constexpr std::array filterables{
    Filterable{"state"},    Filterable{"step"},   Filterable{"access"},          Filterable{"waits_for"},
    Filterable{"open"},     Filterable{"number"}, Filterable{"priority"},        Filterable{"device"},
    Filterable{"hospital"}, Filterable{"vendor"}, Filterable{"opened_at", true},
};
constexpr std::array orders{"opened"sv, "number"sv, "priority"sv, "due"sv};

constexpr const char* no_state = "-";  // in which no case is

tl::unexpected<InputError> wrong(const Term& term, const std::string& allowed) {
  return tl::make_unexpected(InputError{"filter", "'" + term.name + "' " + allowed});
}

template <class E>
std::string names_listed() {
  std::string out;
  for (const auto& [one, name] : names_of(E{}))
    out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// Puts a filter together, term by term; several terms about states leave what all of them allow.
class Filtering {
 public:
  Filtering(const Workflow& workflow, const Roles& mine) : workflow_(workflow), mine_(mine) {}

  tl::expected<CaseFilter, InputError> of(const std::vector<Term>& terms) {
    for (const Term& term : terms)
      if (auto done = take(term); !done) return tl::make_unexpected(done.error());
    if (states_) out_.states.assign(states_->begin(), states_->end());
    if (states_ && states_->empty()) out_.states = {no_state};
    return std::move(out_);
  }

 private:
  using Done = tl::expected<void, InputError>;

  Done take(const Term& term) {
    if (!seen_.insert(term.name + (term.relation == Relation::before ? "<" : "")).second)
      return wrong(term, "may be said once; several values stand behind one =");
    if (term.name == "state") return states(term);
    if (term.name == "step") return steps(term);
    if (term.name == "access") return access(term);
    if (term.name == "waits_for") return waits_for(term);
    if (term.name == "priority") return priorities(term);
    if (term.name == "number") return numbers(term);
    if (term.name == "opened_at") return opened_at(term);
    if (term.values.size() > 1) return wrong(term, "takes one value");
    const std::string& value = term.values.front();
    if (term.name == "open") {
      if (value != "true" && value != "false") return wrong(term, "is true or false");
      out_.open = value == "true";
    } else if (term.name == "device") {
      out_.device = DeviceId{value};
    } else if (term.name == "hospital") {
      out_.tenant = OrganisationId{value};
    } else {
      out_.rsc = OrganisationId{value};
    }
    return {};
  }

  Done states(const Term& term) {
    for (const std::string& name : term.values)
      if (workflow_.state(name) == nullptr) {
        std::string known;
        for (const StateInfo& one : workflow_.states)
          known.append(known.empty() ? "" : ", ").append(one.name);
        return wrong(term, "is one of " + known);
      }
    return only(States(term.values.begin(), term.values.end()));
  }

  template <class Is>
  Done only_where(Is is) {
    States some;
    for (const StateInfo& one : workflow_.states)
      if (is(one)) some.insert(one.name);
    return only(some);
  }

  Done steps(const Term& term) {
    for (const std::string& one : term.values)
      if (one.size() != 1 || one < "0" || one > "5") return wrong(term, "is a number from 0 to 5");
    return only_where([&](const StateInfo& state) {
      return std::ranges::find(term.values, std::to_string(state.step)) != term.values.end();
    });
  }

  Done access(const Term& term) {
    for (const std::string& one : term.values)
      if (!from_name<Access>(one)) return wrong(term, "is one of " + names_listed<Access>());
    return only_where([&](const StateInfo& state) {
      return std::ranges::find(term.values, name_of(state.access)) != term.values.end();
    });
  }

  Done waits_for(const Term& term) {
    Roles roles;
    for (const std::string& name : term.values) {
      const auto role = from_name<Role>(name);
      if (name == "me")
        roles.insert(roles.end(), mine_.begin(), mine_.end());
      else if (role)
        roles.push_back(*role);
      else
        return wrong(term, "is me or one of " + names_listed<Role>());
    }
    const auto some = states_waiting_for(workflow_, roles);
    return only(States(some.begin(), some.end()));
  }

  Done only(States some) {
    if (states_) std::erase_if(some, [&](const std::string& one) { return !states_->contains(one); });
    states_ = std::move(some);
    return {};
  }

  Done priorities(const Term& term) {
    for (const std::string& name : term.values) {
      const auto priority = from_name<Priority>(name);
      if (!priority) return wrong(term, "is one of " + names_listed<Priority>());
      out_.priorities.push_back(*priority);
    }
    return {};
  }

  Done numbers(const Term& term) {
    for (const std::string& said : term.values) {
      auto some = case_numbers(said);
      if (some.empty()) return wrong(term, "is like K26-0000012-4, or only 12");
      std::ranges::move(some, std::back_inserter(out_.numbers));
    }
    return {};
  }

  Done opened_at(const Term& term) {
    const auto at = instant_from(term.values.front());
    if (!at) return wrong(term, "is a time like 2026-03-04T09:35:05Z");
    (term.relation == Relation::from ? out_.opened_from : out_.opened_before) = *at;
    return {};
  }

  const Workflow& workflow_;
  const Roles& mine_;
  CaseFilter out_;
  std::optional<States> states_;
  std::set<std::string> seen_;
};

}  // namespace

std::span<const Filterable> case_filterables() {
  return filterables;
}
std::span<const std::string_view> case_orders() {
  return orders;
}

tl::expected<CaseFilter, InputError> case_filter(const std::vector<Term>& terms, const Workflow& workflow,
                                                 const Roles& mine) {
  return Filtering(workflow, mine).of(terms);
}

void begin_at_time(CaseFilter& filter) {
  if (filter.order != CaseOrder::opened) return;
  const Instant edge = filter.descending ? filter.opened_before : filter.opened_from;
  if (edge == Instant{}) return;
  const auto millis = edge.time_since_epoch().count() / 1000 + (filter.descending ? 1 : 0);
  std::array<std::uint8_t, 16> uuid{};  // of that millisecond, before any that was made in it
  for (std::size_t i = 0; i < 6; ++i)
    uuid[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(millis) >> (40 - 8 * i) & 0xffu);
  filter.after = CaseId{"case_" + to_crockford(uuid)};
}

std::vector<std::string> states_waiting_for(const Workflow& workflow, const Roles& roles) {
  States out;
  for (const ArcInfo& arc : workflow.arcs) {
    if (arc.note || arc.from.empty()) continue;
    const EventInfo* event = workflow.event(arc.event);
    if (event == nullptr || event->closing || !event->by_people || !workflow.is_open(arc.from)) continue;
    if (std::ranges::find_first_of(arc.by, roles) != arc.by.end()) out.insert(arc.from);
  }
  return {out.begin(), out.end()};
}

std::vector<std::string> case_numbers(std::string_view said) {
  constexpr std::size_t running_digits_max = 9;
  constexpr int years = 100;  // a number has two digits of its year
  if (said.starts_with('K')) return {std::string(said)};
  std::int64_t running = 0;
  const auto read = std::from_chars(said.data(), said.data() + said.size(), running);
  if (said.empty() || said.size() > running_digits_max || read.ec != std::errc{} ||
      read.ptr != said.data() + said.size() || running < 1)
    return {};
  std::vector<std::string> out;
  for (int year = 0; year < years; ++year)
    out.push_back(case_number(year, running));
  return out;
}

}  // namespace kintsugi::http
