#include "adapters/intake/taker.h"

#include "adapters/intake/limits.h"
#include "adapters/intake/words.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"

#include <ranges>

namespace kintsugi::intake {
namespace {

constexpr Duration storm_span = std::chrono::hours(1);

// Enough to tell senders apart, and no address.
std::string mark_of(const std::string& address) {
  constexpr std::size_t mark_bytes = 12;
  return to_hex(BytesView(sha256({bytes_of("kintsugi/mail-sender\n"), bytes_of(address)})).first(mark_bytes));
}

bool is_transient(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::transient;
}

tl::unexpected<Error> later() {
  return fail(Errc::Transient, "the engine cannot take a mail now");
}

}  // namespace

struct Taker::Letter {
  std::string_view bytes;
  Mail mail;
  Judgement judged;
  Taken taken;
  bool text = true;      // goes into the case
  bool original = true;  // so do its bytes

  std::string name() const { return taken.mail.substr(0, 32); }
  Kept kept() const { return original ? Kept::whole : Kept::text_only; }
  // The mail as it was received, and each of its attachments.
  void add_original(Json& out) const {
    if (!original) return;
    out["message"] = to_base64(bytes_of(bytes.substr(0, message_bytes_max)));
    for (const MailAttachment& one : mail.attachments)
      out["attachments"].push_back({{"kind", name_of(one.kind)}, {"content", to_base64(bytes_of(one.bytes))}});
  }
  // What every notice of this mail holds.
  Json report(std::string dedup_key) const {
    Json out = {{"action", "trigger"}, {"dedup_key", std::move(dedup_key)}, {"channel", name_of(Channel::mail)}};
    if (text) out["details"] = as_document(mail, judged.reason, kept());
    add_original(out);
    return out;
  }
};

Result<Taken> Taker::take(std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  Letter letter{.bytes = bytes, .mail = read_mail(bytes), .judged = {}, .taken = {}};
  const auto directory = parts_.conductor.directory();
  letter.judged = judge(letter.mail, parts_.config, *directory);
  // A case of no hospital would be nobody's.
  if (const Organisation* hospital = directory->organisation(letter.judged.hospital);
      hospital == nullptr || hospital->side != Side::hcf)
    return fail(Errc::Transient, "there is no hospital " + letter.judged.hospital.text());
  Taken& taken = letter.taken;
  const Instant now = parts_.clock.now();
  taken.mail = to_hex(letter.mail.identity);
  taken.at = now;
  taken.kind = letter.judged.kind;
  taken.reason = letter.judged.reason;
  taken.sender = mark_of(letter.mail.from);
  taken.code = letter.judged.found.code;
  if (parts_.ledger.knows(taken.mail)) return taken;

  letter.original = parts_.ledger.count(taken.sender, taken.code, now - storm_span) < whole_mails_per_hour;
  letter.text = letter.original || (taken.kind != Kind::notice && taken.kind != Kind::recovery);
  if (taken.kind == Kind::loop)
    if (auto kept = parts_.spool.keep_aside(letter.name(), bytes, now); !kept) return pass(kept);

  Result<> done;
  if (taken.kind == Kind::notice) done = notice(letter);
  if (taken.kind == Kind::recovery) done = recovery(letter);
  if (taken.kind == Kind::comment) done = comment(letter);
  if (done && taken.kind == Kind::unknown) done = unknown(letter);
  if (done) done = parts_.ledger.add(taken);
  if (!done) return pass(done);
  log::engine().info("mail={} kind={} reason={} case={}", letter.name(), name_of(taken.kind), name_of(taken.reason),
                     taken.case_id.text());
  return taken;
}

Outcome Taker::submit(const Letter& letter, const std::string& event, Actor actor, Json payload,
                      const CaseId& about) {
  Submission submission;
  submission.event = event;
  submission.case_id = about;
  submission.actor = std::move(actor);
  submission.payload = std::move(payload);
  submission.key = IdempotencyKey{.owner = "intake", .route = "mail/" + event, .key = letter.taken.mail};
  return parts_.conductor.submit(std::move(submission));
}

// The engine's own hand, within one hospital.
Actor Taker::engine_for(const OrganisationId& hospital) const {
  return {.id = parts_.node,
          .kind = Role::sys,
          .person = {},
          .org = hospital,
          .auth = "job",
          .sign_in = {},
          .address = {}};
}

// Moved: noted. Anything else that is final: an unknown mail, and the caller goes on with it.
Result<> Taker::settle(Letter& letter, const Outcome& outcome) {
  if (is_transient(outcome)) return later();
  Taken& taken = letter.taken;
  if (outcome.kind == Outcome::Kind::moved) {
    taken.case_id = outcome.opened.empty() ? outcome.case_id : outcome.opened;
    taken.opened = !outcome.opened.empty() || outcome.from.empty();
    return {};
  }
  taken.kind = Kind::unknown;
  taken.reason = letter.judged.reason = Reason::not_taken;
  return {};
}

Result<> Taker::notice(Letter& letter) {
  const Found& found = letter.judged.found;
  Json payload = letter.report("mail:" + found.code);
  payload["device"] = letter.judged.device.text();
  payload["code"] = found.code;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) payload[name] = value;
  };
  add("severity", found.severity);
  add("occurred_at", found.occurred_at);
  add("serial", found.serial);
  return settle(letter, submit(letter, "fault", device_of(letter), std::move(payload), CaseId{}));
}

