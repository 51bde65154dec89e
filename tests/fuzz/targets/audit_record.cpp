#include "engine/audit/canonical.h"
#include "engine/audit/record_schema.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/audit_log.h"

// A line of an audit log. What is a record is canonical JSON, and what is canonical is spelt as its value is spelt.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const std::string_view text = fuzz::text_of(data, size);
  static const audit::EventMembers events = audit::test::events();
  const auto record = audit::read_record(text, events);
  const auto spelt = audit::check_canonical(text);
  if (record) {
    fuzz::must(size <= audit::record_bytes_max, "a record is short");
    fuzz::must(spelt.has_value(), "a record is canonical");
    fuzz::must(record->is_step || record->from.empty(), "only a step goes from somewhere");
    fuzz::must(Json::parse(text)["log"] == record->log, "a record's views are of its members");
  } else {
    fuzz::must(!record.error().what.empty(), "a mistake is said");
  }
  const Json json = Json::parse(text, nullptr, false);
  if (spelt) {
    fuzz::must(!json.is_discarded(), "what is canonical is JSON");
    fuzz::must(audit::canonical(json) == std::string(text), "what is canonical is spelt as its value is");
  } else if (!json.is_discarded()) {
    const auto out = audit::canonical(json);
    fuzz::must(!out || audit::check_canonical(*out).has_value(), "what is made canonical is so");
  }
  return 0;
}
