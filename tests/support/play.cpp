#include "tests/support/play.h"

#include <algorithm>

namespace kintsugi::testing {
namespace {

using fault_response::broken_between;
using fault_response::broken_invariants;
using fault_response::fault_response;

Json window(Instant opens, Instant closes) {
  return Json{{"opens", to_text(opens)}, {"closes", to_text(closes)}};
}

Json people(const std::string& list) {
  Json out = Json::array();
  std::istringstream in(list);
  for (std::string one; std::getline(in, one, ',');)
    out.push_back(person(one).text());
  return out;
}

bool is_person_member(const std::string& key) {
  return key == "person" || key == "attendant" || key == "owner" || key == "holder" || key == "received_by";
}

// 09:30, 09:30:05 or 1/09:30 for the next day.
Instant time_of(const std::string& text) {
  int day = 0;
  std::string clock = text;
  if (const auto slash = text.find('/'); slash != std::string::npos) {
    day = std::stoi(text.substr(0, slash));
    clock = text.substr(slash + 1);
  }
  const int second = clock.size() > 5 ? std::stoi(clock.substr(6, 2)) : 0;
  return tokyo(day, std::stoi(clock.substr(0, 2)), std::stoi(clock.substr(3, 2)), second);
}

}  // namespace

Play::Play(Directory world) : directory(std::move(world)) {}

const Policy& Play::policy() const {
  return directory.policy_of(file.id.empty() ? organisation("sakura") : file.tenant);
}

std::vector<std::string> Play::rows() const {
  std::vector<std::string> out;
  for (const Decision& one : laps)
    out.push_back(one.row);
  return out;
}

int Play::mails(std::string_view which) const {
  return static_cast<int>(
      std::ranges::count_if(effects, [&](const Effect& one) { return one.mail && one.mail->mail == which; }));
}

Json Play::payload(const std::string& who, const std::string& event, const Json& changes) const {
  const std::string doc = id_of<DocumentId>("doc", event).text();
  const std::string first = file.items.empty() ? "" : file.items.front().id.text();
  Json out = Json::object();
  if (event.starts_with("notify") || event == "fault" || event == "device_normal")
    out = {{"action", "trigger"},
           {"dedup_key", "k1"},
           {"code", "E42"},
           {"care", "degraded"},
           {"device", device("mr1").text()}};
  else if (event == "request_connection")
    out = {{"purpose", "fault"},
           {"level", "control"},
           {"window", window(now, now + 2h)},
           {"sessions_max", 2},
           {"workers", people("svc")},
           {"files", {to_base64(sha256("a listed file"))}},
           {"attendant", person("clin").text()},
           {"phi_seen", true},
           {"phi_taken", false},
           {"request_hash", to_base64(sha256("request " + std::to_string(laps.size())))},
           {"request_document", doc}};
  else if (event == "break_glass")
    out = {{"purpose", "fault"},
           {"level", "control"},
           {"window", window(now, now + 1h)},
           {"workers", people("svc")},
           {"attendant", person("clin").text()},
           {"request_hash", to_base64(sha256("emergency " + std::to_string(laps.size())))},
           {"request_document", doc}};
  else if (event == "approve" || event == "reject" || event == "post_approve") {
    const Person* human = directory.person(person(who));
    const auto roles =
        human == nullptr ? std::vector<Role>{} : directory.roles_of(*human, human->roles.front().at, now);
    out = {{"slot", roles.empty() ? "none" : name_of(roles.front())},
           {"request_hash", file.request ? to_base64(file.request->hash) : ""}};
  } else if (event == "start_connection")
    out = {{"case_number", file.number}};
  else if (event == "clinical_ok")
    out = {{"checks", Json::array()}, {"restricted_use", false}};
  else if (event == "set_hold")
    out = {{"no_patient", true}};
  else if (event == "put_file")
    out = {{"content", to_base64(sha256("a listed file"))}, {"signature_ok", true}, {"malware_clean", true}};
  else if (event == "manual_close")
    out = {{"hops", {"exit", "access_point", "route"}}, {"accounts_disabled", true}, {"evidence", doc}};
  else if (event == "judge_attachment")
    out = {{"attachment", file.attachments.empty() ? "" : file.attachments.front().document.text()}, {"phi", "none"}};
  else if (event == "item_declared")
    out = {{"kind", "log"}, {"phi", "unknown"}, {"planned_end", "erase"}};
  else if (event == "authorise_export")
    out = {{"items", {first}}, {"allow", true}};
  else if (event == "take_data")
    out = {{"item", first}, {"content", to_base64(sha256("content"))}, {"size_bytes", 10}};
  else if (event == "nothing_taken")
    out = {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}};
  else if (event == "item_erased")
    out = {{"item", first}, {"method", "clear"}, {"medium", "shared_storage"}};
  else if (event == "item_verified")
    out = {{"item", first}, {"found", 0}, {"certificate", doc}};
  else if (event == "retry_or_stronger")
    out = {{"item", first}, {"method", "purge"}};
  else if (event == "erasure_failed")
    out = {{"item", first}, {"cause", "trace_found"}};
  else if (event == "legal_hold" || event == "lift_legal_hold")
    out = {{"items", {first}}};
  else if (event == "item_retained" || event == "item_returned" || event == "item_deidentified" ||
           event == "accept_residual")
    out = {{"item", first}};
  else if (event == "open_incident" || event == "raise_incident")
    out = {{"type", "breach"}};
  else if (event.ends_with("_incident"))
    out = {{"incident", file.incidents.empty() ? "" : file.incidents.front().id.text()},
           {"owner", person("priv").text()},
           {"stage", "preliminary"}};
  else if (event == "submit_safety_report")
    out = {{"authority", "regulator"}, {"report", doc}};
  else if (event == "submit_report")
    out = {{"work", doc}};
  else if (event == "approve_report")
    out = {{"read", true}};
  else if (event == "review_log")
    out = {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}};
  else if (event == "stop_after_access")
    out = {{"resolution", "cancelled_after_access"}};
  else if (event == "onsite_done")
    out = {{"items_registered", true}};
  else if (event == "confirm_device_safe")
    out = {{"safe", true}};
  else if (event == "lift_hold")
    out = {{"restricted_use", false}};
  if (changes.is_object()) out.update(changes);
  return out;
}

