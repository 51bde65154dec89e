#include "adapters/http/ladder_view.h"

#include "adapters/http/limits.h"

#include <utility>

namespace kintsugi::http {
namespace {

Json person_json(const CaseViewer& viewer, const PersonId& id) {
  const Person* person = viewer.directory.person(id);
  return {{"id", id.text()}, {"name", person == nullptr ? "" : in(viewer.language, person->name)}};
}
Json desk_json(const CaseViewer& viewer, const OrganisationId& id) {
  const Organisation* org = viewer.directory.organisation(id);
  return {{"id", id.text()}, {"name", org == nullptr ? "" : in(viewer.language, org->name)}};
}

void put_reached(Json& out, const std::vector<PersonId>& people, const std::vector<OrganisationId>& desks,
                 const CaseViewer& viewer) {
  out["people"] = Json::array();
  for (const PersonId& id : people)
    out["people"].push_back(person_json(viewer, id));
  out["desks"] = Json::array();
  for (const OrganisationId& id : desks)
    out["desks"].push_back(desk_json(viewer, id));
}

Json call_json(const LadderView::Call& call, const CaseViewer& viewer) {
  Json out = {{"level", call.level}};
  if (const Person* person = viewer.directory.person(call.person)) {
    out["person"] = person_json(viewer, call.person);
    out["telephone"] = person->phone;
  } else if (const Organisation* desk = viewer.directory.organisation(call.desk)) {
    out["desk"] = desk_json(viewer, call.desk);
    out["telephone"] = desk->duty_desk_phone;
  }
  return out;
}

}  // namespace

Json ladder_json(const CaseFile& file, const CaseViewer& viewer) {
  const Workflow& workflow = viewer.desk.workflow;
  if (!workflow.ladder) return nullptr;
  const LadderView view = workflow.ladder(file, viewer.directory, viewer.desk.clock.now());
  if (view.what.empty()) return nullptr;
  Json out = {{"what", view.what}, {"label", in(viewer.language, workflow.text(view.what))}};
  out["asked"] = Json::array();
  for (const Asked& one : view.asked) {
    Json asked = {{"at", to_text(one.at)}, {"level", one.level}, {"by", one.by_telephone ? "telephone" : "mail"}};
    if (!one.letter.empty()) asked["letter"] = one.letter.text();
    put_reached(asked, one.people, one.desks, viewer);
    out["asked"].push_back(std::move(asked));
  }
  out["next"] = {{"level", view.next_level}, {"at", to_text(view.next_at)}};
  put_reached(out["next"], view.next_people, view.next_desks, viewer);
  out["call"] = Json::array();
  for (const LadderView::Call& one : view.call)
    out["call"].push_back(call_json(one, viewer));
  return out;
}

Json letters_json(const std::vector<OutboxRow>& rows, const CaseViewer& viewer) {
  Json out = Json::array();
  for (const OutboxRow& row : rows) {
    if (!row.effect.mail) continue;
    if (std::cmp_greater_equal(out.size(), letters_shown_max)) break;
    Json one = {{"effect", row.effect.id.text()},
                {"mail", row.effect.mail->mail},
                {"state", name_of(row.state)},
                {"decided_at", to_text(row.effect.at)}};
    if (row.settled_at != Instant{})
      one["settled_at"] = to_text(row.settled_at);
    else
      one["due"] = to_text(row.due);
    if (!row.letter.empty()) one["told_in"] = row.letter.text();
    put_reached(one, row.effect.mail->to, row.effect.mail->desks, viewer);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace kintsugi::http
