#include "tests/support/play.h"

#include <algorithm>
#include <optional>
#include <set>

// Every row of the table is taken: short plays through all of it, compared with the table at the end.
namespace kintsugi::testing {
namespace {

class Tour {
 public:
  ~Tour() { leave(); }
  // A new play, brought to this state by the straight way.
  Play& from(std::string_view state) {
    leave();
    play_.emplace();
    bring_to(*play_, state);
    return *play_;
  }
  void leave() {
    if (play_)
      for (const std::string& row : play_->rows())
        taken.insert(row);
    play_.reset();
  }
  void go(const std::string& who, const std::string& event, const Json& changes = Json::object()) {
    const Verdict verdict = play_->send(who, event, changes);
    INFO(who << " " << event << " in " << play_->file.state << ": " << failed_check(verdict));
    REQUIRE(std::holds_alternative<Decision>(verdict));
    play_->now += 1min;
  }
  void wait(Duration how_long) { play_->advance_to(play_->now + how_long); }
  void stands(std::string_view state) {
    INFO("last row " << play_->laps.back().row);
    REQUIRE(play_->file.state == state);
  }
  void report(const char* hop, const char* state) {
    go("sys", "report_hop",
       {{"hop", hop}, {"state", state}, {"generation", play_->file.grant()->generation}, {"sessions", 0}});
    play_->now -= 1min;  // hops answer at once
  }
  void all_closed() {
    for (const char* hop : {"route", "access_point", "exit", "probe"})
      report(hop, "closed");
  }
  void connect() {
    go("clin", "set_hold");
    go("svc", "start_connection");
  }
  // From a request to a session that has begun.
  void another_session() {
    go("svc", "request_connection");
    for (const char* who : {"sysadm", "netadm", "net"})
      go(who, "approve");
    connect();
    stands("connected");
  }
  void take_something() {
    go("svc", "item_declared");
    go("sysadm", "authorise_export");
    go("svc", "take_data");
  }
  void to_deletion() {
    go("svc", "log_work");
    go("svc", "repair_done");
    go("clin", "clinical_ok");
    stands("data_deletion");
  }

  std::set<std::string> taken;

 private:
  std::optional<Play> play_;
};

void notice_and_triage(Tour& t) {
  Play& early = t.from("notified");
  t.go("mr1", "notify_duplicate");
  t.go("mr1", "notify_second_fault", {{"code", "E99"}});
  t.wait(2h);
  t.go("svc", "acknowledge");
  t.wait(5h);
  t.go("svc", "reassign", {{"person", person("svc2").text()}});
  t.go("svc2", "escalate_l2", {{"person", person("l2").text()}});
  t.go("svc2", "request_connection");
  t.go("svc2", "amend_or_withdraw");
  const Instant opens = early.now + 5h;
  t.go("svc2", "request_connection", {{"window", {{"opens", to_text(opens)}, {"closes", to_text(opens + 1h)}}}});
  t.wait(5h);
  t.stands("conn_rejected");
  t.wait(5h);
  t.go("svc2", "revise");
  t.go("svc2", "resolved_without_access");
  t.go("clin", "clinical_ng");
  t.go("svc2", "propose_cancel");
  t.go("sysadm", "cancel");
  t.stands("cancelled");

  t.from("acknowledged");
  t.go("svc", "propose_false_alarm");
  t.go("clin", "confirm_false_alarm");

  Play& merging = t.from("acknowledged");
  CaseFile other = merging.file;
  other.id = id_of<CaseId>("case", "other");
  merging.target = other;
  merging.same_device = {brief_of(other, true)};
  t.go("svc", "propose_merge", {{"target", other.id.text()}});
  t.go("sysadm", "merge_into", {{"target", other.id.text()}});

  t.leave();
  Play unknown;
  unknown.send("clin", "notify_unknown", {{"device", ""}});
  t.taken.insert(unknown.laps.back().row);
}

void request_and_approval(Tour& t) {
  t.from("conn_requested");
  t.go("netadm", "reject");
  t.go("svc", "revise");
  t.go("svc", "dispatch_onsite");
  t.stands("onsite");

  t.from("conn_approved");
  t.go("svc", "amend_or_withdraw");
  t.stands("acknowledged");
  t.go("svc", "request_connection");
  t.go("sysadm", "reject");
  t.go("sysadm", "stop_after_access");
  t.stands("data_deletion");

  t.from("conn_approved");
  t.wait(1h);
  t.stands("acknowledged");
  t.go("sysadm", "stop_after_access", {{"resolution", "false_alarm_after_access"}});

  t.from("conn_approved");
  t.go("net", "revoke");

  t.from("acknowledged");
  t.go("sysadm", "set_priority", {{"priority", "p1"}});
  t.go("net", "consent_break_glass");
  t.go("duty", "break_glass");
  t.connect();
  t.to_deletion();
  t.go("svc", "nothing_taken");
  t.go("net", "countersign");
  t.go("sysadm", "post_approve");
  t.go("netadm", "post_approve");
}

void connection(Tour& t) {
  Play& stubborn = t.from("conn_approved");
  stubborn.points_answer = false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (attempt == 0) t.go("clin", "set_hold");
    t.go("svc", "start_connection");
    t.report("exit", "open");
    t.report("access_point", "refused");
    t.stands("connect_failed");
    t.all_closed();
    t.go("svc", attempt == 0 ? "retry" : "give_up");
  }
  t.stands("acknowledged");

