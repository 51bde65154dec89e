#include "programs/server/operator_orders.h"

#include "engine/run/registry.h"
#include "programs/server/masters_file.h"

namespace kintsugi {
namespace {

Json to_json(const std::vector<Mistake>& mistakes) {
  Json out = Json::array();
  for (const Mistake& one : mistakes)
    out.push_back({{"place", one.place}, {"ja", one.ja}, {"en", one.en}});
  return out;
}

Result<Json> import_masters(Server& server, const Clock& clock, Entropy& entropy, const Json& file) {
  // Whoever can read the directory is the machine's operator; the log knows him by no other name.
  MastersAsked asked;
  asked.actor.id = server.home().node + "-operator";
  asked.actor.kind = Role::sys;
  asked.actor.auth = "job";
  asked.as = Role::sys;
  std::size_t count = 0;
  std::vector<Mistake> mistakes;
  const auto done = server.conductor().change_masters(asked, [&](const Directory& before) -> Result<MastersChange> {
    const MastersRead read = read_masters_file(file, before, clock.now(), entropy);
    mistakes = read.mistakes;
    if (!mistakes.empty()) return fail(Errc::Invalid, "the file has mistakes");
    const Masters really = without_unchanged(before, read.masters);
    MastersChange rows = rows_of(before, changed(before, really), really, ChangeReason::none);
    rows.masters.insert(rows.masters.end(), read.integrations.begin(), read.integrations.end());
    count = rows.masters.size();
    return rows;
  });
  if (!mistakes.empty()) return Json{{"mistakes", to_json(mistakes)}};
  if (!done) return pass(done);
  return Json{{"imported", count}};
}

Result<Json> invite(Server& server, const Json& mails) {
  std::vector<PersonId> people;
  for (const Json& mail : mails) {
    const std::string text = mail.is_string() ? mail.get<std::string>() : std::string();
    const Person* person = server.conductor().directory()->person_by_mail(text);
    if (person == nullptr) return fail(Errc::NotFound, "nobody here has the mail address " + text);
    people.push_back(person->id);
  }
  Json codes = Json::array();
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto code = server.accounts().invite(people[i]);
    if (!code) return pass(code);
    codes.push_back({{"mail", mails[i]}, {"one_time_code", *code}});
  }
  return Json{{"codes", std::move(codes)}};
}

}  // namespace

Result<Json> carry_out(Server& server, const Clock& clock, Entropy& entropy, const std::string& order,
                       const Json& with) {
  if (order == "import") return import_masters(server, clock, entropy, with.value("masters", Json::object()));
  if (order == "invite") return invite(server, with.value("mails", Json::array()));
  return fail(Errc::Invalid, "no such order: " + order);
}

}  // namespace kintsugi
