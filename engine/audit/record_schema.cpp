#include "engine/audit/record_schema.h"

#include "engine/audit/canonical.h"
#include "engine/audit/note.h"
#include "engine/audit/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace kintsugi::audit {
namespace {

// Which bytes a string may have. No string of a record needs an escape, so the closing quote ends it.
enum ByteClass : std::uint8_t {
  word_bytes = 1,
  event_bytes = 2,
  name_bytes = 4,
  base64_bytes = 8,
  vkey_bytes = 16,
  crockford_bytes = 32,
};

constexpr auto byte_table = [] {
  std::array<std::uint8_t, 256> table{};
  const auto allow = [&](std::string_view bytes, unsigned as) {
    for (const char c : bytes)
      table[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(table[static_cast<unsigned char>(c)] | as);
  };
  constexpr unsigned all = word_bytes | event_bytes | name_bytes | base64_bytes | vkey_bytes;
  allow("abcdefghijklmnopqrstuvwxyz0123456789", all);
  allow("ABCDEFGHIJKLMNOPQRSTUVWXYZ", name_bytes | base64_bytes | vkey_bytes);
  allow("_", word_bytes | event_bytes | name_bytes | vkey_bytes);
  allow(".", event_bytes | name_bytes | vkey_bytes);
  allow("-:", name_bytes | vkey_bytes);
  allow("/", name_bytes | base64_bytes | vkey_bytes);
  allow("+=", base64_bytes | vkey_bytes);
  allow("0123456789ABCDEFGHJKMNPQRSTVWXYZ", crockford_bytes);
  return table;
}();

constexpr std::size_t word_max = 48;
constexpr std::size_t origin_max = 128;
constexpr std::size_t node_max = 32;
constexpr std::size_t record_id_bytes = 28;
constexpr std::size_t digest_chars = 44;
constexpr std::size_t mark_chars = 16;
constexpr std::size_t time_chars = 27;
constexpr int list_max = 64;

bool is_listed(std::string_view choices, std::string_view word) {
  while (!choices.empty()) {
    const auto end = choices.find(' ');
    if (choices.substr(0, end) == word) return true;
    if (end == std::string_view::npos) return false;
    choices.remove_prefix(end + 1);
  }
  return false;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= word_max && text[0] >= 'a' && text[0] <= 'z';
}

bool consists_of(std::string_view text, std::uint8_t allowed) {
  std::uint8_t common = allowed;
  for (const char c : text)
    common &= byte_table[static_cast<unsigned char>(c)];
  return common == allowed;
}

// A letter, a hyphen and 128 bits. The same as is_crockford(), which would take a third of a record's time.
bool is_record_id(std::string_view text, std::string_view letters) {
  return text.size() == record_id_bytes && letters.find(text[0]) != std::string_view::npos && text[1] == '-' &&
         text[2] <= '7' && consists_of(text.substr(2), crockford_bytes);
}

// 32 bytes in base64 end in a digit with two zero bits and one `=`.
bool is_digest(std::string_view text) {
  return text.size() == digest_chars && text.back() == '=' &&
         std::string_view("AEIMQUYcgkosw048").find(text[digest_chars - 2]) != std::string_view::npos &&
         text.substr(0, digest_chars - 1).find('=') == std::string_view::npos;
}

bool is_time(std::string_view t) {
  constexpr std::string_view shape = "0000-00-00T00:00:00.000000Z";
  if (t.size() != time_chars) return false;
  for (std::size_t i = 0; i < time_chars; ++i)
    if (shape[i] == '0' ? t[i] < '0' || t[i] > '9' : t[i] != shape[i]) return false;
  const auto two = [&](std::size_t at) { return static_cast<unsigned>((t[at] - '0') * 10 + (t[at + 1] - '0')); };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(two(0) * 100 + two(2))),
                                         std::chrono::month(two(5)), std::chrono::day(two(8))};
  return date.ok() && two(11) < 24 && two(14) < 60 && two(17) < 60;
}

// Reads one record from left to right and knows at each place what must come. The order of the names is the order
// of canonical JSON, so a record that gets through is canonical too.
class Reader {
 public:
  Reader(std::string_view text, const EventMembers& events) : text_(text), events_(events) {}

  Result<RecordView> run() {
    if (text_.size() > record_bytes_max) return fail(Errc::Invalid, "the record is longer than 4096 bytes");
    if (record()) return view_;
    return fail(Errc::Invalid, fmt::format("byte {}: expected {}", at_, expected_));
  }

 private:
  bool want(bool holds, std::string_view what) {
    if (!holds && expected_.empty()) expected_ = what;
    return holds;
  }
  bool next(std::string_view literal) {
    if (text_.substr(at_, literal.size()) != literal) return false;
    at_ += literal.size();
    return true;
  }
  bool take(std::string_view literal) { return want(next(literal), literal); }

