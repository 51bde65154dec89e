#pragma once

#include "engine/base/ensure.h"
#include "engine/machine/row.h"

#include <boost/mpl/for_each.hpp>
#include <boost/mpl/push_back.hpp>
#include <boost/mpl/vector.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>
#include <boost/serialization/base_object.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

// The one header that includes Boost.MSM; one .cpp per workflow includes it. A table is written like this:
//
//   Row<"F05", From<Notified>, "acknowledge", Acknowledged, Do<tell_reporter>, By<Role::rsc_svc>,
//   Unless<not_on_duty>>
//
// and is expanded for MSM (one arc for each state of From), and walked as plain RowSpecs by everything else. Measured
// traps of MSM 1.81: of two arcs with one state and event it tries the later first, so twins must exclude each other;
// a guard that says no is HANDLED_GUARD_REJECT and never no_transition, so the returned value judges; state numbers
// change with every row, so only names leave this header.
namespace kintsugi::machine {

template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: a literal is a name
  constexpr std::string_view view() const { return {text, N - 1}; }
};

// Where a case can stand; derive one struct for each. `step` is the guideline's, 0 beside the five.
template <Name stored, int of_step, Access of_access, bool is_end = false>
struct State : boost::msm::front::state<> {
  static constexpr std::string_view name = stored.view();
  static constexpr int step = of_step;
  static constexpr Access access = of_access;
  static constexpr bool end = is_end;
};

// Stands for a name inside MSM. Its templates repeat their arguments in every symbol; with whole names in them the
// debugger's tables of one table outgrow 20 GB.
constexpr std::uint64_t short_for(std::string_view name) {  // FNV-1a
  std::uint64_t out = 14695981039346656037U;
  for (const char c : name)
    out = (out ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return out;
}
template <std::uint64_t event>
struct On {};

template <class... States>
struct From {
  static constexpr std::array<std::string_view, sizeof...(States)> names{States::name...};
};
struct AnyOpen {  // the machine's own internal table
  static constexpr std::array<std::string_view, 0> names{};
};
struct Same {};

// A function's own name, as the compiler writes it.
template <Act act>
constexpr std::string_view name_of_act() {
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find("act = ") + 6);
  text = text.substr(0, text.find_first_of(";]"));
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) text = text.substr(colon + 1);
  return text;
}

template <Act... acts>
struct Do {
  static constexpr std::array<Action, sizeof...(acts)> list{Action{name_of_act<acts>(), acts}...};
};
template <Role... roles>
struct By {
  static constexpr std::array<Role, sizeof...(roles)> list{roles...};
};
// A check is named for what blocks: the row fires when none of them is the case.
template <const Check&... checks>
struct Unless {
  static constexpr std::array<const Check*, sizeof...(checks)> list{&checks...};
};

template <class To>
constexpr std::string_view name_of_target() {
  if constexpr (std::is_same_v<To, Same>)
    return "";
  else
    return To::name;
}

template <Name row, class Froms, Name on, class To, class Acts, class Roles, class Checks = Unless<>>
struct Row {
  using from = Froms;
  using event = On<short_for(on.view())>;
  using to = To;
  static constexpr std::uint64_t id = short_for(row.view());
  static constexpr RowSpec spec{row.view(), on.view(),   Froms::names, name_of_target<To>(),
                                Acts::list, Roles::list, Checks::list};
};

// What MSM calls: the row's specification does the work, on the Lap that the machine carries.
template <std::uint64_t row>
struct Guard {
  template <class Event, class Fsm, class Source, class Target>
  bool operator()(const Event&, Fsm& fsm, Source&, Target&) const {
    return fsm.allows(fsm.spec(row));
  }
};
template <std::uint64_t row>
struct Run {
  template <class Event, class Fsm, class Source, class Target>
  void operator()(const Event&, Fsm& fsm, Source&, Target&) const {
    fsm.run(fsm.spec(row));
  }
};

namespace table_detail {

template <class Target>
struct TargetOf {
  using type = Target;
};
template <>
struct TargetOf<Same> {
  using type = boost::msm::front::none;
};

template <class Arcs, class R, class Froms = typename R::from>
struct Expand;
template <class Arcs, class R>
struct Expand<Arcs, R, From<>> {
  using type = Arcs;
};
template <class Arcs, class R, class First, class... Others>
struct Expand<Arcs, R, From<First, Others...>> {
  using arc = boost::msm::front::Row<First, typename R::event, typename TargetOf<typename R::to>::type, Run<R::id>,
                                     Guard<R::id>>;
  using type = typename Expand<typename boost::mpl::push_back<Arcs, arc>::type, R, From<Others...>>::type;
};
template <class Arcs, class R>
struct Expand<Arcs, R, AnyOpen> {
  using arc = boost::msm::front::Internal<typename R::event, Run<R::id>, Guard<R::id>>;
  using type = typename boost::mpl::push_back<Arcs, arc>::type;
};

template <class Arcs, class... Rows>
struct Push {
  using type = Arcs;
};
template <class Arcs, class R, class... Others>
struct Push<Arcs, R, Others...> {
  using type = typename Push<typename Expand<Arcs, R>::type, Others...>::type;
};

// An "archive" in the sense of Boost.Serialization that says only: you are in this state.
struct OneState {
  int id;
  template <class Field>
  OneState& operator&(Field& field) {
    if constexpr (std::is_same_v<Field, int[1]>) field[0] = id;
    return *this;
  }
};

}  // namespace table_detail

