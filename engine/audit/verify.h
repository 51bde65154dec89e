#pragma once

#include "engine/audit/checkpoint.h"
#include "engine/audit/record_schema.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Checks a whole log: that nothing in it was changed, left out, added or moved, and that what it tells makes sense.
namespace kintsugi::audit {

// A log as somebody hands it over: a live store, a mirror, an exported directory.
class LogSource {
 public:
  virtual ~LogSource() = default;

  struct Entry {
    std::string_view body;
    const Digest* leaf = nullptr;  // what the source claims the leaf hash to be, if it keeps one
  };
  // Called for each record in turn; false stops the reading.
  using Visit = std::function<bool(std::int64_t index, const Entry& entry)>;

  virtual std::string origin() const = 0;
  // The newest signed note; NotFound if nothing has been signed.
  virtual Result<std::string> checkpoint() = 0;
  // How many records there are, signed or not.
  virtual Result<std::int64_t> size() = 0;
  virtual Result<> read(std::int64_t first, std::int64_t count, const Visit& visit) = 0;
};

// Where something is wrong, and what.
struct Defect {
  std::string log;
  std::int64_t index = -1;  // of the record; -1 when it is not about one
  std::string case_id;      // c-…, or empty
  std::string what;
};

struct Report {
  std::string origin;
  std::int64_t records = 0;      // read and checked
  std::int64_t signed_size = 0;  // size of the checkpoint that was verified
  Digest root{};                 // computed at that size
  Verified verified;             // whose signatures it carries
  std::int64_t not_yet_signed = 0;
  std::int64_t cases = 0;
  std::map<std::string, std::int64_t> debt;  // open deletion debt: items received and not settled, by case
  std::int64_t defect_count = 0;
  std::vector<Defect> defects;  // the first of them

  bool sound() const { return defect_count == 0; }
};

inline constexpr std::size_t defects_listed_max = 20;

struct VerifyOptions {
  Trust trust{};
  EventMembers events{};
  // Notes kept from earlier days: this log must still begin with what they signed.
  std::vector<std::string> older_checkpoints{};
  // States in which nothing may be owed any more.
  std::vector<std::string> end_states{"closed", "false_alarm", "cancelled", "merged"};
};

// Reads everything once. A log that cannot be read or is wrong is a Report with defects; this never fails.
// Checked: signatures; each record's bytes and schema, and that it names this log; `cn` without gaps from 0 and
// `from` equal to the state before, for each case; nothing owed in an end state; the root at the checkpoint's size
// and at each older one. Records beyond the checkpoint are checked alike and counted as not yet signed.
Report verify_log(LogSource& source, const VerifyOptions& options);

// One line a fact, for people and for the command line (English; the CLI has the Japanese).
std::string to_text(const Report& report);

}  // namespace kintsugi::audit
