#include "engine/audit/record_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

// The closed lists of docs/audit-record.md, as data.
namespace kintsugi::audit {
namespace {

// clang-format off
constexpr Member list[] = {
    {"attempt",      Form::count,  "", "attempts so far, at connecting or at a delivery"},
    {"break_glass",  Form::yes,    "", "the short way of an emergency"},
    {"by_hand",      Form::yes,    "", "attested by a person, not reported by the point itself"},
    {"care",         Form::choice, "unknown none degraded stopped", "what the fault does to care"},
    {"channel",      Form::choice, "http mail portal phone", "how the notice came"},
    {"check",        Form::word,   "", "name of the check that did not hold"},
    {"class",        Form::choice, "image_study log dump screenshot screen_recording backup telemetry print note medium device_part", "class of a data item"},
    {"combined",     Form::yes,    "", "one person filled both slots of the hospital"},
    {"count",        Form::count,  "", "how many: occurrences, objects, rows"},
    {"dek",          Form::digest, "", "commitment to a case's data key"},
    {"delivery",     Form::id,     "e", "the effect, as the outbox knows it"},
    {"deputy_for",   Form::id,     "u", "for whom a named deputy acted"},
    {"device",       Form::id,     "d", "the device"},
    {"document",     Form::id,     "t", "the document"},
    {"due",          Form::time,   "", "until when it is owed"},
    {"effect",       Form::choice, "mail order destroy_key webhook", "what kind of effect"},
    {"end",          Form::choice, "used revoked expired withdrawn failed halted", "how a grant ended"},
    {"event",        Form::word,   "", "the event that was refused or asked for"},
    {"first",        Form::count,  "", "first record that was read"},
    {"gen",          Form::count,  "", "generation of the key that wraps data keys"},
    {"generation",   Form::count,  "", "generation of the grant: the fence of its orders"},
    {"grant",        Form::id,     "g", "the grant"},
    {"grant_role",   Form::choice, "hcf_clin hcf_psm hcf_sysadm hcf_netadm hcf_priv hcf_sec hcf_duty rsc_svc rsc_l2 rsc_mgr rsc_netadm auditor", "a role that a person was given"},
    {"hop",          Form::choice, "exit access_point route probe", "the hop"},
    {"hop_state",    Form::choice, "unknown armed open closed refused lost reachable", "what the hop reported"},
    {"incident",     Form::id,     "n", "the incident"},
    {"incident_type", Form::choice, "breach overrun unverified_closing policy_violation", "type of an incident"},
    {"item",         Form::id,     "i", "the data item"},
    {"item_state",   Form::choice, "declared authorised denied held_at_rsc erased_claimed erased_verified returned retained_with_consent deidentified_verified lost_or_residual held", "state of the item afterwards"},
    {"last",         Form::count,  "", "last record that was read"},
    {"level",        Form::choice, "view control file service_mode", "level of access"},
    {"link",         Form::id,     "c", "the other case"},
    {"link_kind",    Form::choice, "same_device possible_side_effect merged_into merged_from", "how the cases belong together"},
    {"lost_role",    Form::choice, "hcf_clin hcf_psm hcf_sysadm hcf_netadm hcf_priv hcf_sec hcf_duty rsc_svc rsc_l2 rsc_mgr rsc_netadm auditor", "a role that was taken from a person"},
    {"master",       Form::choice, "organisation site person access_point device contract roster duty policy webhook integration", "kind of master that changed"},
    {"method",       Form::choice, "clear purge destroy crypto_erase", "method of erasure"},
    {"obligation",   Form::choice, "post_approval report report_approval log_review safety_report nonconformity", "what was owed or done"},
    {"offset",       Form::number, "", "clock of the device minus ours, microseconds"},
    {"opens",        Form::time,   "", "start of the window"},
    {"person",       Form::id,     "u", "the person it is about"},
    {"phi",          Form::choice, "unknown none pseudonymised identifiable", "patient data in the item or document"},
    {"policy",       Form::count,  "", "version of the policy"},
    {"priority",     Form::choice, "p1 p2 p3", "priority of the case"},
    {"proposal",     Form::choice, "cancel false_alarm merge extension l2", "what was proposed"},
    {"purpose",      Form::choice, "fault preventive revision investigation", "what a connection is for"},
    {"received",     Form::ids,    "i", "items that are owed from now on (debt rises)"},
    {"request",      Form::digest, "", "hash of the connection request, salted"},
    {"resolution",   Form::word,   "", "how the case is to end"},
    {"restricted",   Form::yes,    "", "back in use, but with restrictions"},
    {"rev",          Form::digest, "", "digest of what was put in force: of a master with its salt"},
    {"root",         Form::digest, "", "root of a tree"},
    {"round",        Form::count,  "", "round of a timer; rung of the escalation"},
    {"row",          Form::row,    "", "row of the workflow's table"},
    {"sessions",     Form::count,  "", "sessions still alive"},
    {"settled",      Form::ids,    "i", "items finally settled, each received before (debt falls)"},
    {"since",        Form::time,   "", "since when"},
    {"size",         Form::count,  "", "bytes of an item, or records of a log"},
    {"slot",         Form::choice, "hcf_clin hcf_psm hcf_sysadm hcf_netadm hcf_priv hcf_sec hcf_duty rsc_svc rsc_l2 rsc_mgr rsc_netadm", "the approval slot, or the role that must act"},
    {"until",        Form::time,   "", "end of the window, of a retention, of a grace"},
    {"vkey",         Form::vkey,   "", "new verifier key of this log"},
    {"waived",       Form::yes,    "", "attendance was waived"},
    {"was",          Form::digest, "", "digest of what was in force before: salted, like rev"},
    {"why",          Form::word,   "", "cause, by the program's name for it"},
    {"workers",      Form::ids,    "u", "who may work under the grant"},
};
// clang-format on

using enum EngineEvent::Place;

const EngineEvent own_events[] = {
    {"engine.started", outside, {}, "the engine came up"},
    {"engine.stopped", outside, {"why"}, "the engine went down in order"},
    {"user.login", outside, {}, "somebody signed in"},
    {"user.logout", outside, {"person", "why"}, "a sign-in ended"},
    {"user.locked", outside, {"person", "until"}, "too many wrong passwords or codes"},
    {"user.changed",
     outside,
     {"person", "grant_role", "lost_role", "until", "why", "rev", "was"},
     "a person's roles or employment changed"},
    {"credential.changed",
     outside,
     {"person", "device", "why"},
     "a password, code, token or certificate was set, used up or withdrawn"},
    {"config.changed", outside, {"master", "person", "device", "why", "rev", "was"}, "a master was changed"},
    {"policy.changed", outside, {"policy", "why", "rev", "was"}, "a new version of the policy"},
    {"audit.read", about, {"first", "last", "count"}, "the trail was read"},
    {"audit.exported", about, {"first", "last", "count", "size", "root"}, "the trail was handed out"},
    {"case.read", about, {}, "a person opened the case"},
    {"document.read", about, {"count", "document"}, "a document was decrypted for a person; it stands in obj"},
    {"effect.gave_up", about, {"delivery", "effect", "attempt"}, "it could not be delivered; a person must act"},
    {"effect.redriven", about, {"delivery", "effect", "attempt"}, "a person gave it another life"},
    {"refused", about, {"event", "check", "document"}, "a rule said no; nothing changed"},
    {"opened", step, {"link", "link_kind", "priority", "row"}, "a second case opened by a lap"},
    {"linked", step, {"link", "link_kind", "row"}, "a second case that a lap gave a link"},
    {"key.rotated", outside, {"vkey"}, "the next key of this log"},
    {"kek.retired", outside, {"gen"}, "a generation of wrapping keys was destroyed"},
    {"recording.stopped", outside, {"why", "since"}, "records could not be handed on"},
    {"recording.started", outside, {"since"}, "and can be again"},
    {"witness.conflict", outside, {"size", "root"}, "a witness holds a head that contradicts this log"},
};

}  // namespace

std::span<const Member> members() {
  return list;
}

const Member* member(std::string_view name) {
  const auto found = std::ranges::lower_bound(list, name, {}, &Member::name);
  return found != std::end(list) && found->name == name ? &*found : nullptr;
}

std::span<const EngineEvent> engine_events() {
  return own_events;
}

EventMembers event_members(const Workflow& workflow) {
  EventMembers out;
  for (const EventInfo& event : workflow.events)
    out[event.name] = event.x;
  return out;
}

Result<> check_event_members(const EventMembers& events) {
  for (const auto& [event, names] : events) {
    if (std::ranges::any_of(engine_events(), [&](const EngineEvent& own) { return own.name == event; }))
      return fail(Errc::Invalid, fmt::format("event '{}' has the name of one of the engine's own", event));
    for (const std::string& name : names)
      if (member(name) == nullptr)
        return fail(Errc::Invalid, fmt::format("event '{}': records have no member x.{}", event, name));
  }
  return {};
}

}  // namespace kintsugi::audit