Event Play::event_of(const std::string& who, const std::string& name, const Json& changes) const {
  Event out;
  out.name = name;
  out.case_id = file.id.empty() ? CaseId{new_id_text("case", now, sha256("case"), 0)} : file.id;
  out.at = now;
  out.payload = payload(who, name, changes);
  out.chance = sha256("chance " + std::to_string(chance_));
  if (who == "sys") {
    out.actor = {
        .id = "node", .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
  } else if (const Device* machine = directory.device(device(who))) {
    out.actor = {.id = machine->id.text(),
                 .kind = Role::device,
                 .person = {},
                 .org = machine->tenant,
                 .auth = "token",
                 .sign_in = {},
                 .address = {}};
  } else {
    const Person* human = directory.person(person(who));
    REQUIRE(human != nullptr);
    out.actor = {.id = human->id.text(),
                 .kind = Role::none,
                 .person = human->id,
                 .org = human->employer,
                 .auth = "pwd+otp",
                 .sign_in = {},
                 .address = {}};
    if (step_up) out.step_up = StepUp{now};
  }
  return out;
}

Verdict Play::decide(const Event& event) const {
  return fault_response().decide({.file = file,
                                  .event = event,
                                  .directory = directory,
                                  .policy = policy(),
                                  .same_device = same_device,
                                  .audit_working = audit_working,
                                  .target = target ? &*target : nullptr});
}

Verdict Play::ask(const std::string& who, const std::string& event, const Json& changes) const {
  return decide(event_of(who, event, changes));
}

Verdict Play::lap(const Event& event) {
  ++chance_;
  const Verdict verdict = decide(event);
  const auto* decision = std::get_if<Decision>(&verdict);
  if (decision == nullptr) return verdict;
  INFO("row " << decision->row << " of " << event.name << " at " << to_text(event.at));
  for (const std::string& broken : broken_between(file, decision->next))
    FAIL_CHECK(broken);
  file = decision->next;
  if (file.number.empty()) file.number = case_number(2026, 1);
  laps.push_back(*decision);
  effects.insert(effects.end(), decision->effects.begin(), decision->effects.end());
  for (int i = 0; i < 8; ++i) {
    const auto next = fault_response().follow_up(file);
    if (!next) break;
    const Verdict followed = lap(event_of("sys", *next, {}));
    if (std::holds_alternative<Refusal>(followed)) FAIL_CHECK("follow-up " << *next << " refused");
  }
  for (const std::string& broken : broken_invariants(file, policy(), now))
    FAIL_CHECK(broken);
  if (points_answer)
    for (const Effect& effect : decision->effects)
      if (effect.order) obey(*effect.order);
  return verdict;
}

void Play::obey(const Order& order) {
  HopState state = order.order == OrderKind::arm     ? HopState::armed
                   : order.order == OrderKind::open  ? HopState::open
                   : order.order == OrderKind::check ? (probe_gets_through ? HopState::reachable : HopState::closed)
                                                     : HopState::closed;
  if (const auto own = stubborn.find(order.hop); own != stubborn.end()) state = own->second;
  Json report{
      {"hop", name_of(order.hop)}, {"state", name_of(state)}, {"generation", order.generation}, {"sessions", 0}};
  if (order.hop == Hop::route && state == HopState::open) report["identity"] = identity;
  lap(event_of("sys", "report_hop", report));
}

void Play::fire_due() {
  for (int i = 0; i < 400; ++i) {
    const auto due = std::ranges::min_element(file.timers, {}, &Timer::due);
    if (due == file.timers.end() || due->due > now) return;
    Event event = event_of("sys", due->event, {});
    event.timer_about = due->about;
    event.timer_round = due->round;
    const Instant real = now;
    const Timer fired = *due;
    now = std::max(fired.due, file.state_since);
    event.at = now;
    const Verdict verdict = lap(event);
    now = real;
    if (std::holds_alternative<Refusal>(verdict)) {
      FAIL_CHECK("timer " << fired.event << " refused in " << file.state << ": " << failed_check(verdict));
      std::erase(file.timers, fired);
    }
  }
}

void Play::advance_to(Instant at) {
  now = at;
  fire_due();
}

Verdict Play::send(const std::string& who, const std::string& event, const Json& changes) {
  fire_due();
  return lap(event_of(who, event, changes));
}

void Play::play(const std::string& script) {
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string when;
    std::string who;
    std::string event;
    if (!(words >> when >> who >> event)) continue;
    advance_to(time_of(when));
    Json changes = Json::object();
    std::string word;
    while (words >> word && word != "->") {
      const auto sign = word.find('=');
      REQUIRE(sign != std::string::npos);
      const std::string key = word.substr(0, sign);
      const std::string value = word.substr(sign + 1);
      if (key == "workers" || key == "to")
        changes[key] = people(value);
      else if (is_person_member(key))
        changes[key] = person(value).text();
      else if (key == "closes")
        changes["window"] = window(now, time_of(value));
      else if (key == "until")
        changes[key] = to_text(time_of(value));
      else if (key == "device" && directory.device(device(value)) != nullptr)
        changes[key] = device(value).text();
      else if (value == "true" || value == "false")
        changes[key] = value == "true";
      else if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
        changes[key] = std::stoi(value);
      else
        changes[key] = value;
    }
    std::string expected;
    std::string check;
    words >> expected >> check;
    if (event == "-") {
      if (file.state != expected) FAIL_CHECK(line << "   stands in " << file.state);
      continue;
    }
    const Verdict verdict = lap(event_of(who, event, changes));
    if (expected == "refused") {
      if (!fails(verdict, check)) FAIL_CHECK(line << "   got " << file.state << " " << failed_check(verdict));
    } else if (file.state != expected || std::holds_alternative<Refusal>(verdict)) {
      FAIL_CHECK(line << "   got " << file.state << " " << failed_check(verdict));
    }
  }
}

