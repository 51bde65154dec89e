#pragma once

#include "engine/domain/attachment.h"
#include "engine/domain/directory.h"
#include "engine/domain/grant.h"
#include "engine/domain/ids.h"
#include "engine/domain/request.h"
#include "engine/domain/role.h"
#include "engine/domain/window.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// One fault's whole handling, from the notice to the sign-off, as a value. The workflow's machine has no memory of
// its own: everything a guard asks is here. It holds ids, names of a closed vocabulary, times and digests; every
// text that somebody typed is a document, and a document is ciphertext elsewhere.
namespace kintsugi {

// ---- the fault ----------------------------------------------------------------------------------------------

enum class Channel { http, mail, portal, phone };
constexpr auto names_of(Channel) {
  using enum Channel;
  return names<Channel>({{http, "http"}, {mail, "mail"}, {portal, "portal"}, {phone, "phone"}});
}
enum class CareEffect { unknown, none, degraded, stopped };
constexpr auto names_of(CareEffect) {
  using enum CareEffect;
  return names<CareEffect>({{unknown, "unknown"}, {none, "none"}, {degraded, "degraded"}, {stopped, "stopped"}});
}

struct Fault {
  Channel channel = Channel::http;
  std::string code;       // of the product line's catalogue; never free text
  std::string dedup_key;  // chosen by the device
  CareEffect care = CareEffect::unknown;
  bool harmed = false;      // a patient or user was harmed: forces P1 and a safety report
  PersonId reporter;        // empty when the device reported
  DocumentId notice;        // the raw notice (care key)
  Instant occurred_at{};    // by the device's clock
  Instant received_at{};    // by ours
  Duration clock_offset{};  // device minus engine, as seen on receipt
  std::int64_t occurrences = 1;
  Instant first_seen{};
  Instant last_seen{};
  Instant mailed_at{};     // the last mail about it; repetitions are not mailed again within T_DEDUP (F03)
  Instant normal_since{};  // the device says that it works again; closes nothing
  auto operator<=>(const Fault&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("channel", &Fault::channel),
                      field("code", &Fault::code),
                      field("dedup_key", &Fault::dedup_key),
                      field("care", &Fault::care),
                      field("harmed", &Fault::harmed),
                      field("reporter", &Fault::reporter),
                      field("notice", &Fault::notice),
                      field("occurred_at", &Fault::occurred_at),
                      field("received_at", &Fault::received_at),
                      field("clock_offset", &Fault::clock_offset),
                      field("occurrences", &Fault::occurrences),
                      field("first_seen", &Fault::first_seen),
                      field("last_seen", &Fault::last_seen),
                      field("mailed_at", &Fault::mailed_at),
                      field("normal_since", &Fault::normal_since)};
  }
};

// ---- what else a case owes and knows ------------------------------------------------------------------------

enum class ObligationKind { post_approval, report, report_approval, log_review, safety_report, nonconformity };
constexpr auto names_of(ObligationKind) {
  using enum ObligationKind;
  return names<ObligationKind>({{post_approval, "post_approval"},
                                {report, "report"},
                                {report_approval, "report_approval"},
                                {log_review, "log_review"},
                                {safety_report, "safety_report"},
                                {nonconformity, "nonconformity"}});
}
struct Obligation {
  ObligationKind kind{};
  Role slot = Role::none;  // post_approval: which slot was skipped
  std::string about;       // nonconformity: the row that raised it; post_approval: the request's hash, base64
  Instant due{};           // empty: no clock of its own
  Instant done_at{};
  PersonId done_by;
  DocumentId document;
  bool done() const { return done_at != Instant{}; }
  auto operator<=>(const Obligation&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("kind", &Obligation::kind),        field("slot", &Obligation::slot),
                      field("about", &Obligation::about),      field("due", &Obligation::due),
                      field("done_at", &Obligation::done_at),  field("done_by", &Obligation::done_by),
                      field("document", &Obligation::document)};
  }
};

