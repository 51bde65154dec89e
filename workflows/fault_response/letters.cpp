#include "workflows/fault_response/letters.h"

#include "engine/base/calendar.h"
#include "engine/base/ensure.h"
#include "workflows/fault_response/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace kintsugi::fault_response {
namespace {

enum class Kind { instant, person, people, role, word, number, name };
struct Fact {
  std::string_view key;
  Kind kind;
};
constexpr std::array facts_known = {Fact{"until", Kind::instant},     Fact{"opens", Kind::instant},
                                    Fact{"closes", Kind::instant},    Fact{"since", Kind::instant},
                                    Fact{"due", Kind::instant},       Fact{"arrives_at", Kind::instant},
                                    Fact{"final_due", Kind::instant}, Fact{"preliminary_due", Kind::instant},
                                    Fact{"person", Kind::person},     Fact{"by", Kind::person},
                                    Fact{"owner", Kind::person},      Fact{"workers", Kind::people},
                                    Fact{"slot", Kind::role},         Fact{"role", Kind::role},
                                    Fact{"hop", Kind::word},          Fact{"what", Kind::word},
                                    Fact{"reason", Kind::word},       Fact{"kind", Kind::word},
                                    Fact{"decision", Kind::word},     Fact{"priority", Kind::word},
                                    Fact{"count", Kind::number},      Fact{"level", Kind::number},
                                    Fact{"round", Kind::number},      Fact{"item", Kind::name},
                                    Fact{"incident", Kind::name},     Fact{"target", Kind::name},
                                    Fact{"row", Kind::name}};

enum class Tongue { ja, en };
std::string in(Tongue tongue, const Text& text) {
  return tongue == Tongue::ja ? text.ja : text.en;
}

// Masters are typed by people too; a line break in one must not become a header or a line of its own.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

// Words, figures and ids: what may pass when there is no closed list to look in.
bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
}
bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

class Writer {
 public:
  Writer(const Effect& effect, const LetterContext& context) : effect_(effect), context_(context) {
    hospital_ = context.directory.organisation(context.file.tenant);
    centre_ = context.directory.organisation(context.file.rsc);
    device_ = context.directory.device(context.file.device);
  }

  std::string subject(const MailWords& words) const {
    const std::string device = device_ == nullptr ? "装置不明 / unknown device" : both(device_->nickname);
    const std::string_view mark = words.urgent ? "【至急 / URGENT】" : "";
    return one_line(
        fmt::format("{}[{}] {}: {} / {}", mark, context_.file.number, device, words.subject_ja, words.subject_en));
  }

  std::string body(const MailWords& words) const {
    return part(Tongue::ja, words.subject_ja, words.body_ja, words.ask_ja) +
           "\n----------------------------------------\n\n" +
           part(Tongue::en, words.subject_en, words.body_en, words.ask_en);
  }

  std::vector<std::string> recipients() const {
    std::vector<std::string> out;
    const auto add = [&](const std::string& address) {
      if (!address.empty() && std::ranges::find(out, address) == out.end()) out.push_back(address);
    };
    for (const PersonId& id : effect_.mail->to)
      if (const Person* person = context_.directory.person(id); person != nullptr && !has_left(*person))
        add(person->mail);
    for (const OrganisationId& id : effect_.mail->desks)
      if (const Organisation* one = context_.directory.organisation(id)) add(one->duty_desk_mail);
    return out;
  }

 private:
  bool has_left(const Person& person) const { return person.left_at != Instant{} && person.left_at <= effect_.at; }

  static std::string both(const Text& text) {
    return text.ja == text.en || text.en.empty() ? text.ja : text.ja + " / " + text.en;
  }

  std::string part(Tongue tongue, std::string_view subject, std::string_view text, std::string_view ask) const {
    const bool ja = tongue == Tongue::ja;
    const auto line = [](std::string_view label, std::string_view value) {
      return fmt::format("{}: {}\n", label, value);
    };
    std::string out = fmt::format("{}\n\n", subject);
    out += line(ja ? "案件" : "Case", context_.file.number);
    if (hospital_ != nullptr) out += line(ja ? "病院" : "Hospital", one_line(in(tongue, hospital_->name)));
    const std::string unknown = ja ? "不明" : "unknown";
    out += line(ja ? "装置" : "Device", device_ == nullptr ? unknown : one_line(in(tongue, device_->nickname)));
    out += "\n" + lines(tongue, text);
    if (!ask.empty()) {
      out += "\n" + line(ja ? "お願い" : "Asked of you", ask);
      out += lines(tongue, ja ? "期限: {until}" : "By: {until}");
    }
    out += "\n" + line(ja ? "案件を開く(サインインが必要です)" : "Open the case (sign-in needed)",
                       fmt::format("{}/cases/{}", context_.console_url, context_.file.id.text()));
    if (hospital_ != nullptr) out += desk(ja ? "病院の当直窓口" : "The hospital's duty desk", *hospital_);
    if (centre_ != nullptr) out += desk(ja ? "RSCの当直窓口" : "The service centre's duty desk", *centre_);
    return out;
  }

