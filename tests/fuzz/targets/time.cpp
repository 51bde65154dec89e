#include "engine/base/bytes.h"
#include "engine/base/instant.h"
#include "engine/base/local_time.h"
#include "tests/fuzz/fuzz.h"

#include <string>

// Times, days and bytes as texts; a zone on the first line. What is read is written, and what was written reads the
// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const std::string zone(fuzz::take_line(rest));
  for (const auto& at : {instant_from(rest), instant_from_local(rest, zone)})
    if (at) fuzz::must(instant_from(to_text(*at)) == *at, "a time that was written reads the same");
  if (const auto day = civil_day_from(rest)) {
    fuzz::must(to_text(*day) == rest, "a day is spelt as it is read");
    if (is_zone(zone)) fuzz::must(civil_day_of(instant_of(*day, 12 * 60, zone), zone) == *day, "noon is of its day");
  }
  if (const auto bytes = from_hex(rest)) fuzz::must(to_hex(*bytes) == rest, "hexadecimal is spelt as it is read");
  if (const auto bytes = from_base64(rest)) fuzz::must(to_base64(*bytes) == rest, "base64 is spelt as it is read");
  return 0;
}
