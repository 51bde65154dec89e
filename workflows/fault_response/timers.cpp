#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <array>

namespace kintsugi::fault_response {
namespace {

using States = std::string_view;
constexpr std::array notified{States("notified")};
constexpr std::array acknowledged{States("acknowledged")};
constexpr std::array requested{States("conn_requested")};
constexpr std::array undecided{States("conn_rejected"), States("connect_failed")};
constexpr std::array approved{States("conn_approved")};
constexpr std::array connecting{States("connecting")};
constexpr std::array failed{States("connect_failed")};
constexpr std::array proving{States("connect_failed"), States("disconnecting"), States("halted")};
constexpr std::array closing{States("connect_failed"), States("disconnecting"), States("disc_unverified"),
                             States("halted")};
constexpr std::array waiting{States("deletion_failed"), States("halted"), States("disc_unverified")};
constexpr std::array inside{States("connected"), States("check_online")};
constexpr std::array connected{States("connected")};
constexpr std::array lost{States("conn_lost")};
constexpr std::array checking{States("check_online"), States("check_offline")};
constexpr std::array onsite{States("onsite")};
constexpr std::array deleting{States("data_deletion")};
constexpr std::array signing{States("sign_off")};
constexpr std::array open{States("notified"),       States("acknowledged"),    States("conn_requested"),
                          States("conn_rejected"),  States("conn_approved"),   States("connecting"),
                          States("connect_failed"), States("connected"),       States("conn_lost"),
                          States("check_online"),   States("check_offline"),   States("halted"),
                          States("disconnecting"),  States("disc_unverified"), States("onsite"),
                          States("data_deletion"),  States("deletion_failed"), States("sign_off")};

constexpr auto rsc = Side::rsc;
constexpr auto hcf = Side::hcf;
using enum TimerName;

// clang-format off
constexpr TimerRule rules[] = {
    // event                 term            acts   lives in
    {"t_ack_expired"       , t_ack         , rsc , notified, true},
    {"t_triage_expired"    , t_triage      , rsc , acknowledged, true},
    {"t_approve_expired"   , t_approve     , hcf , requested   },
    {"t_approve_final"     , t_approve     , hcf , requested   },
    {"t_decide_expired"    , t_triage      , rsc , undecided, true},
    {"t_window_unused"     , t_noshow      , rsc , approved    },
    {"t_open_expired"      , t_open        , rsc , connecting  },
    {"t_close_expired"     , t_close       , rsc , proving     },
    {"t_close_recheck"     , t_close       , rsc , closing     },
    {"give_up"             , t_close       , rsc , failed      },
    {"t_window_end"        , t_maxwindow   , hcf , inside      },
    {"window_warning"      , t_maxwindow   , hcf , inside      },
    {"t_idle_final"        , t_idle        , rsc , connected   },
    {"t_reconnect_expired" , t_reconnect   , rsc , lost        },
    {"t_clin_expired"      , t_clin        , hcf , checking, true},
    {"t_onsite_expired"    , t_onsite      , rsc , onsite, true},
    {"t_delete_warn"       , t_delete      , rsc , open        },
    {"t_delete_overdue"    , t_delete_max  , rsc , deleting    },
    {"t_sign_expired"      , t_sign        , hcf , signing, true},
    {"t_reminder"          , t_remind      , hcf , waiting, true},
    {"t_obligation_due"    , t_remind      , hcf , open        },
    {"t_incident_due"      , t_remind      , hcf , {}          },
    {"t_retention_over"    , t_remind      , hcf , {}          },
};
// clang-format on

}  // namespace

std::span<const TimerRule> timer_rules() {
  return rules;
}

const TimerRule* timer_rule(std::string_view event) {
  const auto found = std::ranges::find(rules, event, &TimerRule::event);
  return found == std::end(rules) ? nullptr : &*found;
}

bool lives_in(const TimerRule& rule, std::string_view state) {
  return rule.states.empty() || std::ranges::count(rule.states, state) > 0;
}

}  // namespace kintsugi::fault_response