  static std::string desk(std::string_view whose, const Organisation& one) {
    return one.duty_desk_phone.empty() ? "" : fmt::format("{}: {}\n", whose, one_line(one.duty_desk_phone));
  }

  // The lines whose every placeholder has a fact.
  std::string lines(Tongue tongue, std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (const auto line = filled(tongue, text.substr(0, end))) out += *line + "\n";
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

  std::optional<std::string> filled(Tongue tongue, std::string_view line) const {
    std::string out;
    while (!line.empty()) {
      const std::size_t open = line.find('{');
      out += line.substr(0, open);
      if (open == std::string_view::npos) break;
      const std::size_t close = line.find('}', open);
      ensure(close != std::string_view::npos, "a mail's placeholder is closed");
      const auto value = fact(tongue, line.substr(open + 1, close - open - 1));
      if (!value) return std::nullopt;
      out += *value;
      line.remove_prefix(close + 1);
    }
    return out;
  }

  std::optional<std::string> fact(Tongue tongue, std::string_view key) const {
    const auto known = std::ranges::find(facts_known, key, &Fact::key);
    if (known == facts_known.end()) return std::nullopt;
    const auto given = effect_.mail->facts.find(std::string(key));
    const std::string value = given != effect_.mail->facts.end() ? given->second : from_file(key);
    if (value.empty()) return std::nullopt;
    switch (known->kind) {
      case Kind::instant: {
        const auto at = instant_from(value);
        if (!at) return std::nullopt;
        return to_local_text(hospital_ == nullptr ? Calendar{} : hospital_->calendar, *at);
      }
      case Kind::person: return person(tongue, value, key == "owner");
      case Kind::people: return people(tongue, value);
      case Kind::role: return words(tongue, role_name(value));
      case Kind::word: {
        for (const auto lookup : {fact_text, state_label, event_label, role_name})
          if (auto found = words(tongue, lookup(value))) return found;
        return std::nullopt;
      }
      case Kind::number: return is_number(value) ? std::optional(value) : std::nullopt;
      case Kind::name: return is_plain(value) ? std::optional(value) : std::nullopt;
    }
    return std::nullopt;
  }

  static std::optional<std::string> words(Tongue tongue, const Text& text) {
    std::string out = in(tongue, text);
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }

  // A name; M04 also wants his telephone.
  std::optional<std::string> person(Tongue tongue, const std::string& id, bool with_phone) const {
    const Person* found = context_.directory.person(PersonId{id});
    if (found == nullptr) return std::nullopt;
    std::string out = one_line(in(tongue, found->name));
    if (with_phone && !found->phone.empty()) out += fmt::format(" ({})", one_line(found->phone));
    return out;
  }
  std::optional<std::string> people(Tongue tongue, std::string_view ids) const {
    std::string out;
    while (!ids.empty()) {
      const std::size_t end = std::min(ids.find(','), ids.size());
      if (const auto name = person(tongue, std::string(ids.substr(0, end)), false)) {
        if (!out.empty()) out += tongue == Tongue::ja ? "、" : ", ";
        out += *name;
      }
      ids.remove_prefix(std::min(end + 1, ids.size()));
    }
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }

  std::string from_file(std::string_view key) const {
    const CaseFile& file = context_.file;
    if (key == "owner") return file.owner.text();
    if (key == "priority") return std::string(name_of(file.priority));
    if (!file.request) return "";
    if (key == "opens") return to_text(file.request->window.opens);
    if (key == "closes") return to_text(file.request->window.closes);
    if (key == "workers") {
      std::string out;
      for (const PersonId& one : file.request->workers)
        out += (out.empty() ? "" : ",") + one.text();
      return out;
    }
    return "";
  }

  const Effect& effect_;
  const LetterContext& context_;
  const Organisation* hospital_ = nullptr;
  const Organisation* centre_ = nullptr;
  const Device* device_ = nullptr;
};

}  // namespace

Letter letter(const Effect& effect, const LetterContext& context) {
  ensure(effect.mail.has_value(), "a letter is made from an effect that holds a mail");
  const auto words = std::ranges::find(mail_words(), effect.mail->mail, &MailWords::id);
  ensure(words != mail_words().end(), "a mail's name is one of docs/mails.md");
  const Writer writer(effect, context);
  return {.message_id = fmt::format("{}@{}", effect.id.text(), context.mail_domain),
          .thread_id = fmt::format("{}@{}", context.file.id.text(), context.mail_domain),
          .to = writer.recipients(),
          .subject = writer.subject(*words),
          .body = writer.body(*words)};
}

}  // namespace kintsugi::fault_response