enum class IncidentState { open, assessed, reported, closed };
constexpr auto names_of(IncidentState) {
  using enum IncidentState;
  return names<IncidentState>({{open, "open"}, {assessed, "assessed"}, {reported, "reported"}, {closed, "closed"}});
}
bool may_follow(IncidentState now, IncidentState next);

struct Incident {
  IncidentId id;
  IncidentState state = IncidentState::open;
  std::string type;  // breach, overrun, unverified_closing, policy_violation
  PersonId opened_by;
  Instant opened_at{};
  PersonId owner;
  Instant preliminary_due{};  // APPI: 3 to 5 days of knowing
  Instant final_due{};        // 30 days, 60 when malice is possible
  int reports = 0;
  auto operator<=>(const Incident&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Incident::id),
                      field("state", &Incident::state),
                      field("type", &Incident::type),
                      field("opened_by", &Incident::opened_by),
                      field("opened_at", &Incident::opened_at),
                      field("owner", &Incident::owner),
                      field("preliminary_due", &Incident::preliminary_due),
                      field("final_due", &Incident::final_due),
                      field("reports", &Incident::reports)};
  }
};

enum class LinkKind { same_device, possible_side_effect, merged_into, merged_from };
constexpr auto names_of(LinkKind) {
  using enum LinkKind;
  return names<LinkKind>({{same_device, "same_device"},
                          {possible_side_effect, "possible_side_effect"},
                          {merged_into, "merged_into"},
                          {merged_from, "merged_from"}});
}
struct Link {
  LinkKind kind{};
  CaseId other;
  auto operator<=>(const Link&) const = default;
  static constexpr auto fields() { return std::tuple{field("kind", &Link::kind), field("other", &Link::other)}; }
};

// A clock that runs. It fires `event` once at `due` and is gone in the commit of that lap; deadlines are instants,
// so neither a restart nor a new policy moves them (W37).
struct Timer {
  std::string event;  // t_ack_expired …
  Instant due{};
  int round = 0;      // which repetition this is; the ladder's rung
  std::string about;  // item or obligation, if the clock is its own
  auto operator<=>(const Timer&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("event", &Timer::event), field("due", &Timer::due), field("round", &Timer::round),
                      field("about", &Timer::about)};
  }
};

// The statement "no patient, out of clinical use" (W17), and what became of it.
struct DeviceHold {
  PersonId by;
  Instant at{};
  Instant lifted_at{};
  bool restricted_use = false;  // lifted, but with restrictions
  bool is_set() const { return at != Instant{} && lifted_at == Instant{}; }
  auto operator<=>(const DeviceHold&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("by", &DeviceHold::by), field("at", &DeviceHold::at),
                      field("lifted_at", &DeviceHold::lifted_at),
                      field("restricted_use", &DeviceHold::restricted_use)};
  }
};

// Something one person asked for and another must decide: cancel, false_alarm, merge, extension, l2; and the
// consents that wait for the act they allow: break_glass, l2_hcf, l2_rsc.
struct Proposal {
  std::string what;
  PersonId by;
  Instant at{};
  DocumentId reason;
  CaseId target;    // merge
  PersonId person;  // l2
  Instant until{};  // extension
  auto operator<=>(const Proposal&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("what", &Proposal::what),     field("by", &Proposal::by),
                      field("at", &Proposal::at),         field("reason", &Proposal::reason),
                      field("target", &Proposal::target), field("person", &Proposal::person),
                      field("until", &Proposal::until)};
  }
};