// What was never reported, or is over, needs nobody: the mail is in the ledger, and its sender is known.
Result<> Taker::recovery(Letter& letter) {
  Json payload = letter.report("mail:" + letter.judged.found.code);
  payload["action"] = "resolve";
  payload["device"] = letter.judged.device.text();
  payload["code"] = letter.judged.found.code;
  const Outcome outcome = submit(letter, "fault", device_of(letter), std::move(payload), CaseId{});
  if (outcome.kind != Outcome::Kind::not_found) return settle(letter, outcome);
  letter.taken.reason = letter.judged.reason = Reason::nothing_open;
  return {};
}

Actor Taker::device_of(const Letter& letter) {
  return {.id = letter.judged.device.text(),
          .kind = Role::device,
          .person = {},
          .org = letter.judged.hospital,
          .auth = "mail",
          .sign_in = {},
          .address = {}};
}

Result<> Taker::comment(Letter& letter) {
  const auto directory = parts_.conductor.directory();
  const Person* person = directory->person(letter.judged.person);
  const Actor writer{.id = letter.judged.person.text(),
                     .kind = Role::none,
                     .person = letter.judged.person,
                     .org = person == nullptr ? OrganisationId{} : person->employer,
                     .auth = "mail",
                     .sign_in = {},
                     .address = {}};
  Json payload = {{"note", as_note(letter.mail, letter.kept())}};
  letter.add_original(payload);
  return settle(letter, submit(letter, "add_note", writer, std::move(payload), letter.judged.about));
}

// Cases of the manual queue that this mail may join, the best one first.
std::vector<CaseId> Taker::open_cases_for(const Letter& letter) const {
  constexpr std::size_t looked_at_max = 10;
  const Instant since = letter.taken.at - storm_span;
  std::vector<CaseId> out = parts_.ledger.unknown_cases(letter.taken.at - quarantined_for, letter.taken.sender);
  if (auto all = parts_.ledger.unknown_cases(since, std::nullopt); all.size() >= unknown_cases_per_hour)
    out.insert(out.end(), all.begin(), all.end());
  std::vector<CaseId> open;
  for (const CaseId& id : out | std::views::take(looked_at_max)) {
    const auto file = parts_.conductor.case_file(id);
    // Who takes a case reads what is in it then; what comes later must not be missed.
    if (file && (*file)->tenant == letter.judged.hospital && (*file)->state == "notified") open.push_back(id);
  }
  return open;
}

// True if the case took it.
Result<bool> Taker::join(Letter& letter, const CaseId& id) {
  const Outcome outcome = submit(letter, "notify_duplicate", engine_for(letter.judged.hospital),
                                 letter.report("mail:" + letter.name()), id);
  if (is_transient(outcome)) return later();
  if (outcome.kind != Outcome::Kind::moved) return false;
  letter.taken.case_id = outcome.case_id;
  return true;
}

Result<> Taker::unknown(Letter& letter) {
  letter.taken.code.clear();
  letter.text = true;
  for (const CaseId& id : open_cases_for(letter)) {
    const auto joined = join(letter, id);
    if (!joined) return pass(joined);
    if (*joined) return {};
  }
  letter.original = true;  // whoever opens a case shows why
  const Outcome outcome = submit(letter, "notify_unknown", engine_for(letter.judged.hospital),
                                 letter.report("mail:" + letter.name()), CaseId{});
  if (is_transient(outcome)) return later();
  // Reused: it was taken before, when the settings were other ones.
  if (outcome.kind != Outcome::Kind::moved && outcome.kind != Outcome::Kind::reused)
    return fail(Errc::Corrupt, "a mail was not let in as an unknown one: " + outcome.problem);
  letter.taken.case_id = outcome.case_id;
  letter.taken.opened = true;
  return {};
}

}  // namespace kintsugi::intake
