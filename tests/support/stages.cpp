#include "tests/support/stages.h"

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <stdexcept>

namespace kintsugi::testing {
namespace {

void go(Play& play, const std::string& who, const std::string& event, const Json& changes = Json::object()) {
  const Verdict verdict = play.send(who, event, changes);
  INFO(who << " " << event << " in " << play.file.state << ": " << failed_check(verdict));
  REQUIRE(std::holds_alternative<Decision>(verdict));
  play.now += 1min;
}

void wait(Play& play, Duration how_long) {
  play.advance_to(play.now + how_long);
}

void connect(Play& play) {
  go(play, "clin", "set_hold");
  go(play, "svc", "start_connection");
}

void fail_to_open(Play& play) {
  play.points_answer = false;
  connect(play);
  wait(play, 45s);
}

// Ways that branch off the straight one: where from, and what then.
struct Branch {
  std::string_view from;
  std::function<void(Play&)> then;
};

const std::map<std::string_view, Branch>& branches() {
  static const std::map<std::string_view, Branch> all = {
      {"conn_rejected", {"conn_requested", [](Play& play) { go(play, "netadm", "reject"); }}},
      {"connecting",
       {"conn_approved",
        [](Play& play) {
          play.points_answer = false;
          connect(play);
        }}},
      {"connect_failed", {"conn_approved", fail_to_open}},
      {"conn_lost", {"connected", [](Play& play) { go(play, "sys", "connection_lost"); }}},
      {"check_offline", {"acknowledged", [](Play& play) { go(play, "svc", "resolved_without_access"); }}},
      {"halted", {"connected", [](Play& play) { go(play, "psm", "emergency_disconnect"); }}},
      {"disconnecting",
       {"connected",
        [](Play& play) {
          play.points_answer = false;
          go(play, "svc", "abort");
        }}},
      {"disc_unverified",
       {"connected",
        [](Play& play) {
          play.probe_gets_through = true;
          go(play, "sysadm", "revoke");
          wait(play, 2min);
        }}},
      {"onsite", {"connected", [](Play& play) { go(play, "svc", "repair_impossible"); }}},
      {"data_deletion",
       {"connected",
        [](Play& play) {
          go(play, "svc", "item_declared");
          go(play, "sysadm", "authorise_export");
          go(play, "svc", "take_data");
          go(play, "svc", "log_work");
          go(play, "svc", "repair_done");
          go(play, "clin", "clinical_ok");
        }}},
      {"deletion_failed",
       {"data_deletion",
        [](Play& play) {
          go(play, "svc", "item_erased");
          go(play, "net", "erasure_failed");
        }}},
      {"cancelled",
       {"acknowledged",
        [](Play& play) {
          go(play, "svc", "propose_cancel");
          go(play, "sysadm", "cancel");
        }}},
      {"false_alarm",
       {"acknowledged",
        [](Play& play) {
          go(play, "svc", "propose_false_alarm");
          go(play, "clin", "confirm_false_alarm");
        }}},
      {"merged",
       {"acknowledged",
        [](Play& play) {
          CaseFile other = play.file;
          other.id = id_of<CaseId>("case", "other");
          play.target = other;
          play.same_device = {brief_of(other, true)};
          go(play, "svc", "propose_merge", {{"target", other.id.text()}});
          go(play, "sysadm", "merge_into", {{"target", other.id.text()}});
        }}},
  };
  return all;
}

Json sample_text(const Json& schema, Instant now) {
  const std::string format = schema.value("format", "");
  if (format == "date-time") return to_text(now);
  std::string out = "text";
  if (const std::string pattern = schema.value("pattern", ""); !pattern.empty()) {
    const std::regex form(pattern);
    const auto fits = [&](const std::string& one) { return std::regex_search(one, form); };
    std::vector<std::string> candidates = {"text", "F57", "M01", "RA01", "cooling", to_base64(sha256("sample"))};
    for (const char* prefix : {"person", "case", "doc", "item", "device", "incident", "org"})
      candidates.push_back(new_id_text(prefix, now, sha256("sample"), 0));
    const auto found = std::ranges::find_if(candidates, fits);
    if (found == candidates.end()) throw std::logic_error("no sample for the pattern " + pattern);
    return *found;
  }
  out.resize(std::max(out.size(), schema.value("minLength", std::size_t{0})), 'x');
  return out;
}

// The play knows an empty text for what there is none of, and slots by whatever role somebody holds.
bool fits(const Json& value, const Json& schema) {
  const auto some = schema.find("enum");
  if (some != schema.end() && std::ranges::find(*some, value) == some->end()) return false;
  return value != "" && value != Json::array({""});
}

}  // namespace

Play in_state(std::string_view state) {
  const auto branch = branches().find(state);
  if (branch == branches().end()) {
    Play play;
    bring_to(play, state);
    return play;
  }
  Play play = in_state(branch->second.from);
  branch->second.then(play);
  INFO("last row " << play.laps.back().row);
  REQUIRE(play.file.state == state);
  return play;
}

Json sample_of(const Json& schema, Instant now) {
  if (const auto one = schema.find("const"); one != schema.end()) return *one;
  if (const auto some = schema.find("enum"); some != schema.end()) return some->front();
  for (const char* choice : {"oneOf", "anyOf"})
    if (const auto some = schema.find(choice); some != schema.end() && !schema.contains("type"))
      return sample_of(some->front(), now);
  const std::string type = schema.value("type", "object");
  if (type == "string") return sample_text(schema, now);
  if (type == "boolean") return true;
  if (type == "integer" || type == "number") return schema.value("minimum", 1);
  if (type == "array") {
    Json out = Json::array();
    for (int i = 0; i < schema.value("minItems", 0); ++i)
      out.push_back(sample_of(schema.at("items"), now));
    return out;
  }
  Json out = Json::object();
  for (const Json& name : schema.value("required", Json::array()))
    out[name.get<std::string>()] = sample_of(schema.at("properties").at(name.get<std::string>()), now);
  return out;
}

Json written(const Play& play, const EventInfo& event, const std::string& who) {
  Json out = sample_of(event.schema, play.now);
  const Json ordinary = play.payload(who, event.name, {});
  const Json known = event.schema.value("properties", Json::object());
  for (const auto& [name, value] : ordinary.items())
    if (known.contains(name) && fits(value, known.at(name))) out[name] = value;
  return out;
}

}  // namespace kintsugi::testing
