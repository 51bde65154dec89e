#include "tests/explore/moment.h"

#include "workflows/fault_response/look.h"
#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <concepts>
#include <set>

namespace kintsugi::explore {
namespace {

using States = std::initializer_list<std::string_view>;

bool in(std::string_view state, States states) {
  return std::ranges::count(states, state) > 0;
}

// Clocks whose firing moves the case, gives an order or changes what is owed; the others write letters.
bool acts(const Timer& one) {
  return in(one.event, {"t_approve_expired", "t_approve_final", "t_window_unused", "t_open_expired",
                        "t_close_expired", "t_close_recheck", "give_up", "t_window_end", "t_idle_final",
                        "t_reconnect_expired", "t_delete_overdue", "t_retention_over"});
}

bool reports_count(const CaseFile& file) {
  return in(file.state, {"conn_approved", "connecting", "connect_failed", "connected", "conn_lost", "check_online",
                         "disconnecting", "disc_unverified", "halted"});
}

class Text {
 public:
  explicit Text(const Moment& moment) : m_(moment), f_(moment.file) { out_.reserve(512); }

  std::string take() {
    case_itself();
    request();
    grants();
    items();
    owed();
    proposals();
    clocks();
    return std::move(out_);
  }

 private:
  void put(std::string_view word) {
    out_ += word;
    out_ += ' ';
  }
  template <std::same_as<bool> Flag>  // and never a literal, which would rather be a flag than a word
  void put(Flag yes) {
    put(yes ? std::string_view("1") : std::string_view("0"));
  }
  void put(int number) { put(std::string_view(std::to_string(number))); }
  void put(const PersonId& one) { put(one.empty() ? std::string_view("-") : nickname_of(one)); }
  void put(const std::vector<PersonId>& some) {
    std::set<std::string_view> names;
    for (const PersonId& one : some)
      names.insert(nickname_of(one));
    for (const std::string_view one : names)
      put(one);
  }
  void begin(char part) {
    out_ += '\n';
    out_ += part;
    out_ += ' ';
  }

  void case_itself() {
    put(f_.state);
    put(f_.next);
    put(static_cast<int>(f_.priority));
    put(static_cast<int>(m_.masters));
    put(m_.audit_working);
    put(m_.other_has_grant);
    put(f_.device.empty());
    put(f_.fault.harmed);
    put(f_.fault.reporter);
    put(f_.owner);
    put(f_.team);
    put(f_.resolution == "device_withdrawn");
    put(f_.hold.is_set());
    put(f_.write_running);
    put(f_.grace_until != Instant{});
    put(f_.device_said_safe);
    put(f_.work_entries > 0);
    put(f_.nothing_taken_by);
    put(f_.nothing_taken_countersigned_by);
    put(f_.reopened);
    put(f_.state == "conn_requested" && f_.escalation > 0);
    put(static_cast<int>(f_.links.size()));
    if (f_.state != "notified") return;
    for (const Asked& one : f_.asked)
      put(one.people);
  }

  void approvals(const Request& one) {
    std::set<std::string> all;
    for (const Approval& a : one.approvals)
      all.insert(std::string(name_of(a.slot)) + "=" + std::string(nickname_of(a.by)) + (a.approved ? "" : "!") +
                 (a.combined ? "c" : "") + (a.after_the_fact ? "a" : "") + (a.hash == one.hash ? "" : "h"));
    for (const std::string& a : all)
      put(a);
  }

  void request() {
    begin('R');
    for (const Request& one : f_.emergencies) {
      put("emergency");
      approvals(one);
    }
    if (!f_.request) return;
    const Request& one = *f_.request;
    put(one.dead);
    put(one.break_glass);
    put(one.workers);
    if (one.dead && !one.break_glass) return;
    put(one.by);
    put(one.attendance_waived || !one.attendant.empty());
    put(one.sessions_max);
    put(static_cast<int>(one.files.size()));
    approvals(one);
  }

  void hops(const Grant& grant) {
    const HopReport probe = fault_response::hop_of(grant, Hop::probe);
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route, Hop::probe}) {
      const HopReport one = fault_response::hop_of(grant, hop);
      std::string word(name_of(one.state));
      if (one.sessions > 0) word += '+';
      if (probe.state == HopState::closed && one.at > probe.at) word += '>';
      put(word);
    }
  }

  void grants() {
    begin('G');
    for (const Grant& one : f_.grants) {
      put(one.accounts_disabled);
      put(one.proved_closed());
    }
    const Grant* last = f_.grant();
    if (last == nullptr || !reports_count(f_)) return;
    put(last->break_glass);
    put(last->sessions_used);
    put(last->session_begun);
    put(last->view_only);
    put(last->attempts);
    put(last->end != GrantEnd::none);
    put(last->end == GrantEnd::halted || last->end == GrantEnd::revoked);
    put(last->generation > 1);
    hops(*last);
  }

  void items() {
    begin('I');
    for (const DataItem& one : f_.items) {
      put(name_of(one.state));
      if (one.state == ItemState::held) put(name_of(one.before_hold));
      put(one.phi == Phi::none);
      put(one.received_at != Instant{});
      if (is_final(one.state) && one.state != ItemState::retained_with_consent) continue;
      put(one.holder);
      put(one.erased_by);
      put(one.method);
    }
    for (const Attachment& one : f_.attachments) {
      put(name_of(one.phi));
      put(one.judged_by);
    }
  }

