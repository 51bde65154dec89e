#pragma once

#include "engine/base/entropy.h"
#include "engine/domain/workflow.h"

#include <string>
#include <utility>

// A workflow of three states with one of everything that the engine must cope with: an opening event, a note, a
// timer, an order, a closing, an automatic step, a second case, a text, a hashed request and a second proof.
namespace kintsugi::toy {

inline Refusal refusal(std::string check, Refusal::Kind kind = Refusal::Kind::guard) {
  return {.kind = kind, .failed = {{.name = std::move(check), .lifted_by = {Role::hcf_sysadm}, .since = {}}}};
}

inline Effect effect_of(const Situation& s, const CaseFile& file, std::string lane, unsigned n) {
  Effect out;
  out.id = EffectId{new_id_text("effect", s.event.at, s.event.chance, n)};
  out.case_id = file.id;
  out.tenant = file.tenant;
  out.lane = std::move(lane);
  out.at = s.event.at;
  return out;
}

inline Effect order_of(const Situation& s, const CaseFile& file, OrderKind kind) {
  Effect out = effect_of(s, file, "access_point", 20);
  out.closing = kind == OrderKind::close;
  Order order;
  order.order = kind;
  order.hop = Hop::access_point;
  order.generation = 1;
  order.device = file.device;
  if (const Device* device = s.directory.device(file.device)) order.at = device->access_point;
  out.order = order;
  return out;
}

inline Effect mail_of(const Situation& s, const CaseFile& file) {
  Effect out = effect_of(s, file, "mail", 21);
  out.mail = Mail{.mail = "M01", .to = {}, .desks = {file.rsc}, .facts = {}};
  return out;
}

inline bool takes_part(const Situation& s, const CaseFile& file) {
  const Actor& actor = s.event.actor;
  return actor.kind == Role::sys || actor.org == file.tenant || actor.org == file.rsc;
}

inline void open(const Situation& s, CaseFile& next) {
  const std::string device =
      s.event.actor.kind == Role::device ? s.event.actor.id : s.event.payload.value("device", "");
  next.id = s.event.case_id;
  next.device = DeviceId{device};
  if (const Device* known = s.directory.device(next.device)) next.tenant = known->tenant;
  if (const Contract* contract = s.directory.contract_of(next.device, s.event.at)) {
    next.contract = contract->id;
    next.rsc = contract->rsc;
  }
  next.workflow = "toy";
  next.state = "waiting";
  next.version = 1;
  next.opened_at = next.state_since = s.event.at;
  next.fault.code = s.event.payload.value("code", "");
  next.fault.dedup_key = s.event.payload.value("dedup_key", "");
  next.fault.notice = DocumentId{s.event.payload.value("details", "")};
  next.timers.push_back({.event = "t_late", .due = s.event.at + 10min, .round = 1, .about = {}});
}

inline Verdict decide(const Situation& s) {
  const std::string& name = s.event.name;
  const CaseFile& file = s.file;
  Decision d;
  d.from = file.state;
  d.row = name;
  d.as = s.event.as != Role::none           ? s.event.as
         : s.event.actor.kind != Role::none ? s.event.actor.kind
                                            : Role::hcf_sysadm;
  d.next = file;

  if (name == "notify" || name == "notify_other") {
    open(s, d.next);
    if (d.next.tenant.empty()) return refusal("device_known");
    if (!takes_part(s, d.next)) return refusal("not_a_participant", Refusal::Kind::forbidden);
    d.row = name == "notify" ? "F01" : "F04";
    d.effects.push_back(mail_of(s, d.next));
    if (name == "notify_other" && !s.same_device.empty()) {
      d.next.links.push_back({.kind = LinkKind::same_device, .other = s.same_device.front().id});
    }
    return d;
  }
  if (!takes_part(s, file)) return refusal("not_a_participant", Refusal::Kind::forbidden);
  ++d.next.version;
  const auto to = [&](const char* state, const char* row) {
    d.next.state = state;
    d.row = row;
    d.next.state_since = s.event.at;
  };
  const auto from = [&](const char* state) { return file.state == state; };

  if (name == "notify_duplicate") {
    ++d.next.fault.occurrences;
  } else if (name == "device_normal") {
    d.next.fault.normal_since = s.event.at;
  } else if (name == "add_note") {
    ++d.next.work_entries;
  } else if (name == "ask") {
    Request request;
    std::ignore = read_json(s.event.payload.at("request_hash"), request.hash);
    request.document = DocumentId{s.event.payload.at("request_document").get<std::string>()};
    d.next.request = request;
  } else if (name == "approve") {
    if (!s.event.step_up) return refusal("step_up");
    ++d.next.escalation;
  } else if (name == "start" || name == "auto_start") {
    if (!from("waiting")) return refusal("state", Refusal::Kind::not_applicable);
    to("working", name == "start" ? "F02" : "F03");
    d.effects.push_back(order_of(s, d.next, OrderKind::open));
  } else if (name == "finish") {
    if (!from("working")) return refusal("state", Refusal::Kind::not_applicable);
    if (!s.event.payload.value("tested", false)) return refusal("tested");
    to("done", "F05");
    d.next.closed_at = s.event.at;
    d.next.timers.clear();
  } else if (name == "stop" || name == "t_stop") {
    if (!from("working")) return refusal("state", Refusal::Kind::not_applicable);
    to("waiting", "F06");
    d.effects.push_back(order_of(s, d.next, OrderKind::close));
  } else if (name == "t_late") {
    if (file.state == "done") return refusal("state", Refusal::Kind::not_applicable);
    ++d.next.escalation;
  } else if (name == "t_never") {
    return refusal("never");
  } else if (name == "set_timer") {
    d.next.timers.push_back({.event = s.event.payload.at("event").get<std::string>(),
                             .due = s.event.at + std::chrono::seconds(s.event.payload.at("in").get<int>()),
                             .round = 0,
                             .about = {}});
  } else if (name == "link") {
    CaseFile other;
    other = file;
    other.id = CaseId{new_id_text("case", s.event.at, s.event.chance, 30)};
    other.version = 1;
    other.state = "waiting";
    other.timers.clear();
    other.links = {{.kind = LinkKind::possible_side_effect, .other = file.id}};
    d.row = "F04";
    d.next.links.push_back({.kind = LinkKind::possible_side_effect, .other = other.id});
    d.others.push_back(std::move(other));
  } else if (name == "report_hop") {
    d.next.test_result = s.event.payload.value("state", "") == "open";
    d.next.grace_until = s.event.at;
  } else if (name == "mail_bounced") {
    ++d.next.reopened;
  } else {
    return refusal("state", Refusal::Kind::not_applicable);
  }
  return d;
}

inline Route route(const Situation& s) {
  const std::string code = s.event.payload.value("code", "");
  for (const CaseBrief& one : s.same_device)
    if (one.fault_code == code) return {.event = "notify_duplicate", .case_id = one.id};
  if (!s.same_device.empty()) return {.event = "notify_other", .case_id = {}};
  return {.event = "notify", .case_id = {}};
}

inline EventInfo event(std::string name, Json members = Json::object(), Json required = Json::array()) {
  EventInfo out;
  out.name = std::move(name);
  out.schema = {{"type", "object"},
                {"properties", std::move(members)},
                {"required", std::move(required)},
                {"additionalProperties", false}};
  out.by_people = true;
  return out;
}

inline Workflow workflow() {
  const Json text = {{"type", "string"}, {"maxLength", 1000}, {"x-document", "care"}};
  const Json reason = {
      {"type", "string"}, {"maxLength", 1000}, {"x-document", {{"key", "evidence"}, {"label", "text"}}}};
  const Json word = {{"type", "string"}, {"maxLength", 64}};
  const Json fault = {{"action", word}, {"device", word}, {"code", word}, {"dedup_key", word}, {"details", text}};

  Workflow out;
  out.name = "toy";
  out.version = "1";
  out.states = {{.name = "waiting", .label = {}, .step = 1},
                {.name = "working", .label = {}, .step = 4, .access = Access::open},
                {.name = "done", .label = {}, .end = true}};
  for (const char* name : {"fault", "notify", "notify_duplicate", "notify_other", "device_normal"})
    out.events.push_back(event(name, fault, {"code"}));
  for (EventInfo& one : out.events) {
    one.opens_case = one.name == "notify" || one.name == "notify_other";
    one.needs_same_device = one.name == "notify_other";
  }
  out.events.push_back(event("add_note", {{"text", text}}, {"text"}));
  out.events.push_back(event("ask", {{"purpose", word}, {"reason", reason}}, {"purpose"}));
  out.events.back().schema["x-hash"] = true;
  out.events.push_back(event("approve", {{"request_hash", word}}));
  out.events.back().needs_step_up = true;
  out.events.push_back(event("start"));
  out.events.push_back(event("auto_start"));
  out.events.push_back(event("finish", {{"tested", {{"type", "boolean"}}}}));
  out.events.push_back(event("stop", {{"reason", reason}}));
  out.events.back().closing = true;
  out.events.push_back(event("t_stop"));
  out.events.back().closing = true;
  out.events.push_back(event("t_late"));
  out.events.push_back(event("t_never"));
  out.events.push_back(event("set_timer", {{"event", word}, {"in", {{"type", "integer"}}}}, {"event", "in"}));
  out.events.push_back(event("link"));
  out.events.push_back(event("report_hop", {{"hop", word},
                                            {"state", word},
                                            {"generation", {{"type", "integer"}}},
                                            {"sessions", {{"type", "integer"}}},
                                            {"grant", word},
                                            {"identity", word}}));
  out.events.push_back(
      event("mail_bounced",
            {{"effect", word}, {"mail", word}, {"to", {{"type", "array"}}}, {"gave_up", {{"type", "boolean"}}}}));

  out.decide = decide;
  out.follow_up = [](const CaseFile& file) -> std::optional<std::string> {
    if (file.state == "waiting" && file.work_entries == 2) return "auto_start";
    return std::nullopt;
  };
  out.route = route;
  out.letter = [](const Effect& effect, const LetterContext& context) {
    Letter letter;
    letter.message_id = "<" + effect.id.text() + "@" + context.mail_domain + ">";
    letter.thread_id = letter.message_id;
    for (const OrganisationId& desk : effect.mail->desks)
      if (const Organisation* one = context.directory.organisation(desk)) letter.to.push_back(one->duty_desk_mail);
    letter.subject = context.file.number;
    letter.body = context.console_url;
    return letter;
  };
  out.text = [](std::string_view) { return Text{}; };
  out.actions = [](const Situation& s) {
    std::vector<ActionView> out_list;
    if (!takes_part(s, s.file)) return out_list;
    out_list.push_back({.event = "start", .allowed = s.file.state == "waiting", .blocked_by = {}});
    return out_list;
  };
  return out;
}

}  // namespace kintsugi::toy
