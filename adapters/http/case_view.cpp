#include "adapters/http/case_view.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

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

bool is_empty(const Json& shown) {
  return shown.is_null() || (shown.is_string() && shown.get_ref<const std::string&>().empty());
}

// A value as a reader sees it, member by member. Unlike the stored form it says every name, number and yes or no,
// also one that is as in a new value; only what there is not (no person, no time, no digest) is left out.
template <class T>
Json shown(const T& value, const CaseViewer& viewer) {
  using namespace fields_detail;
  if constexpr (std::is_same_v<T, PersonId>) {
    return value.empty() ? Json() : person_json(viewer, value);
  } else if constexpr (std::is_same_v<T, OrganisationId>) {
    return value.empty() ? Json() : organisation_json(viewer, value);
  } else if constexpr (is_id<T>::value) {
    return value.text();
  } else if constexpr (std::is_enum_v<T>) {
    return name_of(value);
  } else if constexpr (std::is_same_v<T, Instant>) {
    return value == Instant{} ? Json() : Json(to_text(value));
  } else if constexpr (std::is_same_v<T, Duration>) {
    return value.count();
  } else if constexpr (std::is_same_v<T, Digest>) {
    return value == Digest{} ? Json() : Json(to_base64(value));
  } else if constexpr (is_optional<T>::value) {
    return value ? shown(*value, viewer) : Json();
  } else if constexpr (is_vector<T>::value) {
    Json out = Json::array();
    for (const auto& one : value)
      out.push_back(shown(one, viewer));
    return out;
  } else if constexpr (HasFields<T>) {
    Json out = Json::object();
    const auto member = [&](const auto& one) {
      if (Json part = shown(value.*(one.at), viewer); !is_empty(part)) out[std::string(one.name)] = std::move(part);
    };
    std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
    return out;
  } else {
    return value;
  }
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
  out["access_label"] = label(viewer, "access_" + std::string(name_of(state->access)));
  out["end"] = state->end;
}

Json request_json(const Request& request, const CaseFile& file, const CaseViewer& viewer) {
  Json out = shown(request, viewer);
  for (std::size_t i = 0; i < request.approvals.size(); ++i)
    out["approvals"][i]["slot_label"] = label(viewer, name_of(request.approvals[i].slot));
  out["purpose_label"] = label(viewer, "purpose_" + request.purpose);
  out["level_label"] = label(viewer, name_of(request.level));
  Json& slots = out["open_slots"] = Json::array();
  for (const Role slot : viewer.directory.policy_of(file.tenant, file.policy_version).slots)
    if (std::ranges::none_of(request.approvals, [&](const Approval& one) { return one.slot == slot; }))
      slots.push_back({{"slot", name_of(slot)}, {"label", label(viewer, name_of(slot))}});
  return out;
}

Json beginning_json(const CaseFile& file, const CaseViewer& viewer) {
  Json out = shown(file.began, viewer);
  out["label"] = label(viewer, file.began.event);
  if (!file.began.why.empty()) out["why_label"] = label(viewer, file.began.why);
  return out;
}

Json grants_json(const CaseFile& file, const CaseViewer& viewer) {
  Json out = Json::array();
  for (const Grant& grant : file.grants) {
    Json one = shown(grant, viewer);
    one["end_label"] = label(viewer, name_of(grant.end));
    for (std::size_t i = 0; i < grant.hops.size(); ++i) {
      one["hops"][i]["label"] = label(viewer, name_of(grant.hops[i].hop));
      one["hops"][i]["state_label"] = label(viewer, "hop_" + std::string(name_of(grant.hops[i].state)));
    }
    out.push_back(std::move(one));
  }
  return out;
}

Json incidents_json(const CaseFile& file, const CaseViewer& viewer) {
  Json out = Json::array();
  for (const Incident& incident : file.incidents) {
    Json one = shown(incident, viewer);
    one["label"] = label(viewer, incident.type);
    one["state_label"] = label(viewer, "incident_" + std::string(name_of(incident.state)));
    out.push_back(std::move(one));
  }
  return out;
}

Json actions_json(const Queries::CaseView& view, const CaseViewer& viewer) {
  Json out = Json::array();
  for (const ActionView& one : view.actions) {
    Json action = {{"event", one.event}, {"label", label(viewer, one.event)}, {"allowed", one.allowed}};
    if (one.needs_step_up) action["needs_step_up"] = true;
    if (one.closing) action["closing"] = true;
    if (!one.allowed) action["blocked_by"] = to_json(one.blocked_by, viewer.language, viewer.desk.words());
    action["href"] = "/api/v1/cases/" + view.file->id.text() + "/events/" + one.event;
    out.push_back(std::move(action));
  }
  return out;
}