void bring_to(Play& play, std::string_view state) {
  static const std::vector<std::pair<std::string, std::string>> way = {
      {"mr1", "notify"},      {"svc", "acknowledge"},   {"svc", "request_connection"}, {"sysadm", "approve"},
      {"netadm", "approve"},  {"net", "approve"},       {"clin", "set_hold"},          {"svc", "start_connection"},
      {"svc", "log_work"},    {"svc", "repair_done"},   {"clin", "clinical_ok"},       {"svc", "nothing_taken"},
      {"net", "countersign"}, {"svc", "submit_report"}, {"sysadm", "approve_report"},  {"netadm", "review_log"},
      {"sysadm", "sign_off"}};
  // Where on the way the case stands already.
  static const std::map<std::string, std::size_t> reached = {
      {"", 0},          {"notified", 1},      {"acknowledged", 2},   {"conn_requested", 3}, {"conn_approved", 6},
      {"connected", 8}, {"check_online", 10}, {"data_deletion", 11}, {"sign_off", 13}};
  for (std::size_t step = reached.at(play.file.state); step < way.size(); ++step) {
    const auto& [who, event] = way[step];
    if (play.file.state == state) return;
    const Verdict verdict = play.send(who, event);
    INFO(event << " in " << play.file.state << ": " << failed_check(verdict));
    REQUIRE(std::holds_alternative<Decision>(verdict));
    play.now += 1min;
  }
  REQUIRE(play.file.state == state);
}

}  // namespace kintsugi::testing