// Whom the ladder has asked since the present state began, and with which letter. Kept for the case's own page and
// for the letter to whoever is asked next; gone when the state changes, because then nobody waits any more.
struct Asked {
  Instant at{};
  std::string what;  // the timer that ran out: t_ack_expired …
  int level = 0;     // the rung, 1 is the first
  std::vector<PersonId> people;
  std::vector<OrganisationId> desks;
  EffectId letter;
  bool by_telephone = false;  // the desks were asked to call them
  auto operator<=>(const Asked&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("at", &Asked::at),
                      field("what", &Asked::what),
                      field("level", &Asked::level),
                      field("people", &Asked::people),
                      field("desks", &Asked::desks),
                      field("letter", &Asked::letter),
                      field("by_telephone", &Asked::by_telephone)};
  }
};
constexpr std::size_t asked_max = 24;  // the oldest but the first go

// A letter that asks one slot for its answer (M09). Whoever has answered, or need not any more, is not asked: what
// has not been delivered by then is withdrawn.
struct AskedSlot {
  Role slot = Role::none;
  EffectId letter;
  auto operator<=>(const AskedSlot&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("slot", &AskedSlot::slot), field("letter", &AskedSlot::letter)};
  }
};

// ---- the case -----------------------------------------------------------------------------------------------

// How the present state began: the event that led into it, and who fired it (nobody: a device or the engine). `why`
// is the cause, if there is one, by the name that the record has for it.
struct Beginning {
  std::string event;
  PersonId by;
  Role as = Role::none;
  std::string why;
  auto operator<=>(const Beginning&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("event", &Beginning::event), field("by", &Beginning::by), field("as", &Beginning::as),
                      field("why", &Beginning::why)};
  }
};

struct CaseFile {
  CaseId id;
  std::string number;  // for the telephone, with a check digit (W42)
  OrganisationId tenant;
  OrganisationId rsc;
  DeviceId device;  // empty: unknown, in the manual queue (F02)
  ContractId contract;
  std::string workflow;      // name; the digest is in every audit record
  std::string state;         // by name, for ever: never renamed without a migration
  std::int64_t version = 0;  // laps so far; If-Match, and `cn` of the last record + 1
  int policy_version = 0;
  Instant opened_at{};
  Instant closed_at{};
  Instant state_since{};
  Beginning began;  // the present state
  Priority priority = Priority::p2;
  PersonId priority_by;  // empty: the device's or the default
  Fault fault;

  PersonId owner;              // the serviceman who took it
  std::vector<PersonId> team;  // second level and others added
  std::string next;            // where to go once closing is proved
  std::string resolution;
  std::optional<Request> request;
  std::vector<Request>
      emergencies;            // break-glass requests that a later one has replaced; approvals may be owed (F80)
  std::vector<Grant> grants;  // the last one is the current one
  DeviceHold hold;
  bool write_running = false;     // the worker flagged a write that must not be cut half-way
  Instant grace_until{};          // HCF_CLIN consented to finish the write (F43)
  bool device_said_safe = false;  // HCF_CLIN's statement after a loss during a write (F41)
  std::int64_t work_entries = 0;  // operation log
  bool test_result = false;
  std::vector<Attachment> attachments;  // that can be judged, in the order in which they came
  std::vector<DataItem> items;
  PersonId nothing_taken_by;  // F65: claimed, and countersigned
  PersonId nothing_taken_countersigned_by;
  std::vector<Obligation> obligations;
  std::vector<Incident> incidents;
  std::vector<Link> links;
  std::vector<Proposal> proposals;
  std::vector<Timer> timers;
  int escalation = 0;  // how often the ladder has asked in the present state
  std::vector<Asked> asked;
  std::vector<AskedSlot> asked_slots;  // of the request that waits for answers
  int reopened = 0;

  Grant* grant() { return grants.empty() ? nullptr : &grants.back(); }
  const Grant* grant() const { return grants.empty() ? nullptr : &grants.back(); }
  bool ever_granted() const { return !grants.empty(); }
  // Earliest due timer, or empty.
  Instant next_due() const;

