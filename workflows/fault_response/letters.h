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
//   from until since          instants, RFC 3339
//   person                    an id; said with the telephone
//   slot                      a role
//   hop what progress priority  names that fact_text, state_label, event_label or role_name know
//   level count               numbers
//   item                      an id
//
// What the mail does not carry is taken from the case file: the window and the workers of the request, the owner, how
// the case ended, the item's class, when closing was proved, the incident's dates.
// Recipients are people and desks, each address once; leavers and empty addresses are skipped.
Letter letter(const Effect& effect, const LetterContext& context);
// The addresses of its people and desks.
std::vector<std::string> recipients_of(const Effect& effect, const Directory& directory);

// One mail's words. A line of the body with a placeholder `{name}` is left out when the fact is missing.
struct MailWords {
  std::string_view id;
  bool urgent = false;
  std::string_view subject_ja, subject_en;
  std::string_view body_ja, body_en;
  std::string_view ask_ja, ask_en;  // empty: for information only
  // By when: the mail's own `until`, or when this timer of the case is due. Empty: what is asked has no date, and
  // `until` means something else.
  std::string_view timer;
};
std::span<const MailWords> mail_words();

}  // namespace kintsugi::fault_response
