#include "adapters/http/strict_json.h"
#include "engine/run/prepare.h"
#include "engine/run/schemas.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/fault_response/workflow.h"

// What people and devices say with an event: its name on the first line, then the payload. A mistake has its place
// and its rule; of what is taken no typed text is left in the payload that is decided on.
namespace kintsugi::fuzz {
namespace {

const Schemas& schemas_of_workflow() {
  static const Schemas all(fault_response::fault_response());
  return all;
}

void look_at(const std::vector<InputError>& mistakes) {
  constexpr std::size_t mistakes_max = 32;
  must(mistakes.size() <= mistakes_max, "the list of mistakes is short");
  for (const InputError& one : mistakes) {
    must(one.pointer.empty() || one.pointer.front() == '/', "a mistake's place is a JSON pointer");
    must(!one.detail.empty(), "a mistake says what would be right");
  }
}

void look_at_place(const Json& part, const std::vector<std::string>& path, std::size_t depth) {
  if (depth == path.size()) {
    must(part.is_string() && part.get_ref<const std::string&>().starts_with("doc_"),
         "a typed text became a document");
  } else if (path[depth] == "*" && part.is_array()) {
    for (const Json& one : part)
      look_at_place(one, path, depth + 1);
  } else if (part.is_object()) {
    if (const auto found = part.find(path[depth]); found != part.end()) look_at_place(*found, path, depth + 1);
  }
}

void look_at_drafts(const Prepared& lap) {
  const Actor actor{.id = "device_1",
                    .kind = Role::device,
                    .person = {},
                    .org = {},
                    .auth = "token",
                    .sign_in = {},
                    .address = "192.0.2.1"};
  const Drafts drafts =
      draft(*lap.schema, lap.submission.payload, CaseId{"case_1"}, actor, Instant{} + 60 * 365 * 24h, Digest{});
  must(drafts.documents.size() == drafts.texts.size(), "each document has its text");
  for (const Schemas::Place& place : Schemas::places(*lap.schema))
    look_at_place(drafts.payload, place.path, 0);
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  Prepared lap;
  lap.submission.event = fuzz::take_line(rest);
  auto payload = http::read_strict(rest);
  if (!payload) return 0;
  lap.submission.payload = std::move(*payload);
  lap.submission.key = IdempotencyKey{"somebody", "a route", "a key"};
  if (const auto refused = check(lap, fuzz::schemas_of_workflow())) {
    fuzz::must(!refused->problem.empty(), "a refusal has a name");
    fuzz::look_at(refused->errors);
  } else if (lap.schema != nullptr) {
    fuzz::look_at_drafts(lap);
  }
  return 0;
}
