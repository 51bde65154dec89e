#pragma once

#include "adapters/http/described/bodies.h"
#include "adapters/http/exchange.h"

#include <optional>
#include <string>
#include <vector>

// Faults that arrive in the words of other systems (docs/api/compat.md). Translating is a pure function of a body;
// what becomes of it is decided by the workflow, as for any other notice.
namespace kintsugi::http {

// One alert or event, in our words. Texts that do not fit where they go have been made to fit.
struct ForeignNotice {
  bool resolve = false;
  std::string dedup_key;
  std::string device;  // an id, if it names one
  std::string serial;  // or a serial number
  std::string code;
  std::string severity;  // info, warning, error or critical; empty: it did not say
  std::string occurred_at;
  std::string episode;  // which occurrence it is: a repeat of the message counts nothing; empty: unknown
  std::string details;  // what it said, as it came
};

// Whose token it was: a device, which speaks for itself, or an integration, for the devices of its hospital.
struct Reporter {
  Actor actor;
  std::optional<Integration> integration;
  OrganisationId hospital() const { return integration ? integration->tenant : actor.org; }
};
// Refused when it is no token, of nobody or of something else.
Result<Reporter> reporter_of(const Exchange& exchange, std::string_view token);

struct TakenNotice {
  using What = NoticeTaken;
  What what = What::later;
  CaseId case_id;
};
// All of them in the same commits; answers in the same order. Nothing is lost: what names no device of the hospital
// becomes a case of the manual queue.
std::vector<TakenNotice> take(Exchange& exchange, const Reporter& reporter,
                              const std::vector<ForeignNotice>& notices);

// A text as a code or a key: other characters become `_`, one that is too long keeps its beginning and a digest.
std::string as_code(std::string_view text, std::size_t most);
// The first `most` bytes of well-formed UTF-8, without half a character.
std::string cut_utf8(std::string text, std::size_t most);
// What others call it, in our four words; empty for what nobody knows.
std::string severity_in(std::string_view word);

// Alertmanager's webhook, version 4. Invalid with the place of the mistake.
Result<std::vector<ForeignNotice>> alertmanager_notices(const Json& body, const Integration* labels);

// PagerDuty's Events v2. `acknowledge` is no notice.
struct PagerDutyEvent {
  std::string routing_key;
  std::string dedup_key;  // as it came; empty: it gave none
  std::optional<ForeignNotice> notice;
};
Result<PagerDutyEvent> pagerduty_event(const Json& body);

inline constexpr std::size_t alerts_max = 500;  // of one message

}  // namespace kintsugi::http
