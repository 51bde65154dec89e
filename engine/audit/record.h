#pragma once

#include "engine/base/instant.h"
#include "engine/domain/document.h"
#include "engine/domain/event.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One line of a hospital's audit log, schema v1 (docs/audit-record.md). The stored bytes are the leaf: what is
// hashed is what is kept, and no reader ever has to write a record again to check it.
namespace kintsugi::audit {

inline constexpr std::size_t record_bytes_max = 4096;

// Ids in records are a letter, a hyphen and the 26 characters of our own id: `case_…` is `c-…`, `person_…` `u-…`,
// `device_…` `d-…`, `ap_…` `a-…`, `grant_…` `g-…`, `item_…` `i-…`, `incident_…` `n-…`,
// `effect_…` `e-…`, `doc_…` `t-…`. Empty if the id has another form; an id that is not random has no business in a
// record.
std::string record_id(std::string_view id);
// The way back: `c-…` to `case_…`; empty if it is none.
std::string id_of_record(std::string_view record_id);

// Engines and other services have a name in place of a random id: `s-` and 26 characters derived from it.
std::string service_id(std::string_view name);

// The mark of a sign-in: 12 bytes of SHA-256 as base64. Says that two acts came from one sign-in, and nothing else.
std::string sign_in_mark(std::string_view sign_in);

struct Record {
  struct Act {
    std::string id;  // as in the record: u-…, d-…, a-…, s-…
    bool person = false;
    Side org = Side::system;
    Role role = Role::none;
  };
  struct Step {
    std::int64_t cn = 0;  // number of the record within its case: 0, 1, 2, … without gaps
    std::string from;     // "" for the record that opens the case
    std::string to;
  };
  struct Node {
    std::string id;      // name of the engine
    std::string run;     // 8 hexadecimal digits, random, of this start of the process
    std::int64_t n = 0;  // counts this run's records of this log
  };
  struct WorkflowRef {
    std::string id;
    Digest rev{};  // Workflow::digest
  };
  struct Object {
    std::string kind;  // phi, text, cmd, report, sig, cert, file
    Digest commitment{};
    std::optional<std::int64_t> length;  // bytes
  };

  std::string log;    // origin of the log, so that a record cannot be moved to another
  std::string event;  // name of the workflow's event or note, or one of the engine's own
  Instant at{};
  Act act;
  std::string auth;     // pwd, pwd+otp, token, mtls, job, webauthn-uv
  std::string sign_in;  // sign_in_mark(), or empty
  std::string case_id;  // c-…, or empty
  std::optional<Step> step;
  Node node;
  int outcome = 0;  // 0, 4, 8, 12
  std::optional<WorkflowRef> workflow;
  std::vector<Object> objects;
  std::map<std::string, Json> x;  // members of the closed list (record_schema.h), by name
};

// Who did it, as records say it. A person acts for his role's side; devices and the hospital's access points for
// the hospital; the engine for the RSC, which runs it.
Record::Act act_of(const Actor& actor, Role as);
// A document of the lap as the record shows it.
Record::Object object_of(const Document& document);

// The canonical bytes. Members are appended in the order of their names; nothing is built and sorted. The caller
// passes the result through check_record() before it is stored.
std::string encode(const Record& record);

// SHA-256(0x00 || body), RFC 6962 2.1.
Digest leaf_hash(std::string_view body);

}  // namespace kintsugi::audit
