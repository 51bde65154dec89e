#include "workflows/fault_response/letter_parts.h"

#include "engine/base/bytes.h"
#include "engine/base/calendar.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "workflows/fault_response/climb.h"
#include "workflows/fault_response/letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kintsugi::fault_response {

std::string in(Tongue tongue, const Text& text) {
  return tongue == Tongue::ja ? text.ja : text.en;
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string both(const Text& text) {
  return text.ja == text.en || text.en.empty() ? text.ja : text.ja + " / " + text.en;
}

namespace {

const Calendar& calendar_of(const Directory& directory, const OrganisationId& id) {
  static const Calendar otherwise;
  const Organisation* org = directory.organisation(id);
  return org == nullptr ? otherwise : org->calendar;
}

std::string desk_name(Tongue tongue, const Organisation& desk) {
  return fmt::format("{} {}", one_line(in(tongue, desk.name)), tongue == Tongue::ja ? "当直窓口" : "duty desk");
}

std::string names_of_asked(Tongue tongue, const Asked& asked, const Directory& directory) {
  std::string out;
  const auto add = [&](const std::string& name) {
    out += (out.empty() ? "" : tongue == Tongue::ja ? "、" : ", ") + name;
  };
  for (const PersonId& id : asked.people)
    if (const Person* person = directory.person(id)) add(one_line(in(tongue, person->name)));
  for (const OrganisationId& id : asked.desks)
    if (const Organisation* desk = directory.organisation(id)) add(desk_name(tongue, *desk));
  return out.empty() ? (tongue == Tongue::ja ? "該当者なし" : "nobody") : out;
}

}  // namespace

std::string ladder_part(Tongue tongue, const Effect& effect, const LetterContext& context) {
  const CaseFile& file = context.file;
  const bool ja = tongue == Tongue::ja;
  const auto own = std::ranges::find(file.asked, effect.id, &Asked::letter);
  if (own == file.asked.end()) return "";
  std::string out;
  for (auto one = file.asked.begin(); one != own; ++one)
    if (one->at < own->at) {
      if (out.empty()) out += ja ? "\nこれまでに依頼した相手\n" : "\nAsked before\n";
      out += fmt::format("- {} ({}{}): {}{}\n", to_local_text(calendar_of(context.directory, file.tenant), one->at),
                         ja ? "段階 " : "level ", one->level, names_of_asked(tongue, *one, context.directory),
                         one->by_telephone ? (ja ? " (電話)" : " (by telephone)") : "");
    }
  // As it stood when this letter was written, whoever has been asked since.
  CaseFile then = file;
  then.asked.assign(file.asked.begin(), own + 1);
  LadderView view;
  if (const Timer* timer = climbing_timer(file)) {
    const Policy& policy = context.directory.policy_of(file.tenant, file.policy_version);
    const Ladder ladder = ladder_of_case(file, context.directory, policy, ladder_name(timer->event, file));
    const std::size_t next = std::min(static_cast<std::size_t>(own->level), ladder.rungs.size() - 1);
    view.next_level = static_cast<int>(next) + 1;
    view.next_people =
        reached(context.directory, ladder.rungs[next], sides_of(file, context.directory), own->at).people;
  }
  const auto calls = telephone_list(then, context.directory, view, own->at);
  if (calls.empty()) return out;
  out += ja ? "\n電話連絡先(上から順に)\n" : "\nWhom to call, in this order\n";
  int place = 0;
  for (const LadderView::Call& call : calls) {
    const Person* person = context.directory.person(call.person);
    const Organisation* desk = context.directory.organisation(call.desk);
    if (person != nullptr)
      out += fmt::format("{}. {} {}\n", ++place, one_line(in(tongue, person->name)), one_line(person->phone));
    else if (desk != nullptr)
      out += fmt::format("{}. {} {}\n", ++place, desk_name(tongue, *desk), one_line(desk->duty_desk_phone));
  }
  return out;
}

namespace {

// Named by all that it tells: after a crash the same lead may tell more or less, and that is another letter, which no
// mail program may take for the one that it has.
std::string message_id_of(const std::vector<Told>& told, const DigestContext& context) {
  std::string all;
  for (const Told& one : told)
    all += one.effect.id.text() + "\n";
  return fmt::format("{}.{}@{}", told.front().effect.id.text(), to_hex(sha256(all)).substr(0, 16),
                     context.mail_domain);
}

}  // namespace

Letter digest_letter(const std::vector<Told>& told, const DigestContext& context) {
  ensure(!told.empty() && told.front().effect.mail.has_value(), "a shared letter tells something");
  const Told& lead = told.front();
  const Organisation* hospital = context.directory.organisation(lead.file.tenant);
  const std::string name = hospital == nullptr ? "" : one_line(both(hospital->name));
  // By what is told; within it the most urgent case first, then the oldest.
  std::map<std::string, std::vector<const Told*>> by_mail;
  for (const Told& one : told)
    by_mail[one.effect.mail->mail].push_back(&one);

  Letter out;
  out.message_id = message_id_of(told, context);
  out.thread_id = out.message_id;
  out.to = recipients_of(lead.effect, context.directory);
  const auto faults = by_mail.find("M01");
  const bool only_faults = by_mail.size() == 1 && faults != by_mail.end();
  out.subject = only_faults ? fmt::format("{}: 障害通知 {}件 / {} faults", name, told.size(), told.size())
                            : fmt::format("{}: お知らせ {}件 / {} messages", name, told.size(), told.size());
  out.body = fmt::format(
      "短い時間に多くのお知らせがあったため、1通にまとめました。緊急(P1)の案件は別に送っています。\n"
      "There was much to tell within a short time, so it is told in one letter. P1 cases have letters "
      "of their own.\n\n案件一覧(サインインが必要です) / Cases (sign-in needed): {}/cases\n",
      context.console_url);
  std::size_t lines = 0;
  for (auto& [mail, list] : by_mail) {
    const auto words = std::ranges::find(mail_words(), mail, &MailWords::id);
    ensure(words != mail_words().end(), "a mail's name is one of docs/mails.md");
    std::ranges::stable_sort(list, [](const Told* a, const Told* b) {
      return std::tie(a->file.priority, a->effect.at) < std::tie(b->file.priority, b->effect.at);
    });
    out.body += fmt::format("\n■ {} / {} ({})\n", words->subject_ja, words->subject_en, list.size());
    for (const Told* one : list) {
      if (++lines > lines_max) break;
      const Device* device = context.directory.device(one->file.device);
      const auto level = one->effect.mail->facts.find("level");
      std::string note;
      if (mail == "M05" && level != one->effect.mail->facts.end())
        note = fmt::format("  [段階 / level {}]", one_line(level->second));
      out.body += fmt::format("{}  {}  {}  {}{}\n", name_of(one->file.priority), one->file.number,
                              device == nullptr ? "装置不明 / unknown device" : one_line(both(device->nickname)),
                              to_local_text(calendar_of(context.directory, one->file.tenant), one->effect.at), note);
    }
  }
  if (told.size() > lines_max)
    out.body += fmt::format("\nほか {}件 / and {} more\n", told.size() - lines_max, told.size() - lines_max);
  out.body += "\n";
  for (const OrganisationId& id : {lead.file.tenant, lead.file.rsc})
    if (const Organisation* desk = context.directory.organisation(id);
        desk != nullptr && !desk->duty_desk_phone.empty())
      out.body +=
          fmt::format("{} 当直窓口 / duty desk: {}\n", one_line(both(desk->name)), one_line(desk->duty_desk_phone));
  return out;
}

}  // namespace kintsugi::fault_response
