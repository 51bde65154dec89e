#pragma once

#include "engine/domain/workflow.h"

#include <span>
#include <string_view>

// The workflow's mails, M01 to M32 (docs/mails.md), put into words.
namespace kintsugi::fault_response {

// Workflow::letter for an effect that holds a mail.
//
// Subject: case number, the device's nickname, what happened. Body: Japanese, then English: what happened, what is
// asked from the reader and until when in the hospital's local time, a link that needs a sign-in and changes nothing
// when opened (I14), the telephone numbers of both duty desks.
//
// Nothing that anybody typed about the case and nothing that could name a patient can get in (I10): the only facts
// are those below, each read as what it is; a fact that is not of its kind, or not of this list, is left out together
// with its line.
//
//   instants (RFC 3339)    until (answer or act by) opens closes since due arrives_at preliminary_due final_due
//   people (ids)           person by owner; workers (comma between)
//   roles                  slot role
//   words (closed lists)   hop what reason kind decision priority: names that fact_text, state_label or event_label
//   know numbers                count level round ids and rows           item incident target row
//
// owner, workers, opens, closes and priority come from the case file when the mail has no such fact.
// Recipients are people and desks, each address once; leavers and empty addresses are skipped.
Letter letter(const Effect& effect, const LetterContext& context);

// One mail's words. A line with a placeholder `{name}` is left out when the fact is missing.
struct MailWords {
  std::string_view id;
  bool urgent = false;
  std::string_view subject_ja, subject_en;
  std::string_view body_ja, body_en;
  std::string_view ask_ja, ask_en;  // empty: for information only
};
std::span<const MailWords> mail_words();

}  // namespace kintsugi::fault_response