// A list of rows; MSM sees its arcs, everybody else its specs.
template <class... Rows>
struct Arcs : table_detail::Push<boost::mpl::vector<>, Rows...>::type {
  static std::vector<const RowSpec*> specs() { return {&Rows::spec...}; }
  template <class Visitor>
  static void each_row(Visitor visit) {
    (visit.template operator()<typename Rows::event>(Rows::id, Rows::spec), ...);
  }
};

// What every workflow's machine carries; it lives for one lap. Flow says initial_state and the tables.
struct FlowBase {
  using no_exception_thrown = int;  // a throw reaches us; otherwise a release build says "handled"
  using no_message_queue = int;     // one event, one decision

  using Specs = std::map<std::uint64_t, const RowSpec*>;
  const Specs* specs = nullptr;
  const RowSpec& spec(std::uint64_t row) const { return *specs->at(row); }

  Lap* lap = nullptr;
  Event* asking = nullptr;  // lap->now.event: gets the role that a row would use

  bool allows(const RowSpec& row) {
    if (row.from.empty() && row.to.empty() && !open) return false;
    const Role before = asking->as;
    const Role as = role_for(lap->now, row.by);
    if (as == Role::none || !takes_part(lap->now)) return false;
    asking->as = as;
    const bool yes = std::ranges::all_of(row.checks, [&](const Check* check) { return check->holds(lap->now); });
    asking->as = before;
    return yes;
  }
  void run(const RowSpec& row) {
    asking->as = role_for(lap->now, row.by);
    lap->out.row = row.row;
    lap->out.as = asking->as;
    for (const Action& action : row.actions)
      action.run(*lap);
  }

  bool open = true;  // is the present state one of the open ones
};

// The machine for one lap: from a state's name and an event's name to the name of the state afterwards.
template <class Flow>
class Machine {
 public:
  static bool knows(std::string_view state) { return ids().contains(state); }

  // The row's actions have run on `lap` when it moved. `state` must be known; it becomes the state afterwards.
  static Handled process(Lap& lap, Event& asking, bool open, std::string& state, std::string_view event) {
    const auto id = ids().find(state);
    ensure(id != ids().end(), "a case is in a state that this build does not know");
    const auto fire = events().find(event);
    if (fire == events().end()) return Handled::no_row;

    Back machine;
    machine.specs = &rows();
    machine.lap = &lap;
    machine.asking = &asking;
    machine.open = open;
    table_detail::OneState here{id->second};
    machine.serialize(here, 0U);
    const auto handled = fire->second(machine);
    if ((handled & boost::msm::back::HANDLED_TRUE) != 0) {
      for (const auto& [name, number] : ids())
        if (number == machine.current_state()[0]) state = name;
      return Handled::moved;
    }
    return (handled & boost::msm::back::HANDLED_GUARD_REJECT) != 0 ? Handled::guard_said_no : Handled::no_row;
  }

 private:
  using Back = boost::msm::back::state_machine<Flow>;
  using Fire = boost::msm::back::HandledEnum (*)(Back&);

  static const std::map<std::string_view, int>& ids() {
    static const std::map<std::string_view, int> all = [] {
      std::map<std::string_view, int> out;
      using States = typename boost::msm::back::generate_state_set<typename Back::stt>::type;
      boost::mpl::for_each<States, boost::msm::wrap<boost::mpl::placeholders::_1>>([&]<class S>(boost::msm::wrap<S>) {
        out[S::name] = boost::msm::back::get_state_id<typename Back::stt, S>::type::value;
      });
      return out;
    }();
    return all;
  }

  static const std::map<std::string_view, Fire>& events() {
    static const std::map<std::string_view, Fire> all = [] {
      std::map<std::string_view, Fire> out;
      each_row([&]<class E>(std::uint64_t, const RowSpec& row) {
        out[row.event] = [](Back& machine) { return machine.process_event(E{}); };
      });
      return out;
    }();
    return all;
  }

  static const FlowBase::Specs& rows() {
    static const FlowBase::Specs all = [] {
      FlowBase::Specs out;
      each_row([&]<class E>(std::uint64_t id, const RowSpec& row) {
        ensure(out.emplace(id, &row).second, "two rows of a table have one name");
      });
      return out;
    }();
    return all;
  }

  template <class Visitor>
  static void each_row(Visitor visit) {
    Flow::transition_table::each_row(visit);
    Flow::internal_transition_table::each_row(visit);
  }
};

}  // namespace kintsugi::machine
