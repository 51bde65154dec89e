#include "workflows/fault_response/letters.h"

#include "engine/base/calendar.h"
#include "engine/base/ensure.h"
#include "workflows/fault_response/letter_parts.h"
#include "workflows/fault_response/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace kintsugi::fault_response {
namespace {

// How a fact is read. What cannot be read that way is not said.
enum class Kind { instant, person, people, role, word, number, name };
struct Fact {
  std::string_view key;
  Kind kind;
};
constexpr std::array facts_known = {
    // carried by the mail
    Fact{"from", Kind::instant}, Fact{"until", Kind::instant}, Fact{"since", Kind::instant},
    Fact{"person", Kind::person}, Fact{"slot", Kind::role}, Fact{"hop", Kind::word}, Fact{"what", Kind::word},
    Fact{"progress", Kind::word}, Fact{"priority", Kind::word}, Fact{"level", Kind::number},
    Fact{"count", Kind::number}, Fact{"item", Kind::name},
    // taken from the case file
    Fact{"opens", Kind::instant}, Fact{"closes", Kind::instant}, Fact{"workers", Kind::people},
    Fact{"deadline", Kind::instant}, Fact{"resolution", Kind::word}, Fact{"hop_owner", Kind::role},
    Fact{"item_kind", Kind::word}, Fact{"item_state", Kind::word}, Fact{"items", Kind::number},
    Fact{"proved_at", Kind::instant}, Fact{"incident_type", Kind::word}, Fact{"preliminary_due", Kind::instant},
    Fact{"final_due", Kind::instant}};

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
    return part(Tongue::ja, words) + "\n----------------------------------------\n\n" + part(Tongue::en, words);
  }

 private:
  std::string part(Tongue tongue, const MailWords& words) const {
    const bool ja = tongue == Tongue::ja;
    const std::string_view ask = ja ? words.ask_ja : words.ask_en;
    const auto line = [](std::string_view label, std::string_view value) {
      return fmt::format("{}: {}\n", label, value);
    };
    std::string out = fmt::format("{}\n\n", ja ? words.subject_ja : words.subject_en);
    out += line(ja ? "案件" : "Case", context_.file.number);
    if (hospital_ != nullptr) out += line(ja ? "病院" : "Hospital", one_line(in(tongue, hospital_->name)));
    const std::string unknown = ja ? "不明" : "unknown";
    out += line(ja ? "装置" : "Device", device_ == nullptr ? unknown : one_line(in(tongue, device_->nickname)));
    out += "\n" + lines(tongue, ja ? words.body_ja : words.body_en);
    if (!ask.empty()) {
      out += "\n" + line(ja ? "お願い" : "Asked of you", ask);
      out += lines(tongue, ja ? "期限: {deadline}" : "By: {deadline}");
    }
    out += ladder_part(tongue, effect_, context_);
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
    std::string value = given(key);
    if (value.empty()) value = from_file(key);
    if (value.empty()) return std::nullopt;
    switch (known->kind) {
      case Kind::instant: {
        const auto at = instant_from(value);
        if (!at) return std::nullopt;
        return to_local_text(hospital_ == nullptr ? Calendar{} : hospital_->calendar, *at);
      }
      case Kind::person: return person(tongue, value, true);
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

  std::string given(std::string_view key) const {
    const auto found = effect_.mail->facts.find(std::string(key));
    return found == effect_.mail->facts.end() ? "" : found->second;
  }

  static std::string when(Instant at) { return at == Instant{} ? "" : to_text(at); }

  std::string from_file(std::string_view key) const {
    const CaseFile& file = context_.file;
    if (key == "priority") return std::string(name_of(file.priority));
    if (key == "resolution") return file.resolution;
    if (key == "deadline") return deadline();
    if (key == "items") return file.items.empty() ? "" : std::to_string(file.items.size());
    if (key == "item_kind" || key == "item_state") {
      const auto item = std::ranges::find(file.items, ItemId{given("item")}, &DataItem::id);
      if (item == file.items.end()) return "";
      return std::string(key == "item_kind" ? name_of(item->kind) : name_of(item->state));
    }
    if (key == "hop_owner") {
      const auto hop = from_name<Hop>(given("hop"));
      return !hop ? "" : std::string(name_of(*hop == Hop::exit ? Role::rsc_netadm : Role::hcf_netadm));
    }
    if (key == "from") return file.grants.empty() ? "" : when(file.grants.back().window.opens);
    if (key == "proved_at") return file.grants.empty() ? "" : when(file.grants.back().proved_closed_at);
    if (!file.incidents.empty()) {
      const Incident& incident = file.incidents.back();
      if (key == "incident_type") return incident.type;
      if (key == "preliminary_due") return when(incident.preliminary_due);
      if (key == "final_due") return when(incident.final_due);
    }
    return file.request ? from_request(*file.request, key) : "";
  }

  static std::string from_request(const Request& request, std::string_view key) {
    if (key == "opens") return when(request.window.opens);
    if (key == "closes") return when(request.window.closes);
    std::string out;
    if (key == "workers")
      for (const PersonId& one : request.workers)
        out += (out.empty() ? "" : ",") + one.text();
    return out;
  }

  std::string deadline() const {
    const auto words = std::ranges::find(mail_words(), effect_.mail->mail, &MailWords::id);
    if (words->timer.empty()) return "";
    if (const std::string until = given("until"); !until.empty()) return until;
    const auto timer = std::ranges::find(context_.file.timers, words->timer, &Timer::event);
    return timer == context_.file.timers.end() ? "" : when(timer->due);
  }

  const Effect& effect_;
  const LetterContext& context_;
  const Organisation* hospital_ = nullptr;
  const Organisation* centre_ = nullptr;
  const Device* device_ = nullptr;
};

}  // namespace

std::vector<std::string> recipients_of(const Effect& effect, const Directory& directory) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& address) {
    if (!address.empty() && std::ranges::find(out, address) == out.end()) out.push_back(address);
  };
  const auto has_left = [&](const Person& one) { return one.left_at != Instant{} && one.left_at <= effect.at; };
  for (const PersonId& id : effect.mail->to)
    if (const Person* person = directory.person(id); person != nullptr && !has_left(*person)) add(person->mail);
  for (const OrganisationId& id : effect.mail->desks)
    if (const Organisation* one = directory.organisation(id)) add(one->duty_desk_mail);
  return out;
}

Letter letter(const Effect& effect, const LetterContext& context) {
  ensure(effect.mail.has_value(), "a letter is made from an effect that holds a mail");
  const auto words = std::ranges::find(mail_words(), effect.mail->mail, &MailWords::id);
  ensure(words != mail_words().end(), "a mail's name is one of docs/mails.md");
  const Writer writer(effect, context);
  return {.message_id = fmt::format("{}@{}", effect.id.text(), context.mail_domain),
          .thread_id = fmt::format("{}@{}", context.file.id.text(), context.mail_domain),
          .to = recipients_of(effect, context.directory),
          .subject = writer.subject(*words),
          .body = writer.body(*words)};
}

}  // namespace kintsugi::fault_response
