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

// What a case of this state may still be told by a hop, and where the window of its grant is looked at.
bool reports_count(const CaseFile& file) {
  return in(file.state, {"conn_approved", "connecting", "connect_failed", "connected", "conn_lost", "check_online",
                         "disconnecting", "disc_unverified", "halted"});
}

// Where a grant may still be told to open, so that its window, its counts and what was said inside matter. One that
// has ended never lives again (I4), and a new one begins with all of it anew.
bool may_open_again(const CaseFile& file) {
  const Grant* grant = file.grant();
  return grant != nullptr && grant->end == GrantEnd::none && reports_count(file);
}

// The instants, beside the clocks, that a check compares with now.
std::vector<std::pair<Instant, std::string>> instants_of(const Moment& moment) {
  const CaseFile& file = moment.file;
  std::vector<std::pair<Instant, std::string>> out;
  if (may_open_again(file)) {
    const Grant& grant = *file.grant();
    out.emplace_back(grant.window.opens, "opens");
    out.emplace_back(grant.window.closes, "closes");
    // Once it is over it has been as little as none.
    if (file.grace_until > std::max(grant.window.closes, moment.now)) out.emplace_back(file.grace_until, "grace");
  }
  if (file.state == "conn_requested" && file.request) {
    const Window left = fault_response::approved_window(*file.request);
    out.emplace_back(left.opens, "from");
    out.emplace_back(left.closes, "until");
  }
  for (const Proposal& one : file.proposals)
    if (one.what == "break_glass") out.emplace_back(one.until, one.what);
  if (file.state == "closed")
    out.emplace_back(file.closed_at + term_of(policy_of(moment), TimerName::t_reopen, file.priority).wall, "reopen");
  return out;
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
  void put(const std::vector<PersonId>& some) { put_names({some.begin(), some.end()}); }
  void put_names(const std::set<PersonId>& some) {
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

  // Who worked is asked only of who signs, and whoever the vendor employs does not sign at all: for that question
  // his people are one.
  void put_workers(const std::vector<PersonId>& some) {
    std::set<PersonId> own;
    for (const PersonId& one : some)
      if (!works_for_vendor(one)) own.insert(one);
    put(!some.empty());
    put_names(own);
  }
  bool works_for_vendor(const PersonId& id) const {
    const Person* person = masters(m_.masters).person(id);
    return person != nullptr && person->employer == testing::organisation("vendor");
  }

  // Whoever reported it may cancel in these roles; in the administrator's everybody may.
  bool may_cancel_himself(const PersonId& id) const {
    const Directory& directory = masters(m_.masters);
    const Person* person = directory.person(id);
    if (person == nullptr) return false;
    const auto held = directory.roles_of(*person, testing::organisation("hospital"), m_.now);
    return std::ranges::any_of(held, [](Role one) { return one == Role::hcf_clin || one == Role::hcf_psm; });
  }

  void case_itself() {
    put(f_.state);
    if (reports_count(f_)) put(f_.next);  // read while a closing is proved, and written anew before the next
    put(static_cast<int>(f_.priority));
    put(static_cast<int>(m_.masters));
    put(m_.audit_working);
    put(m_.other_has_grant);
    put(f_.device.empty());
    put(f_.fault.code);
    put(f_.fault.harmed);
    put(may_cancel_himself(f_.fault.reporter) ? f_.fault.reporter : PersonId{});
    if (!f_.owner.empty()) put_workers({f_.owner});
    put_workers(f_.team);
    put(f_.resolution == "device_withdrawn");
    put(f_.hold.is_set());
    put(f_.work_entries > 0);
    put(f_.nothing_taken_by);
    put(f_.nothing_taken_countersigned_by);
    put(f_.reopened);
    put(f_.state == "conn_requested" && f_.escalation > 0);
    put(static_cast<int>(f_.links.size()));
    if (f_.state != "notified") return;
    // Whom the ladder has asked may take the case; how often, and in which order, nobody looks at.
    std::set<PersonId> asked;
    for (const Asked& one : f_.asked)
      asked.insert(one.people.begin(), one.people.end());
    put_names(asked);
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
      put(one.workers);
    }
    if (!f_.request) return;
    const Request& one = *f_.request;
    put(one.dead);
    put(one.break_glass);
    // Nobody is let in by a dead request; an emergency's late approvals still ask who worked.
    if (one.dead && !one.break_glass) return put_workers(one.workers);
    put(one.workers);
    put(one.by);
    put(one.attendance_waived || !one.attendant.empty());
    put(one.sessions_max);
    put(static_cast<int>(one.files.size()));
    approvals(one);
  }

  // What somebody asks of a hop's last word. Where the path is opened: does it let through, was it refused, was it
  // lost? `armed` is as little an answer as silence. Before that, exit and access point are only not well, and
  // everywhere else only closed or not: whoever opens again has a new generation, which has heard nothing yet.
  std::string word_of(const Grant& grant, Hop hop) const {
    const HopReport one = fault_response::hop_of(grant, hop);
    if (one.state == HopState::closed) return one.sessions > 0 ? "closed+" : "closed";
    if (!in(f_.state, {"conn_approved", "connecting"})) return "not";
    if (one.state == HopState::unknown || one.state == HopState::armed) return "silent";
    const bool not_well = one.state == HopState::refused || one.state == HopState::lost;
    if (f_.state == "conn_approved" && hop != Hop::route && not_well) return "not_well";
    return std::string(name_of(one.state));
  }

  void grants() {
    begin('G');
    for (const Grant& one : f_.grants) {
      put(one.accounts_disabled);
      put(one.proved_closed());
    }
    const Grant* last = f_.grant();
    if (last == nullptr || !reports_count(f_)) return;
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
      put(word_of(*last, hop));
    // A look counts only when it comes last. One that proves nothing now never will: what must be closed before that
    // is closed later.
    put(fault_response::closing_proved(*last));
    put(may_open_again(f_));
    if (!may_open_again(f_)) return;
    put(last->sessions_used);
    put(last->session_begun);
    put(last->attempts);
    put(f_.write_running);
    put(f_.state == "conn_lost" && f_.write_running &&
        f_.device_said_safe);  // every loss and every write takes it back
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
      put(one.owner.empty());
      put(one.opened_by.empty() && one.type == "policy_violation");
      put(one.opened_at >= f_.state_since);
      put(one.type == "policy_violation");
    }
  }

  void proposals() {
    begin('P');
    std::set<std::string> all;
    for (const Proposal& one : f_.proposals) {
      if (one.what == "cancel") continue;  // a letter to the hospital; no check reads it
      std::string word = one.what + "=" + std::string(nickname_of(one.by)) + "/";
      word += nickname_of(one.person);
      word += one.target.empty() ? "" : one.target.text();
      // How much more time was asked for is all that matters of it.
      if (one.what == "extension" && f_.grant() != nullptr)
        word += std::to_string((one.until - f_.grant()->window.closes).count());
      all.insert(std::move(word));
    }
    for (const std::string& one : all)
      put(one);
  }

  void clocks() {
    begin('T');
    std::vector<std::pair<Instant, std::string>> ahead;
    std::set<std::string> due;
    std::set<std::string> running;
    for (const auto& [at, word] : instants_of(m_))
      if (at <= m_.now)
        due.insert(word);
      else
        ahead.emplace_back(at, word);
    for (const Timer& one : f_.timers) {
      std::string word = one.event + "/" + about_of(f_, one.about);
      if (!acts(m_, one))
        running.insert(std::move(word));
      else if (one.due <= m_.now)
        due.insert(std::move(word));
      else
        ahead.emplace_back(one.due, std::move(word));
    }
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

std::string about_of(const CaseFile& file, const std::string& about) {
  for (std::size_t i = 0; i < file.items.size(); ++i)
    if (file.items[i].id.text() == about) return "item " + std::to_string(i + 1);
  for (std::size_t i = 0; i < file.incidents.size(); ++i)
    if (file.incidents[i].id.text() == about) return "incident " + std::to_string(i + 1);
  return about;
}

bool acts(const Moment& moment, const Timer& one) {
  // In `halted` it calls for hands and looks again, as in `disc_unverified` the reminder does.
  if (one.event == "t_close_expired") return moment.file.state != "halted";
  return in(one.event,
            {"t_approve_expired", "t_approve_final", "t_window_unused", "t_open_expired", "give_up", "t_window_end",
             "t_idle_final", "t_reconnect_expired", "t_delete_overdue", "t_retention_over"});
}

Instant next_stop(const Moment& moment) {
  Instant out{};
  const auto offer = [&](Instant at) {
    if (at > moment.now && (out == Instant{} || at < out)) out = at;
  };
  for (const Timer& one : moment.file.timers)
    if (acts(moment, one)) offer(one.due);
  for (const auto& [at, word] : instants_of(moment))
    offer(at);
  return out;
}

}  // namespace kintsugi::explore
