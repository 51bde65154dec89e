#pragma once

#include "adapters/http/language.h"
#include "engine/run/outcome.h"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::http {

// One kind of problem of the API (RFC 9457). `name` is for ever: clients switch on it. docs/api/problems.md says
// the same in prose, and a test compares the two.
struct ProblemType {
  std::string_view name;
  int status;
  bool retryable;
  std::string_view title_ja, title_en;
  std::string_view detail_ja, detail_en;  // when nothing more precise is known
};
std::span<const ProblemType> problem_types();
// Never null for a name of the list; an unknown name is `internal`.
const ProblemType& problem_type(std::string_view name);

// What went wrong with one request, before it is put into words.
struct Problem {
  std::string name;
  std::string case_id{};
  std::string reason{};  // name of a text that says it more precisely than the type's own detail
  std::vector<InputError> errors{};
  std::vector<FailedCheck> failed{};
  std::optional<std::int64_t> version{};  // of the case now
  std::optional<std::chrono::seconds> retry_after{};
};

// The words of a check, role or event, by name; empty texts if there is none.
using Words = std::function<Text(std::string_view)>;

// The type of a submission that did not move anything. A refusal is named after the first rule that it names, if that
// is one of those that people ask about most (self-approval, the same person twice, the wrong side …), else after its
// kind.
Problem problem_of(const Outcome& outcome);

Json to_json(const Problem& problem, Language language, const Words& words, std::string_view instance);

// A list of failed checks as the API shows them: name, text, who can lift it (with words), since when.
Json to_json(const std::vector<FailedCheck>& failed, Language language, const Words& words);

}  // namespace kintsugi::http