  auto operator<=>(const CaseFile&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &CaseFile::id),
                      field("number", &CaseFile::number),
                      field("tenant", &CaseFile::tenant),
                      field("rsc", &CaseFile::rsc),
                      field("device", &CaseFile::device),
                      field("contract", &CaseFile::contract),
                      field("workflow", &CaseFile::workflow),
                      field("state", &CaseFile::state),
                      field("version", &CaseFile::version),
                      field("policy_version", &CaseFile::policy_version),
                      field("opened_at", &CaseFile::opened_at),
                      field("closed_at", &CaseFile::closed_at),
                      field("state_since", &CaseFile::state_since),
                      field("began", &CaseFile::began),
                      field("priority", &CaseFile::priority),
                      field("priority_by", &CaseFile::priority_by),
                      field("fault", &CaseFile::fault),
                      field("owner", &CaseFile::owner),
                      field("team", &CaseFile::team),
                      field("next", &CaseFile::next),
                      field("resolution", &CaseFile::resolution),
                      field("request", &CaseFile::request),
                      field("emergencies", &CaseFile::emergencies),
                      field("grants", &CaseFile::grants),
                      field("hold", &CaseFile::hold),
                      field("write_running", &CaseFile::write_running),
                      field("grace_until", &CaseFile::grace_until),
                      field("device_said_safe", &CaseFile::device_said_safe),
                      field("work_entries", &CaseFile::work_entries),
                      field("test_result", &CaseFile::test_result),
                      field("attachments", &CaseFile::attachments),
                      field("items", &CaseFile::items),
                      field("nothing_taken_by", &CaseFile::nothing_taken_by),
                      field("nothing_taken_countersigned_by", &CaseFile::nothing_taken_countersigned_by),
                      field("obligations", &CaseFile::obligations),
                      field("incidents", &CaseFile::incidents),
                      field("links", &CaseFile::links),
                      field("proposals", &CaseFile::proposals),
                      field("timers", &CaseFile::timers),
                      field("escalation", &CaseFile::escalation),
                      field("asked", &CaseFile::asked),
                      field("asked_slots", &CaseFile::asked_slots),
                      field("reopened", &CaseFile::reopened)};
  }
};

// A case in one line: for lists, and for what rules ask about other cases of the same device.
struct CaseBrief {
  CaseId id;
  std::string number;
  OrganisationId tenant;
  OrganisationId rsc;
  DeviceId device;
  std::string state;
  std::int64_t version = 0;
  Priority priority = Priority::p2;
  std::string fault_code;
  std::string dedup_key;
  Instant opened_at{};
  Instant state_since{};
  bool open = true;
  bool live_grant = false;  // a grant that is not proved closed: locks the device (I3)
  Instant next_due{};       // its earliest timer; empty if none runs
  auto operator<=>(const CaseBrief&) const = default;
};

// What a list of cases is sorted by; equal ones by id. An id says when its case was opened, so `opened` is the order
// of the ids; a case without a running clock is due last.
enum class CaseOrder { opened, number, priority, due };
constexpr auto names_of(CaseOrder) {
  using enum CaseOrder;
  return names<CaseOrder>({{opened, "opened"}, {number, "number"}, {priority, "priority"}, {due, "due"}});
}
// The text by which a case is sorted: empty for `opened`, where the id is all.
std::string sort_key_of(const CaseBrief& brief, CaseOrder order);

// Null when the case has no such attachment that can be judged.
const Attachment* attachment_of(const CaseFile& file, const DocumentId& document);

// Does a grant that has not ended let this person in (RA34)?
bool grants_access_to(const CaseFile& file, const PersonId& person);

// `open` is false for the workflow's end states; the caller knows them.
CaseBrief brief_of(const CaseFile& file, bool open);

// "K26-0001234-7": year, running number, check digit (Luhn).
std::string case_number(int year, std::int64_t running);

// Written and read in case_file.cpp; to instantiate them takes a compiler seconds.
extern template void write_json(std::string&, const CaseFile&);
extern template Result<> read_json(const Json&, CaseFile&, const std::string&);

}  // namespace kintsugi
