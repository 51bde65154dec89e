#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"
#include "workflows/fault_response/note_actions.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// What hangs on the mails of a case, and whether patient data is in it (I11).
namespace kintsugi::fault_response {

using enum Role;

namespace {

const Attachment* the_attachment(const Situation& s) {
  return attachment_of(s.file, id_in<DocumentId>(s.event.payload, "attachment"));
}
Phi said_of(const Json& payload) {
  return name_in_payload(payload, "phi", Phi::identifiable);
}

}  // namespace

const Check nothing_to_judge{"nothing_to_judge", [](const Situation& s) { return !s.file.attachments.empty(); }};
const Check attachment_unknown{
    "attachment_unknown", [](const Situation& s) { return the_attachment(s) != nullptr; }, {}, Asks::payload};
const Check judged_so_already{"judged_so_already",
                              [](const Situation& s) {
                                const Attachment* one = the_attachment(s);
                                return one != nullptr && one->phi != said_of(s.event.payload);
                              },
                              {},
                              Asks::payload};
// Towards caution anybody who judges goes at once; back it takes a second pair of eyes.
const Check own_judgement{"own_judgement",
                          [](const Situation& s) {
                            const Attachment* one = the_attachment(s);
                            return one != nullptr &&
                                   (said_of(s.event.payload) > one->phi || one->judged_by != s.event.actor.person);
                          },
                          {hcf_priv, hcf_sysadm, hcf_clin},
                          Asks::payload};

void keep_attachments(Lap& lap) {
  const auto brought = lap.event.payload.find("attachments");
  if (brought == lap.event.payload.end()) return;
  for (const Json& one : *brought) {
    if (lap.file.attachments.size() >= attachments_max) return;
    lap.file.attachments.push_back({.document = id_in<DocumentId>(one, "content"),
                                    .kind = name_in_payload(one, "kind", AttachmentKind::other),
                                    .phi = Phi::unknown,
                                    .judged_by = {},
                                    .judged_at = {}});
  }
}

void judge_attachment(Lap& lap) {
  const auto document = id_in<DocumentId>(lap.event.payload, "attachment");
  Attachment& one = *std::ranges::find(lap.file.attachments, document, &Attachment::document);
  one.phi = said_of(lap.event.payload);
  one.judged_by = lap.event.actor.person;
  one.judged_at = lap.event.at;
  note_id(lap, "document", document.text());
  note(lap, "phi", std::string(name_of(one.phi)));
}

}  // namespace kintsugi::fault_response