  bool string(std::string_view& out, std::uint8_t allowed) {
    if (!take("\"")) return false;
    std::size_t end = at_;
    while (end < text_.size() && (byte_table[static_cast<unsigned char>(text_[end])] & allowed) != 0)
      ++end;
    out = text_.substr(at_, end - at_);
    at_ = end;
    return take("\"");
  }
  bool string_that(std::string_view& out, std::uint8_t allowed, bool (*good)(std::string_view),
                   std::string_view what) {
    const std::size_t start = at_;
    if (want(string(out, allowed) && good(out), what)) return true;
    at_ = start;
    expected_ = what;
    return false;
  }
  bool name(std::string_view& out, std::size_t max) {
    return string(out, name_bytes) && want(!out.empty() && out.size() <= max, "a name");
  }
  bool digest() {
    std::string_view ignored;
    return string_that(ignored, base64_bytes, is_digest, "32 bytes as base64");
  }

  bool integer(std::int64_t& out, bool signed_too = false) {
    const bool negative = signed_too && next("-");
    const std::size_t start = at_;
    out = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < 16)
      out = out * 10 + (text_[at_++] - '0');
    const std::size_t digits = at_ - start;
    if (!want(digits > 0 && !(text_[start] == '0' && (digits > 1 || negative)) && out <= integer_max, "an integer"))
      return false;
    if (negative) out = -out;
    return true;
  }

  bool record() {
    return act() && auth() && subject() && event() && (!view_.is_step || from()) && take(",\"log\":") &&
           name(view_.log, origin_max) && node() && objects() && outcome() && time() && (!view_.is_step || to()) &&
           take(",\"v\":1") && workflow() && x() && take("}") && want(at_ == text_.size(), "the end") && together();
  }

  bool act() {
    std::string_view org, role;
    if (!take("{\"act\":{\"id\":") || !string(view_.actor, name_bytes)) return false;
    const bool person = next(",\"kind\":\"person\"");
    return (person || take(",\"kind\":\"service\"")) &&
           want(is_record_id(view_.actor, person ? "u" : "das"), "an actor's id of its kind") && take(",\"org\":") &&
           string(org, word_bytes) && want(org == "rsc" || org == "hcf", "rsc or hcf") && take(",\"role\":") &&
           string(role, word_bytes) && want(from_name<Role>(role).has_value(), "a role") && take("}");
  }

  bool auth() {
    std::string_view method, mark;
    if (!take(",\"auth\":{\"m\":") || !string(method, name_bytes | base64_bytes) ||
        !want(is_listed("pwd pwd+otp token mtls mail job code webauthn-uv", method), "a way of authentication"))
      return false;
    if (next(",\"s\":") &&
        !(string(mark, base64_bytes) &&
          want(mark.size() == mark_chars && mark.find('=') == std::string_view::npos, "the mark of a sign-in")))
      return false;
    return take("}");
  }

  bool subject() {
    if (!next(",\"case\":")) return true;
    if (!string(view_.case_id, name_bytes) || !want(is_record_id(view_.case_id, "c"), "a case's id")) return false;
    view_.is_step = next(",\"cn\":");
    return !view_.is_step || integer(view_.cn);
  }

  bool event() {
    if (!take(",\"ev\":") || !string(view_.event, event_bytes)) return false;
    workflow_event_ = events_.find(view_.event);
    if (workflow_event_ != events_.end()) return true;
    const auto own = std::ranges::find(engine_events(), view_.event, &EngineEvent::name);
    if (!want(own != engine_events().end(), "an event of the workflow or of the engine")) return false;
    engine_event_ = &*own;
    return true;
  }

  bool from() {
    return take(",\"from\":") && string(view_.from, word_bytes) &&
           want(view_.from.empty() || is_word(view_.from), "a state");
  }
  bool to() { return take(",\"to\":") && string_that(view_.to, word_bytes, is_word, "a state"); }

  bool node() {
    std::string_view id, run;
    std::int64_t n = 0;
    return take(",\"node\":{\"id\":") && name(id, node_max) && take(",\"n\":") && integer(n) && take(",\"run\":") &&
           string(run, word_bytes) &&
           want(run.size() == 8 && run.find_first_not_of("0123456789abcdef") == std::string_view::npos,
                "8 hexadecimal digits") &&
           take("}");
  }

  bool objects() {
    if (!next(",\"obj\":[")) return true;
    for (int n = 0; n < list_max; ++n) {
      std::string_view kind;
      std::int64_t length = 0;
      if (!take("{\"c\":") || !digest() || !take(",\"k\":") || !string(kind, word_bytes) ||
          !want(is_listed("phi text cmd report sig cert file", kind), "a kind of object"))
        return false;
      if (next(",\"len\":") && !integer(length)) return false;
      if (!take("}")) return false;
      if (next("]")) return true;
      if (!take(",")) return false;
    }
    return want(false, "at most 64 objects");
  }

  bool outcome() {
    std::int64_t out = 0;
    return take(",\"out\":") && integer(out) && want(out == 0 || out == 4 || out == 8 || out == 12, "an outcome");
  }

  bool time() {
    if (!take(",\"t\":\"")) return false;
    view_.at = text_.substr(at_, time_chars);
    if (!want(is_time(view_.at), "a time")) return false;
    at_ += time_chars;
    return take("\"");
  }

  bool workflow() {
    has_workflow_ = next(",\"wf\":{\"id\":");
    if (!has_workflow_) return true;
    std::string_view id;
    return name(id, word_max) && take(",\"rev\":") && digest() && take("}");
  }

  bool x() {
    if (!next(",\"x\":{")) return true;
    std::string_view before;
    do {
      std::string_view key;
      const std::size_t start = at_;
      if (!string(key, word_bytes)) return false;
      const Member* known = member(key);
      if (known == nullptr || !may_have(key) || key <= before) {
        at_ = start;
        return want(false, "a member of x that this event may have, in the order of the names");
      }
      before = key;
      if (key == "event" || key == "check") ++x_told_;
      if (!take(":") || !value(*known)) return false;
    } while (next(","));
    return take("}");
  }

  bool may_have(std::string_view key) const {
    return engine_event_ != nullptr
               ? std::ranges::find(engine_event_->x, key) != engine_event_->x.end()
               : std::ranges::find(workflow_event_->second, key) != workflow_event_->second.end();
  }

  bool value(const Member& known) {
    std::string_view text;
    std::int64_t number = 0;
    switch (known.form) {
      case Form::choice:
        return string(text, word_bytes) && want(is_listed(known.choices, text), "one of the member's words");
      case Form::word: return string_that(text, word_bytes, is_word, "a name of the program's");
      case Form::row:
        return string(text, name_bytes) && want(text.size() == 3 && text[0] >= 'A' && text[0] <= 'Z' &&
                                                    text.find_first_not_of("0123456789", 1) == std::string_view::npos,
                                                "a row of the table");
      case Form::id:
        return string(text, name_bytes) && want(is_record_id(text, known.choices), "an id of the member's kind");
      case Form::ids: return ids(known);
      case Form::count: return integer(number);
      case Form::number: return integer(number, true);
      case Form::time: return string_that(text, name_bytes, is_time, "a time");
      case Form::digest: return digest();
      case Form::yes: return take("true");
      case Form::vkey: return string(text, vkey_bytes) && want(parse_vkey(text).has_value(), "a verifier key");
    }
    return want(false, "a form");
  }

  bool ids(const Member& known) {
    if (!take("[")) return false;
    const std::size_t start = at_;
    std::string_view before;
    for (int n = 0; n < list_max; ++n) {
      std::string_view id;
      if (!string(id, name_bytes) || !want(is_record_id(id, known.choices), "an id of the member's kind") ||
          !want(before < id, "ids in order, each once"))
        return false;
      before = id;
      if (next("]")) {
        const std::string_view all = text_.substr(start, at_ - 1 - start);
        if (known.name == "received") view_.received = all;
        if (known.name == "settled") view_.settled = all;
        return true;
      }
      if (!take(",")) return false;
    }
    return want(false, "at most 64 ids");
  }

  // What must stand together, and what must not.
  bool together() {
    using Place = EngineEvent::Place;
    const Place place = engine_event_ == nullptr ? Place::step : engine_event_->place;
    if (place == Place::step)
      return want(view_.is_step && has_workflow_, "case, cn, from, to and wf") &&
             want((view_.cn == 0) == view_.from.empty(), "an empty `from` in record 0 of a case, and only there");
    if (!want(!view_.is_step, "no step: this event is none")) return false;
    if (place == Place::outside && !want(view_.case_id.empty(), "no case")) return false;
    return view_.event != "refused" || want(x_told_ == 2, "x with event and check");
  }

  std::string_view text_;
  const EventMembers& events_;
  std::size_t at_ = 0;
  std::string_view expected_;
  EventMembers::const_iterator workflow_event_;
  const EngineEvent* engine_event_ = nullptr;
  bool has_workflow_ = false;
  int x_told_ = 0;  // of what a refusal must tell
  RecordView view_;
};

}  // namespace

Result<RecordView> read_record(std::string_view body, const EventMembers& events) {
  return Reader(body, events).run();
}

}  // namespace kintsugi::audit
