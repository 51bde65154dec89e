#include "engine/audit/note.h"
#include "engine/audit/record.h"
#include "engine/audit/verify.h"
#include "programs/server/store_log.h"
#include "tests/drill/inspector.h"
#include "tests/drill/told.h"
#include "tests/drill/world.h"

#include <fmt/format.h>

#include <algorithm>

// What the drill looks at from the first record on: at every start, and at the end.
namespace kintsugi::drill {
namespace {

constexpr int all_of_them = 1'000'000;
constexpr std::string_view not_sent = "not sent: its grant is over";

}  // namespace

// A commit that was answered "failed" just before a death may have reached the disk: all of it, or nothing.
void Inspector::take_doubtful() {
  if (!staged_.files.empty()) doubtful_.push_back(std::move(staged_));
  for (Staged& one : doubtful_) {
    const auto& [id, file] = *one.files.begin();
    const auto stored = world_.store().read_case(id);
    if (!stored || *stored != file || (files_.contains(id) && files_.at(id) == file)) continue;
    staged_ = std::move(one);
    committed();
    return;
  }
  staged_ = {};
  doubtful_.clear();
}

void Inspector::look_from_the_start() {
  position_ = 0;
  seen_.clear();
  states_.clear();
  read_new_records();
  for (const auto& [id, file] : files_)
    look_at_case(file, Instant{});  // what came due while nobody was there has not been done yet
  for (const Acknowledged& one : acknowledged_) {
    const auto found = states_.find({audit::record_id(one.id.text()), one.version - 1});
    demand(found != states_.end() && found->second == one.state, "acknowledged",
           fmt::format("{} on {} was answered with version {} in {}, and is gone", one.event,
                       shortened(one.id.text()), one.version, one.state));
  }
  for (const auto& [id, digest] : documents_) {
    const auto document = world_.store().read_document(id);
    demand(document && sha256(document->ciphertext) == digest, "I12", "a document was changed or lost");
  }
  look_at_effects(false);
  verify_logs();
}

void Inspector::look_at_the_end() {
  world_.integrate();
  look_from_the_start();
  look_at_effects(true);
}

// Every effect that a lap wanted is in the outbox; and what is said to be delivered has arrived.
void Inspector::look_at_effects(bool at_the_end) {
  const auto rows = world_.store().outbox({.state = {}, .case_id = {}, .id = {}, .limit = all_of_them});
  demand(rows.has_value(), "readable", "the outbox cannot be read");
  std::set<EffectId> there;
  for (const OutboxRow& row : *rows) {
    there.insert(row.effect.id);
    const std::string which =
        fmt::format("effect {} of {}", shortened(row.effect.id.text()), shortened(row.effect.case_id.text()));
    if (row.state == EffectState::delivered && row.effect.order)
      demand(world_.doors().heard(row.effect.id) || row.last_error == not_sent, "delivered",
             which + " is settled and no door has heard of it");
    if (row.state == EffectState::delivered && row.effect.mail) {
      const EffectId& lead = row.letter.empty() ? row.effect.id : row.letter;
      demand(world_.post().took(lead), "delivered", which + " is settled and the mail server has no such letter");
    }
    if (!at_the_end) continue;
    const bool undone = row.state == EffectState::waiting || row.state == EffectState::leased;
    demand(!undone || row.due > world_.now(), "delivered", which + " is due and nobody delivers it");
    demand(row.state != EffectState::gave_up || !row.effect.closing, "delivered", which + " is a closing, given up");
  }
  for (const EffectId& one : effects_)
    demand(there.contains(one), "effect", "an effect is in no outbox: " + shortened(one.text()));
}

void Inspector::verify_logs() {
  const auto logs = world_.store().audit_logs();
  demand(logs.has_value(), "readable", "the logs cannot be listed");
  for (const std::string& origin : *logs) {
    const auto checkpoint = world_.store().last_checkpoint(origin);
    demand(checkpoint.has_value(), "readable", "the checkpoint cannot be read");
    if (!*checkpoint) continue;
    auto& older = checkpoints_[origin];
    const auto key = audit::parse_vkey(world_.verifier_key(origin));
    demand(key.has_value(), "verified", "no key for " + origin);
    StoreLog log(world_.store(), origin);
    audit::VerifyOptions options;
    options.trust.log = *key;
    options.events = members_;
    options.older_checkpoints = older;
    const audit::Report report = audit::verify_log(log, options);
    demand(report.sound(), "verified", audit::to_text(report));
    if (older.empty() || older.back() != (*checkpoint)->note) older.push_back((*checkpoint)->note);
  }
}

}  // namespace kintsugi::drill