Json documents_json(const Queries::CaseView& view, const CaseViewer& viewer) {
  Json out = Json::array();
  const AttachmentNumbers numbers = attachment_numbers(*view.file, view.documents);
  for (const DocumentBrief& one : view.documents)
    out.push_back(document_json(one, *view.file, numbers, viewer));
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

Json case_json(const Queries::CaseView& view, const CaseViewer& viewer) {
  const CaseFile& file = *view.file;
  Json out = {{"id", file.id.text()},
              {"number", file.number},
              {"version", file.version},
              {"workflow", file.workflow},
              {"tenant", organisation_json(viewer, file.tenant)},
              {"priority", name_of(file.priority)},
              {"opened_at", to_text(file.opened_at)}};
  put_state(out, viewer, file.state, file.state_since);
  // The state says what is under way; that it is proved done, the grant says.
  if (const Grant* grant = file.grant(); grant != nullptr && grant->proved_closed()) {
    out["access"] = name_of(Access::closed);
    out["access_label"] = label(viewer, "access_closed");
  }
  if (!file.rsc.empty()) out["rsc"] = organisation_json(viewer, file.rsc);
  out["device"] = device_json(viewer, file.device);
  put_id(out, "contract", file.contract);
  put_time(out, "closed_at", file.closed_at);
  if (!file.owner.empty()) out["owner"] = person_json(viewer, file.owner);
  if (!file.next.empty()) out["next"] = file.next;
  if (!file.resolution.empty()) out["resolution"] = file.resolution;
  out["began"] = beginning_json(file, viewer);
  out["fault"] = shown(file.fault, viewer);
  out["fault"]["care_label"] = label(viewer, name_of(file.fault.care));
  out["hold"] = shown(file.hold, viewer);
  out["hold"]["is_set"] = file.hold.is_set();
  out["work_entries"] = file.work_entries;
  out["write_running"] = file.write_running;
  out["nothing_taken"] = {{"claimed", !file.nothing_taken_by.empty()},
                          {"countersigned", !file.nothing_taken_countersigned_by.empty()}};
  if (file.request) out["request"] = request_json(*file.request, file, viewer);
  for (const Request& one : file.emergencies)
    out["emergencies"].push_back(request_json(one, file, viewer));
  out["grants"] = grants_json(file, viewer);
  out["items"] = Json::array();
  for (const DataItem& item : file.items) {
    Json one = shown(item, viewer);
    one["final"] = is_final(item.state);
    one["kind_label"] = label(viewer, name_of(item.kind));
    one["state_label"] = label(viewer, name_of(item.state));
    out["items"].push_back(std::move(one));
  }
  out["obligations"] = Json::array();
  for (const Obligation& obligation : file.obligations) {
    Json one = shown(obligation, viewer);
    one["label"] = label(viewer, name_of(obligation.kind));
    one["done"] = obligation.done();
    out["obligations"].push_back(std::move(one));
  }
  out["incidents"] = incidents_json(file, viewer);
  out["links"] = shown(file.links, viewer);
  out["deadlines"] = deadlines_json(file, viewer);
  out["actions"] = actions_json(view, viewer);
  out["documents"] = documents_json(view, viewer);
  return out;
}

AttachmentNumbers attachment_numbers(const CaseFile& file, const std::vector<DocumentBrief>& all_of_case) {
  AttachmentNumbers out;
  // Those of one mail have ids of one instant; the case knows the order in which they hung on it.
  for (const Attachment& one : file.attachments)
    out.emplace(one.document, static_cast<int>(out.size()) + 1);
  for (const DocumentBrief& one : all_of_case)
    if (is_attachment(one.place)) out.emplace(one.id, static_cast<int>(out.size()) + 1);
  return out;
}

Json document_json(const DocumentBrief& document, const CaseFile& file, const AttachmentNumbers& numbers,
                   const CaseViewer& viewer) {
  Json out = {{"id", document.id.text()},
              {"place", document.place},
              {"label", label(viewer, document.place.substr(0, document.place.find('/')))},
              {"kind", document.label},
              {"key", name_of(document.key)},
              {"length", document.length},
              {"at", to_text(document.at)},
              {"href", "/api/v1/cases/" + file.id.text() + "/documents/" + document.id.text()}};
  if (!document.by.empty()) out["by"] = person_json(viewer, document.by);
  if (const auto number = numbers.find(document.id); number != numbers.end()) {
    const Attachment* known = attachment_of(file, document.id);
    const Attachment one = known == nullptr ? Attachment{} : *known;
    out["label"] = label(viewer, "attachment") + " " + std::to_string(number->second) + " (" +
                   label(viewer, name_of(one.kind)) + ")";
    Json& attachment = out["attachment"] = {{"number", number->second},
                                            {"kind", name_of(one.kind)},
                                            {"judged", one.is_judged()},
                                            {"phi", name_of(one.phi)},
                                            {"phi_label", label(viewer, name_of(one.phi))}};
    if (!one.judged_by.empty()) attachment["judged_by"] = person_json(viewer, one.judged_by);
    put_time(attachment, "judged_at", one.judged_at);
  }
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
  put_time(out, "due", brief.next_due);
  return out;
}

}  // namespace kintsugi::http
