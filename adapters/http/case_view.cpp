#include "adapters/http/case_view.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

template <class T>
Json as_json(const T& value) {
  return Json::parse(to_json_text(value));
}

void put_time(Json& out, const char* name, Instant at) {
  if (at != Instant{}) out[name] = to_text(at);
}
template <class Tag>
void put_id(Json& out, const char* name, const Id<Tag>& id) {
  if (!id.empty()) out[name] = id.text();
}

std::string label(const CaseViewer& viewer, std::string_view name) {
  return in(viewer.language, viewer.desk.workflow.text(name));
}

Json person_json(const CaseViewer& viewer, const PersonId& id) {
  const Person* person = viewer.directory.person(id);
  return {{"id", id.text()}, {"name", person == nullptr ? std::string() : in(viewer.language, person->name)}};
}
template <class Tag>
Json organisation_json(const CaseViewer& viewer, const Id<Tag>& id) {
  const Organisation* one = viewer.directory.organisation(id);
  return {{"id", id.text()}, {"name", one == nullptr ? std::string() : in(viewer.language, one->name)}};
}

Json device_json(const CaseViewer& viewer, const DeviceId& id) {
  const Device* device = viewer.directory.device(id);
  if (device == nullptr) return nullptr;
  return {{"id", id.text()},
          {"nickname", in(viewer.language, device->nickname)},
          {"model", device->model},
          {"location", device->location}};
}

void put_state(Json& out, const CaseViewer& viewer, const std::string& name, Instant since) {
  out["state"] = name;
  out["state_since"] = to_text(since);
  const StateInfo* state = viewer.desk.workflow.state(name);
  if (state == nullptr) return;
  out["label"] = in(viewer.language, state->label);
  out["step"] = state->step;
  out["access"] = name_of(state->access);
  out["end"] = state->end;
}

Json request_json(const Request& request, const CaseFile& file, const CaseViewer& viewer) {
  Json out = as_json(request);
  out["by"] = person_json(viewer, request.by);
  out["hash"] = to_base64(request.hash);
  Json& approvals = out["approvals"] = Json::array();
  for (const Approval& one : request.approvals) {
    Json approval = as_json(one);
    approval["by"] = person_json(viewer, one.by);
    approval["approved"] = one.approved;
    approval["slot_label"] = label(viewer, name_of(one.slot));
    approvals.push_back(std::move(approval));
  }
  Json& slots = out["open_slots"] = Json::array();
  for (const Role slot : viewer.directory.policy_of(file.tenant, file.policy_version).slots)
    if (std::ranges::none_of(request.approvals, [&](const Approval& one) { return one.slot == slot; }))
      slots.push_back({{"slot", name_of(slot)}, {"label", label(viewer, name_of(slot))}});
  Json& workers = out["workers"] = Json::array();
  for (const PersonId& one : request.workers)
    workers.push_back(person_json(viewer, one));
  return out;
}

Json actions_json(const CaseFile& file, const std::vector<CaseBrief>& same_device, const CaseViewer& viewer) {
  Event asks;
  asks.actor = viewer.actor;
  asks.case_id = file.id;
  asks.at = viewer.now;
  const Situation situation{
      file, asks, viewer.directory, viewer.directory.policy_of(file.tenant, file.policy_version), same_device, true};
  Json out = Json::array();
  for (const ActionView& one : viewer.desk.workflow.actions(situation)) {
    Json action = {{"event", one.event}, {"label", label(viewer, one.event)}, {"allowed", one.allowed}};
    if (one.needs_step_up) action["needs_step_up"] = true;
    if (one.closing) action["closing"] = true;
    if (!one.allowed) action["blocked_by"] = to_json(one.blocked_by, viewer.language, viewer.desk.words());
    action["href"] = "/api/v1/cases/" + file.id.text() + "/events/" + one.event;
    out.push_back(std::move(action));
  }
  return out;
}

Json deadlines_json(const CaseFile& file, const CaseViewer& viewer) {
  std::vector<Timer> timers = file.timers;
  std::ranges::sort(timers, {}, &Timer::due);
  Json out = Json::array();
  for (const Timer& timer : timers) {
    Json one = {{"event", timer.event}, {"label", label(viewer, timer.event)}, {"due", to_text(timer.due)}};
    if (!timer.about.empty()) one["about"] = timer.about;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Json case_json(const CaseFile& file, const std::vector<CaseBrief>& same_device, const CaseViewer& viewer) {
  Json out = {{"id", file.id.text()},
              {"number", file.number},
              {"version", file.version},
              {"workflow", file.workflow},
              {"tenant", organisation_json(viewer, file.tenant)},
              {"priority", name_of(file.priority)},
              {"opened_at", to_text(file.opened_at)}};
  put_state(out, viewer, file.state, file.state_since);
  if (!file.rsc.empty()) out["rsc"] = organisation_json(viewer, file.rsc);
  out["device"] = device_json(viewer, file.device);
  put_id(out, "contract", file.contract);
  put_time(out, "closed_at", file.closed_at);
  if (!file.owner.empty()) out["owner"] = person_json(viewer, file.owner);
  if (!file.next.empty()) out["next"] = file.next;
  if (!file.resolution.empty()) out["resolution"] = file.resolution;
  out["fault"] = as_json(file.fault);
  out["hold"] = as_json(file.hold);
  out["hold"]["is_set"] = file.hold.is_set();
  out["work_entries"] = file.work_entries;
  out["write_running"] = file.write_running;
  out["nothing_taken"] = {{"claimed", !file.nothing_taken_by.empty()},
                          {"countersigned", !file.nothing_taken_countersigned_by.empty()}};
  if (file.request) out["request"] = request_json(*file.request, file, viewer);
  for (const Request& one : file.emergencies)
    out["emergencies"].push_back(request_json(one, file, viewer));
  out["grants"] = as_json(file.grants);
  out["items"] = Json::array();
  for (const DataItem& item : file.items) {
    Json one = as_json(item);
    one["kind"] = name_of(item.kind);
    one["state"] = name_of(item.state);
    one["final"] = is_final(item.state);
    out["items"].push_back(std::move(one));
  }
  out["obligations"] = Json::array();
  for (const Obligation& obligation : file.obligations) {
    Json one = as_json(obligation);
    one["kind"] = name_of(obligation.kind);
    one["label"] = label(viewer, name_of(obligation.kind));
    one["done"] = obligation.done();
    out["obligations"].push_back(std::move(one));
  }
  out["incidents"] = as_json(file.incidents);
  out["links"] = as_json(file.links);
  out["deadlines"] = deadlines_json(file, viewer);
  out["actions"] = actions_json(file, same_device, viewer);
  return out;
}

Json brief_json(const CaseBrief& brief, const CaseViewer& viewer) {
  Json out = {{"id", brief.id.text()},
              {"number", brief.number},
              {"version", brief.version},
              {"priority", name_of(brief.priority)},
              {"tenant", organisation_json(viewer, brief.tenant)},
              {"device", device_json(viewer, brief.device)},
              {"fault_code", brief.fault_code},
              {"opened_at", to_text(brief.opened_at)},
              {"open", brief.open}};
  put_state(out, viewer, brief.state, brief.state_since);
  return out;
}

}  // namespace kintsugi::http
