#pragma once

#include "engine/domain/directory.h"
#include "engine/domain/document.h"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

// The words in which schemas.cpp and its siblings say what a payload holds.
namespace kintsugi::fault_response::schema {

// Limits of payloads. Lengths are characters, as JSON Schema counts them.
constexpr int name_max = 64;         // catalogue codes, terminal names, method names
constexpr int line_max = 200;        // one line: a tool, a place, a file's name
constexpr int text_max = 4'000;      // a reason, a note, a plan
constexpr int report_max = 20'000;   // one chapter of a report
constexpr int notice_max = 100'000;  // a raw notice as received
constexpr int details_max = 200;     // members of a notice that is an object
constexpr int workers_max = 8;       // people in one request
constexpr int items_max = 100;       // data items named in one event
constexpr int checks_max = 40;       // answers to a product line's check list
constexpr int ports_max = 16;        // interfaces of one device
constexpr int files_max = 50;        // files to be sent to a device
constexpr int risks_max = 40;        // rows of the risk sheet
constexpr int sessions_max = 10;     // connections under one approval
constexpr std::int64_t bytes_max = 1'000'000'000'000;

constexpr int message_max = 5'600'000;     // a mail of 4 MiB in base64
constexpr int attachment_max = 2'796'204;  // an attachment of 2 MiB in base64
constexpr int mail_attachments_max = 20;   // attachments of one mail that are documents of their own

struct Member {
  std::string name;
  bool needed = false;
  Json schema;
};

Member needs(std::string_view name, Text label, Json schema);
Member may(std::string_view name, Text label, Json schema);

// An object with these members and no others.
Json object(std::initializer_list<Member> members);

Json yes_or_no();
Json number(std::int64_t least, std::int64_t most);
Json instant();                           // RFC 3339
Json digest();                            // base64 of 32 bytes
Json id(std::string_view prefix);         // `person`, `item` …
Json code(int length_max = name_max);     // letters, digits and . _ - : of a catalogue, never prose
Json list(Json of, int least, int most);  // no two alike
Json one_of(std::initializer_list<std::string_view> names);
// Typed text, sealed under the case's care or evidence key.
Json typed(KeyClass key, std::string_view label, int length_max);
// Bytes as base64, none at all included; sealed like typed text, as the bytes that they are.
Json bytes(KeyClass key, std::string_view label, int length_max);

template <class E>
Json name_in() {
  Json names = Json::array();
  for (const auto& [one, name] : names_of(E{}))
    names.push_back(name);
  return Json{{"type", "string"}, {"enum", std::move(names)}};
}

// The commonest members.
Member needs_reason();
Member may_reason();
Member needs_item();

using Catalogue = std::map<std::string, Json, std::less<>>;
void add_fault(Catalogue& out);       // steps 0 and 1: the notice, triage, and how a case ends before any access
void add_connection(Catalogue& out);  // steps 2 to 4: request, approval, connection, work, disconnection
void add_data(Catalogue& out);        // step 5: data items, incidents
void add_sign_off(Catalogue& out);    // report, reviews, signature, reopening
void add_engine(Catalogue& out);      // timers, access points, automatic laps

}  // namespace kintsugi::fault_response::schema
