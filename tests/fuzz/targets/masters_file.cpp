#include "programs/server/masters_file.h"

#include "adapters/http/strict_json.h"
#include "engine/masters/difference.h"
#include "engine/masters/mistakes.h"
#include "engine/masters/preview.h"
#include "engine/on_call/gaps.h"
#include "engine/run/masters.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/world.h"

// Masters, policies and rosters as they are imported, beside a world that is there already. A mistake has its place
// and is said in both languages; what is taken can be stored, and reads the same.
namespace kintsugi::fuzz {
namespace {

const Directory& directory_before() {
  static const std::shared_ptr<const Directory> all = *directory_of(testing::world());
  return *all;
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const auto file = http::read_strict(fuzz::text_of(data, size));
  if (!file) return 0;
  const Instant now = *instant_from("2026-03-04T01:00:00Z");
  SeededEntropy entropy{7};
  for (const Directory* before : {&fuzz::directory_before(), static_cast<const Directory*>(nullptr)}) {
    const Directory nothing;
    const Directory& stands = before == nullptr ? nothing : *before;
    const MastersRead read = read_masters_file(*file, stands, now, entropy);
    for (const Mistake& one : read.mistakes) {
      fuzz::must(one.place.empty() || one.place.front() == '/', "a mistake's place is a JSON pointer");
      fuzz::must(!one.ja.empty() && !one.en.empty(), "a mistake is said in both languages");
    }
    if (!read.mistakes.empty()) continue;
    const std::string written = to_json_text(read.masters);
    const auto again = from_json_text<Masters>(written);
    fuzz::must(again && to_json_text(*again) == written, "what is stored reads the same");
    const Directory after = changed(stands, read.masters);
    fuzz::must(mistakes_in(stands, read.masters, now).empty(), "what was taken has no mistakes");
    fuzz::must(without_unchanged(after, read.masters).empty(), "what was taken stands there");
    for (const Policy& policy : read.masters.policies)
      for (const Terms& terms : policy.terms)
        for (const Term& term : {terms.p1, terms.p2, terms.p3})
          fuzz::must(is_writable(now + term.wall) && term.business_days <= term_days_max,
                     "a deadline can be written");
    std::ignore = differences_of(stands, read.masters, now);
    std::ignore = consequences_of(stands, after, read.masters, {}, now);
    for (const OrganisationId& org : whose_on_call(read.masters))
      for (const Gap& gap : check_on_call(stands, after, org, now).warnings)
        fuzz::must(!in_words(gap, after, org).en.empty(), "a gap is said");
  }
  return 0;
}
