#pragma once

#include "engine/base/result.h"
#include "engine/domain/workflow.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a record may say. Closed: a member that is not listed, a value of another form, a longer record is refused
// when it is written and again when it is read. None of the forms can hold a text that somebody typed.
namespace kintsugi::audit {

// The forms of the members of `x`.
enum class Form {
  choice,  // one of the listed words
  word,    // a name from the program's own tables: lower snake_case, starts with a letter, at most 48 characters
  row,     // a row of the workflow's table: F15
  id,      // one record id of the listed letters
  ids,     // 1 to 64 record ids, sorted, each once
  count,   // integer, 0 to 2^53-1
  number,  // integer, either sign
  time,    // 27 characters
  digest,  // 32 bytes as base64: salted, of ciphertext, or of something public
  yes,     // true; left out when it is not so
  vkey,    // verifier key of a log
};

struct Member {
  std::string_view name;
  Form form{};
  std::string_view choices;  // choice: words separated by a space; id, ids: the letters
  std::string_view meaning;
};

// Every member that `x` can have, in the order of their names.
std::span<const Member> members();
const Member* member(std::string_view name);

// Which members of `x` each event of a workflow may write. All of these are records of a case with a step.
using EventMembers = std::map<std::string, std::vector<std::string>, std::less<>>;
EventMembers event_members(const Workflow& workflow);
// Every name is in members(), and no event is called like one of the engine's own.
Result<> check_event_members(const EventMembers& events);

// The engine's own events, which stand in no workflow.
struct EngineEvent {
  enum class Place {
    outside,  // of no case
    about,    // may name a case, but is not one of its steps: no cn, from, to
    step,     // a step of a case: opened and linked, the second cases of a lap
  };
  std::string_view name;
  Place place{};
  std::vector<std::string_view> x;
  std::string_view meaning;
};
std::span<const EngineEvent> engine_events();

// A record taken apart; the views point into its body.
struct RecordView {
  std::string_view log;
  std::string_view event;
  std::string_view at;
  std::string_view actor;
  std::string_view case_id;  // empty: none
  bool is_step = false;
  std::int64_t cn = 0;
  std::string_view from;
  std::string_view to;
  std::string_view received;  // x.received and x.settled: `"i-…","i-…"`, or empty
  std::string_view settled;
};

// Reads a record strictly: canonical bytes and closed schema in one pass, without building anything. Invalid, with
// the offset and what was expected, otherwise.
Result<RecordView> read_record(std::string_view body, const EventMembers& events);
inline Result<> check_record(std::string_view body, const EventMembers& events) {
  return read_record(body, events).map([](const RecordView&) {});
}

}  // namespace kintsugi::audit
