#include "tests/drill/mutants.h"

#include "tests/support/nicknames.h"

#include <algorithm>

namespace kintsugi::drill {
namespace {

constexpr std::string_view skipped = "requester_may_not_approve";

bool refused_only_for_that(const Verdict& verdict) {
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal != nullptr && refusal->failed.size() == 1 && refusal->failed.front().name == skipped;
}

}  // namespace

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all = {
      {"skipped_check", "who asked for a connection may approve it", "I5"},
      {"forgotten_record", "one lap in a while leaves out its audit record", "recorded"},
      {"ignored_fence", "the doors forget what they closed, and obey an old order", "fence"},
  };
  return all;
}

// The rule is asked again about the same request, made by nobody who is here.
Verdict without_requester_check(const Workflow& workflow, const Situation& situation) {
  Verdict verdict = workflow.decide(situation);
  if (!refused_only_for_that(verdict) || !situation.file.request) return verdict;
  CaseFile file = situation.file;
  file.request->by = testing::person("nobody");
  Verdict second = workflow.decide({.file = file,
                                    .event = situation.event,
                                    .directory = situation.directory,
                                    .policy = situation.policy,
                                    .same_device = situation.same_device,
                                    .audit_working = situation.audit_working,
                                    .target = situation.target});
  if (auto* decision = std::get_if<Decision>(&second))
    if (decision->next.request) decision->next.request->by = situation.file.request->by;
  return second;
}

LapWrites without_a_record(const LapWrites& lap) {
  LapWrites out = lap;
  if (!out.audit.empty()) out.audit.pop_back();
  return out;
}

}  // namespace kintsugi::drill
