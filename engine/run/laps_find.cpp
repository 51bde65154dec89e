#include "engine/run/lap.h"

#include <algorithm>

// What a lap has to know before the workflow is asked: whether it has been answered already, which case it is about,
// whether its timer still runs, its texts, and the step-up that came with it.
namespace kintsugi {
namespace {

constexpr unsigned case_number_of_chance = 1;  // which of the lap's new ids the case takes (with its own prefix)

}  // namespace

bool Laps::answered_before(Lap& lap) {
  const auto& key = lap.wanted().key;
  if (!key || lap.round.batch == nullptr) return false;
  Outcome& answer = lap.done.outcome;
  const auto replay = [&](const Digest& request, const Outcome& stored) {
    if (request == lap.prepared.request) {
      answer = stored;
      answer.replayed = true;
    } else {
      lap.end(Outcome::Kind::reused, "idempotency-key-reused");
    }
    return true;
  };

  if (const auto twin = lap.round.replies.find(*key); twin != lap.round.replies.end())
    return replay(twin->second.first, twin->second.second);
  const auto stored = lap.round.batch->reply_of(*key);
  if (!stored) return !lap.unlucky(stored.error());
  if (!*stored) return false;
  const auto outcome = from_json_text<Outcome>((*stored)->outcome);
  if (!outcome) return !lap.unlucky(outcome.error());
  return replay((*stored)->request, *outcome);
}

CaseCache::File Laps::file_of(Lap& lap, const CaseId& id) {
  if (const auto found = lap.round.files.find(id); found != lap.round.files.end()) return found->second;
  if (auto cached = cache_.find(id)) return cached;
  auto loaded = lap.round.batch != nullptr ? lap.round.batch->load(id) : parts_.store.read_case(id);
  if (!loaded) {
    if (loaded.error().code == Errc::NotFound)
      lap.end(Outcome::Kind::not_found, "no-such-case");
    else
      lap.unlucky(loaded.error());
    return nullptr;
  }
  auto file = std::make_shared<const CaseFile>(std::move(*loaded));
  // What a batch reads and has not changed itself is what is committed.
  cache_.put(file);
  return file;
}

bool Laps::find_case(Lap& lap) {
  lap.fault = lap.event.name == "fault";
  if (lap.fault && !route_fault(lap)) return false;

  if (lap.event.case_id.empty()) {
    if (lap.schema == nullptr || (!lap.fault && !Schemas::info(*lap.schema).opens_case))
      return lap.end(Outcome::Kind::invalid, "case-needed");
    lap.opens = true;
    lap.event.case_id = CaseId{new_id_text("case", lap.event.at, lap.event.chance, case_number_of_chance)};
    return lap.fault || find_same_device(lap, DeviceId{text_at(lap.wanted().payload, "device")});
  }
  lap.before = file_of(lap, lap.event.case_id);
  if (!lap.before) return false;
  if (lap.fault) return true;
  if (!find_same_device(lap, lap.file().device)) return false;
  const CaseId target{text_at(lap.wanted().payload, "target")};
  if (std::ranges::count(lap.same_device, target, &CaseBrief::id) > 0) {
    lap.target = file_of(lap, target);
    if (!lap.target) return false;
  }
  return true;
}

bool Laps::find_same_device(Lap& lap, const DeviceId& device) {
  const EventInfo* info = parts_.workflow.event(lap.event.name);
  if (info == nullptr || !info->needs_same_device || lap.round.batch == nullptr || device.empty()) return true;
  auto found = lap.round.batch->open_cases_of(device);
  if (!found) return lap.unlucky(found.error());
  std::erase_if(*found, [&](const CaseBrief& one) { return one.id == lap.event.case_id; });
  lap.same_device = std::move(*found);
  return true;
}

bool Laps::route_fault(Lap& lap) {
  if (lap.round.batch == nullptr) return lap.end(Outcome::Kind::transient, "store-unavailable");
  const Json& payload = lap.wanted().payload;
  const Actor& actor = lap.event.actor;
  const DeviceId device{actor.kind == Role::device ? actor.id : text_at(payload, "device")};
  if (!device.empty()) {
    auto found = lap.round.batch->open_cases_of(device);
    if (!found) return lap.unlucky(found.error());
    lap.same_device = std::move(*found);
  }
  lap.event.payload = payload;
  if (text_at(payload, "action") == "resolve") {
    if (!resolve(lap)) return false;
  } else {
    const Directory& directory = *lap.round.directory;
    const Device* known = directory.device(device);
    const OrganisationId tenant = known == nullptr ? actor.org : known->tenant;
    Route route = parts_.workflow.route({.file = lap.file(),
                                         .event = lap.event,
                                         .directory = directory,
                                         .policy = directory.policy_of(tenant),
                                         .same_device = lap.same_device,
                                         .audit_working = true,
                                         .target = nullptr});
    lap.event.name = std::move(route.event);
    lap.event.case_id = std::move(route.case_id);
  }
  lap.done.outcome.event = lap.event.name;
  lap.done.outcome.case_id = lap.event.case_id;

  const Schemas::Compiled* routed = schemas_.of(lap.event.name);
  if (routed == nullptr) return lap.end(Outcome::Kind::invalid, "no-such-event");
  if (lap.schema == nullptr) {
    lap.schema = routed;
    lap.done.outcome.errors = Schemas::mistakes(*routed, payload);
    if (!lap.done.outcome.errors.empty()) return lap.end(Outcome::Kind::invalid, "invalid-payload");
  }
  std::erase_if(lap.same_device, [&](const CaseBrief& one) { return one.id == lap.event.case_id; });
  return true;
}

// A device that reports itself well again speaks of the fault that it reported before.
bool Laps::resolve(Lap& lap) {
  const std::string key = text_at(lap.wanted().payload, "dedup_key");
  const std::string code = text_at(lap.wanted().payload, "code");
  const auto about = std::ranges::find_if(lap.same_device, [&](const CaseBrief& one) {
    return key.empty() ? one.fault_code == code : one.dedup_key == key;
  });
  if (about == lap.same_device.end()) return lap.end(Outcome::Kind::not_found, "no-open-case");
  lap.event.name = "device_normal";
  lap.event.case_id = about->id;
  return true;
}

// A timer fires once: whatever became of its case, a timer that is no longer there is not fired again.
bool Laps::find_timer(Lap& lap) {
  if (lap.wanted().timer_due == Instant{}) return true;
  if (std::ranges::any_of(lap.file().timers, [&](const Timer& one) { return is_due(one, lap.wanted()); }))
    return true;
  return lap.end(Outcome::Kind::not_found, "no-such-timer");
}

void Laps::draft_texts(Lap& lap) {
  if (lap.prepared.sealed) {
    if (lap.closing()) {
      lap.event.payload = lap.prepared.submission.payload;
      lap.event.documents = lap.prepared.documents;
    } else {
      lap.event.payload = std::move(lap.prepared.submission.payload);
      lap.event.documents = std::move(lap.prepared.documents);
    }
    return;
  }
  lap.drafts =
      draft(*lap.schema, lap.wanted().payload, lap.event.case_id, lap.event.actor, lap.event.at, lap.event.chance);
  lap.event.payload = std::move(lap.drafts.payload);
  lap.event.documents = lap.drafts.documents;
}

// The workflow sees a step-up only if it was given for exactly this act. Whatever it was good for, it is spent by
// what the lap writes, a refusal too: a second try needs a second proof. A lap that writes nothing spends nothing.
bool Laps::find_step_up(Lap& lap) {
  const auto& token = lap.wanted().step_up;
  if (!token || lap.round.batch == nullptr) return true;
  const auto found = lap.round.batch->step_up_of(*token);
  if (!found) return lap.unlucky(found.error());
  if (!*found) return true;
  lap.used_step_up = token;
  const StoredStepUp& proof = **found;
  if (proof.person == lap.event.actor.person && !proof.person.empty() && proof.case_id == lap.wanted().case_id &&
      proof.event == lap.event.name && proof.request_hash == lap.prepared.named_request &&
      lap.event.at < proof.expires)
    lap.event.step_up = StepUp{.at = proof.created};
  return true;
}

}  // namespace kintsugi
