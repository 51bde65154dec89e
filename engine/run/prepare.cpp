#include "engine/run/prepare.h"

#include "engine/base/digest.h"

#include <algorithm>

namespace kintsugi {
namespace {

// Counters of new_id_text() that decisions use for their own ids start at zero; ours lie above them.
constexpr unsigned first_document_number = 1'000;

Bytes copy_of(std::string_view text) {
  const BytesView view = bytes_of(text);
  return {view.begin(), view.end()};
}

// What is kept of one member. A raw notice may be an object; then it is its text.
Bytes content_of(const Json& part, const Schemas::Place& place) {
  if (!part.is_string()) return copy_of(part.dump());
  const auto& text = part.get_ref<const std::string&>();
  auto decoded = place.base64 ? from_base64(text) : Bytes{};
  return place.base64 && decoded ? std::move(*decoded) : copy_of(text);
}

class Drafter {
 public:
  Drafter(Drafts& drafts, const std::string& event, const CaseId& case_id, const PersonId& by, Instant at,
          const Digest& chance)
      : drafts_(drafts), event_(event), case_id_(case_id), by_(by), at_(at), chance_(chance) {}

  DocumentId add(KeyClass key, const std::string& label, const std::string& member, Bytes text) {
    const unsigned number = first_document_number + static_cast<unsigned>(drafts_.documents.size());
    Document made;
    made.id = DocumentId{new_id_text("doc", at_, chance_, number)};
    made.case_id = case_id_;
    made.key = key;
    made.place = event_ + "/" + member;
    made.label = label;
    made.length = static_cast<std::int64_t>(text.size());
    made.at = at_;
    made.by = by_;
    drafts_.documents.push_back(std::move(made));
    drafts_.texts.push_back(std::move(text));
    return drafts_.documents.back().id;
  }

  void take(Json& part, const Schemas::Place& place, std::size_t depth) {
    if (depth == place.path.size()) {
      part = add(place.key, place.label, member_of(place), content_of(part, place)).text();
      return;
    }
    const std::string& step = place.path[depth];
    if (step == "*" && part.is_array()) {
      for (Json& one : part)
        take(one, place, depth + 1);
    } else if (part.is_object()) {
      if (const auto found = part.find(step); found != part.end()) take(*found, place, depth + 1);
    }
  }

 private:
  // The step's place in a list says nothing.
  static std::string member_of(const Schemas::Place& place) {
    std::string out;
    for (const std::string& step : place.path)
      if (step != "*") out += (out.empty() ? "" : "/") + step;
    return out;
  }

  Drafts& drafts_;
  const std::string& event_;
  const CaseId& case_id_;
  const PersonId& by_;
  Instant at_;
  const Digest& chance_;
};

// Not the chance itself: that is in ids, and whoever can compute the salt can guess at the text behind the hash.
std::string salt_of(const Digest& chance) {
  return to_base64(sha256({bytes_of("kintsugi/request-salt\n"), chance}));
}

}  // namespace

std::optional<Outcome> check(Prepared& lap, const Schemas& schemas) {
  const Submission& wanted = lap.submission;
  lap.schema = schemas.of(wanted.event);
  Outcome answer;
  answer.kind = Outcome::Kind::invalid;
  answer.event = wanted.event;
  answer.case_id = wanted.case_id;
  if (lap.schema == nullptr && wanted.event != "fault") {
    answer.problem = "no-such-event";
    return answer;
  }
  if (lap.schema != nullptr) {
    answer.errors = Schemas::mistakes(*lap.schema, wanted.payload);
    if (!answer.errors.empty()) {
      answer.problem = "invalid-payload";
      return answer;
    }
  }
  if (wanted.key)
    lap.request = sha256({bytes_of(wanted.event), bytes_of("\n"), bytes_of(wanted.case_id.text()), bytes_of("\n"),
                          bytes_of(name_of(wanted.as)), bytes_of("\n"), bytes_of(wanted.payload.dump())});
  if (const auto named = wanted.payload.find("request_hash"); named != wanted.payload.end())
    std::ignore = read_json(*named, lap.named_request);
  return std::nullopt;
}

Drafts draft(const Schemas::Compiled& schema, const Json& payload, const CaseId& case_id, const Actor& actor,
             Instant at, const Digest& chance) {
  Drafts out;
  out.payload = payload;
  Drafter drafter(out, Schemas::info(schema).name, case_id, actor.person, at, chance);
  for (const Schemas::Place& place : Schemas::places(schema))
    drafter.take(out.payload, place, 0);
  if (Schemas::is_hashed(schema)) {
    Json whole = payload;
    whole["salt"] = salt_of(chance);
    const std::string canonical = whole.dump();  // members sorted by bytes, no white space: audit profile of JCS
    out.payload["request_hash"] = to_base64(sha256(canonical));
    out.payload["request_document"] = drafter.add(KeyClass::evidence, "text", "request", copy_of(canonical)).text();
  }
  if (Schemas::keeps_origin(schema) && !actor.address.empty())
    out.payload["origin"] = drafter.add(KeyClass::evidence, "text", "origin", copy_of(actor.address)).text();
  return out;
}

Result<> seal(Drafts& drafts, Vault& vault) {
  for (std::size_t i = 0; i < drafts.documents.size(); ++i) {
    Document& place = drafts.documents[i];
    auto sealed = vault.seal(place.case_id, place.key, place.id, place.label, drafts.texts[i]);
    if (!sealed) return pass(sealed);
    sealed->place = place.place;
    sealed->at = place.at;
    sealed->by = place.by;
    place = std::move(*sealed);
  }
  return {};
}

}  // namespace kintsugi