  Play& waiting = t.from("conn_approved");
  waiting.points_answer = false;
  t.connect();
  t.wait(45s);
  t.stands("connect_failed");
  t.wait(2min);
  t.stands("disc_unverified");
  t.wait(5h);
  t.go("netadm", "manual_close");
  t.stands("acknowledged");

  t.from("conn_approved");
  t.connect();
  t.go("svc", "put_file");
  t.take_something();
  t.go("svc", "request_extension", {{"until", to_text(tokyo(0, 12, 0))}});
  t.go("sysadm", "extend_window", {{"until", to_text(tokyo(0, 12, 0))}});
  t.go("svc", "propose_l2", {{"person", person("l2").text()}});
  t.go("sysadm", "allow_l2", {{"person", person("l2").text()}});
  t.go("net", "allow_l2", {{"person", person("l2").text()}});
  t.go("svc", "escalate_l2", {{"person", person("l2").text()}});
  t.go("l2", "log_work");
  t.go("svc", "disconnect_for_now");
  t.stands("conn_approved");
  t.go("svc", "start_connection");
  t.go("sys", "connection_lost");
  t.go("svc", "reconnect");
  t.stands("connected");
  t.go("svc", "repair_done");
  t.go("clin", "clinical_ng");
  t.stands("connected");
  t.go("sys", "connection_lost");
  t.wait(31min);
  t.stands("acknowledged");
}

void leaving(Tour& t) {
  t.from("connected");
  t.go("svc", "repair_impossible");
  t.stands("onsite");
  t.go("psm", "onsite_progress", {{"progress", "arrived"}});
  t.wait(72h);
  t.go("psm", "need_remote_help");
  t.go("svc", "dispatch_onsite");
  t.go("psm", "onsite_done");
  t.wait(5h);
  t.go("clin", "clinical_ok");
  t.stands("data_deletion");

  t.from("connected");
  t.go("svc", "repair_impossible");
  t.go("sysadm", "withdraw_device");
  t.stands("data_deletion");

  t.from("connected");
  t.go("svc", "abort");
  t.stands("data_deletion");

  t.from("connected");
  t.wait(21min);
  t.stands("acknowledged");

  t.from("connected");
  t.go("svc", "log_work");
  t.go("svc", "repair_done");
  t.wait(3h);
  t.stands("check_offline");

  Play& cut = t.from("connected");
  cut.points_answer = false;
  t.go("clin", "emergency_disconnect");
  t.wait(5h);
  t.all_closed();
  t.go("sysadm", "release");
  t.stands("acknowledged");

  t.from("connected");
  t.go("sys", "policy_violation", {{"violation", "unknown_account"}});
  t.go("sysadm", "abandon");
  t.stands("data_deletion");

  t.from("connected");
  t.go("psm", "emergency_disconnect");
  t.go("sysadm", "dispatch_onsite");
  t.stands("onsite");

  Play& reachable = t.from("connected");
  reachable.probe_gets_through = true;
  t.go("sysadm", "revoke");
  t.wait(2min);
  t.stands("disc_unverified");
  t.report("probe", "closed");
  t.stands("acknowledged");
}

void deletion_and_signature(Tour& t) {
  t.from("conn_approved");
  t.connect();
  t.take_something();
  t.to_deletion();
  t.go("svc", "item_erased");
  t.go("net", "erasure_failed");
  t.stands("deletion_failed");
  t.wait(5h);
  t.go("priv", "raise_incident");
  t.go("svc", "retry_or_stronger");
  t.go("priv", "legal_hold");
  t.go("priv", "lift_legal_hold");
  t.wait(80h);
  t.stands("deletion_failed");
  t.go("priv", "assess_incident");
  t.go("priv", "accept_residual");
  t.stands("sign_off");
  t.go("sysadm", "refuse_data");
  t.go("svc", "answer_nonconformity", {{"about", "F83"}});
  t.stands("sign_off");
  t.wait(24h * 10);
  t.go("clin", "refuse_repair");
  t.stands("acknowledged");
  t.another_session();

  t.from("conn_approved");
  t.connect();
  t.take_something();
  t.to_deletion();
  t.go("svc", "item_erased");
  t.go("net", "item_verified");
  t.stands("sign_off");

  Play& kept = t.from("conn_approved");
  t.connect();
  t.take_something();
  t.to_deletion();
  t.go("priv", "item_retained", {{"until", to_text(kept.now + 24h * 30)}});
  t.stands("sign_off");

  t.from("closed");
  t.go("clin", "reopen");
}

}  // namespace

TEST_CASE("every row of the table is taken by a play", "[fault_response]") {
  Tour t;
  notice_and_triage(t);
  request_and_approval(t);
  connection(t);
  leaving(t);
  deletion_and_signature(t);
  t.leave();

  std::string missing;
  for (const ArcInfo& arc : fault_response::fault_response().arcs)
    if (!arc.note && !t.taken.contains(arc.row) && missing.find(arc.row) == std::string::npos)
      missing += arc.row + " " + arc.event + "\n";
  INFO("not taken:\n" << missing);
  CHECK(missing.empty());
}

}  // namespace kintsugi::testing