  std::string about_of(const std::string& about) const {
    for (std::size_t i = 0; i < f_.items.size(); ++i)
      if (f_.items[i].id.text() == about) return "item" + std::to_string(i);
    for (std::size_t i = 0; i < f_.incidents.size(); ++i)
      if (f_.incidents[i].id.text() == about) return "incident" + std::to_string(i);
    return about;
  }

  void owed() {
    begin('O');
    std::set<std::string> all;
    for (const Obligation& one : f_.obligations) {
      std::string word(name_of(one.kind));
      word += one.slot == Role::none ? "" : ":" + std::string(name_of(one.slot));
      if (one.kind == ObligationKind::nonconformity) word += one.about;
      if (one.kind == ObligationKind::post_approval)
        word += f_.request && one.about == to_base64(f_.request->hash) ? "=" : "<";
      all.insert(word + (one.done() ? "." : "?"));
    }
    for (const std::string& one : all)
      put(one);
    const auto report = std::find_if(f_.obligations.rbegin(), f_.obligations.rend(),
                                     [](const Obligation& one) { return one.kind == ObligationKind::report; });
    if (report != f_.obligations.rend()) put(report->done_by);
    begin('N');
    for (const Incident& one : f_.incidents) {
      put(name_of(one.state));
      put(one.owner);
      put(one.opened_by.empty() && one.type == "policy_violation");
      put(one.opened_at >= f_.state_since);
      put(one.type == "policy_violation");
    }
  }

  void proposals() {
    begin('P');
    std::set<std::string> all;
    for (const Proposal& one : f_.proposals)
      all.insert(one.what + "=" + std::string(nickname_of(one.by)) + "/" + std::string(nickname_of(one.person)));
    for (const std::string& one : all)
      put(one);
  }

  // How often a clock has fired matters only where a rule counts.
  static int round_that_counts(const Timer& one) {
    if (one.event == "t_close_recheck") return std::min(one.round, fault_response::recheck_rounds_max);
    return one.event == "t_close_expired" || one.event == "window_warning" ? std::min(one.round, 1) : 0;
  }

  void clocks() {
    begin('T');
    std::vector<std::pair<Instant, std::string>> ahead;
    std::set<std::string> due;
    const auto mark = [&](Instant at, std::string word) {
      if (at == Instant{}) return;
      if (at <= m_.now)
        due.insert(std::move(word));
      else
        ahead.emplace_back(at, std::move(word));
    };
    std::set<std::string> running;
    for (const Timer& one : f_.timers) {
      std::string word = one.event + "/" + about_of(one.about) + "/" + std::to_string(round_that_counts(one));
      if (acts(one) || one.due <= m_.now)
        mark(one.due, std::move(word));
      else
        running.insert(std::move(word));
    }
    if (const Grant* grant = f_.grant(); grant != nullptr && reports_count(f_)) {
      mark(grant->window.opens, "opens");
      mark(grant->window.closes, "closes");
    }
    if (f_.state == "conn_requested" && f_.request) {
      const Window left = fault_response::approved_window(*f_.request);
      mark(left.opens, "from");
      mark(left.closes, "until");
    }
    for (const Proposal& one : f_.proposals)
      if (one.until != Instant{} && one.what == "break_glass") mark(one.until, one.what);
    if (f_.state == "closed")
      mark(f_.closed_at + term_of(policy_of(m_), TimerName::t_reopen, f_.priority).wall, "reopen");
    for (const std::string& one : running)
      put(one);
    put("|");
    for (const std::string& one : due)
      put(one);
    put("|");
    std::ranges::sort(ahead);
    for (std::size_t i = 0; i < ahead.size(); ++i) {
      if (i > 0 && ahead[i].first == ahead[i - 1].first) out_ += '=';
      put(ahead[i].second);
    }
  }

  const Moment& m_;
  const CaseFile& f_;
  std::string out_;
};

}  // namespace

const Policy& policy_of(const Moment& moment) {
  const Directory& directory = masters(moment.masters);
  return directory.policy_of(testing::organisation("hospital"), moment.file.policy_version);
}

std::vector<CaseBrief> same_device(const Moment& moment) {
  CaseBrief one = brief_of(other_case(), true);
  one.live_grant = moment.other_has_grant;
  return {one};
}

std::string canonical(const Moment& moment) {
  return Text(moment).take();
}

Instant next_stop(const Moment& moment) {
  const CaseFile& file = moment.file;
  Instant out{};
  const auto offer = [&](Instant at) {
    if (at > moment.now && (out == Instant{} || at < out)) out = at;
  };
  for (const Timer& one : file.timers) {
    if (one.due <= moment.now) return {};
    offer(one.due);
  }
  if (const Grant* grant = file.grant(); grant != nullptr && reports_count(file)) {
    offer(grant->window.opens);
    offer(grant->window.closes);
  }
  for (const Proposal& one : file.proposals)
    if (one.what == "break_glass") offer(one.until);
  if (file.state == "closed")
    offer(file.closed_at + term_of(policy_of(moment), TimerName::t_reopen, file.priority).wall);
  return out;
}

}  // namespace kintsugi::explore
