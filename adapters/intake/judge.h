#pragma once

#include "adapters/intake/config.h"
#include "adapters/intake/mail.h"
#include "engine/base/fields.h"

#include <string>

namespace kintsugi::intake {

// What becomes of a mail. There is nothing else: a mail reports a fault or says something about a case, and can
// neither decide nor answer anything.
enum class Kind {
  notice,    // a registered device reports a fault (F01, F03, F04)
  recovery,  // a registered device reports that its fault is over: a note, which closes nothing
  unknown,   // nobody can read or assign it: a case in the manual queue (F02)
  comment,   // somebody answers a mail of a case: a note
  loop,      // written by a machine that answers mails, or by ourselves: kept aside, no case
};
constexpr auto names_of(Kind) {
  using enum Kind;
  return names<Kind>(
      {{notice, "notice"}, {recovery, "recovery"}, {unknown, "unknown"}, {comment, "comment"}, {loop, "loop"}});
}

// Why it is no notice and no comment.
enum class Reason {
  none,
  not_readable,      // no sender, or parts that are cut, tangled or in no known charset
  sender_unknown,    // no device's registered address
  sender_unproved,   // a registered address, but our mail server does not vouch for it
  no_template,       // no template of the product line finds a code
  device_not_named,  // the address stands for several devices, and the mail names none of them
  not_taken,         // a rule of the case did not let it in
  nothing_open,      // a recovery of what nobody has reported, or what is over: counted, and no case
  own_mail,
  bounce,
  auto_reply,
};
constexpr auto names_of(Reason) {
  using enum Reason;
  return names<Reason>({{none, "none"},
                        {not_readable, "not_readable"},
                        {sender_unknown, "sender_unknown"},
                        {sender_unproved, "sender_unproved"},
                        {no_template, "no_template"},
                        {device_not_named, "device_not_named"},
                        {not_taken, "not_taken"},
                        {nothing_open, "nothing_open"},
                        {own_mail, "own_mail"},
                        {bounce, "bounce"},
                        {auto_reply, "auto_reply"}});
}

struct Judgement {
  Kind kind = Kind::unknown;
  Reason reason = Reason::none;
  OrganisationId hospital;  // whose case it becomes
  DeviceId device;          // notice, recovery
  Found found;              // notice, recovery
  CaseId about;             // comment
  PersonId person;          // comment
};

// A function of its arguments and of nothing else; it never fails, because what it does not understand is `unknown`.
Judgement judge(const Mail& mail, const Config& config, const Directory& directory);

}  // namespace kintsugi::intake
