#include "programs/cli/client/case_text.h"

#include "programs/cli/client/problem.h"
#include "programs/cli/client/reading.h"

namespace kintsugi::cli {
namespace {

std::string name_of(const Json& json, const char* member) {
  return text_of(object_of(json, member), "name");
}

std::string line(const std::string& label, const std::string& value) {
  constexpr std::size_t label_columns = 18;
  return value.empty() ? std::string() : padded(label, label_columns) + value + "\n";
}

std::string from_now(const std::string& at, const Page& page) {
  const auto due = instant_from(at);
  if (!due) return {};
  const Duration left = *due - page.now;
  return left >= Duration{} ? page.tongue("case.in", to_text(left)) : page.tongue("case.ago", to_text(left));
}

std::string heading(const Page& page, const std::string& text, const std::string& lines) {
  return lines.empty() ? lines : page.paint.strong(text) + "\n" + lines;
}

std::string device_text(const Json& json) {
  const Json& device = object_of(json, "device");
  std::string out = text_of(device, "nickname");
  for (const char* member : {"model", "location"})
    if (const std::string part = text_of(device, member); !part.empty()) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string fault_text(const Json& seen, const Page& page) {
  const Json& fault = object_of(seen, "fault");
  std::string out = text_of(fault, "code");
  if (const auto times = number_of(fault, "occurrences"); times > 1) out += " " + page.tongue("case.times", times);
  if (const std::string care = text_of(fault, "care"); !care.empty() && care != "unknown")
    out += (out.empty() ? "" : ", ") + page.tongue("case.care", text_of(fault, "care_label"));
  return out;
}

// A word of the program's with what it means before it.
std::string with_name(const Json& json, const char* name) {
  const std::string word = text_of(json, name);
  return word.empty() ? word : text_of(json, (std::string(name) + "_label").c_str()) + " (" + word + ")";
}

// What led into the present state, and who did it.
std::string began_text(const Json& seen, const Page& page) {
  const Json& began = object_of(seen, "began");
  const std::string event = text_of(began, "event");
  if (event.empty()) return {};
  const std::string by = name_of(began, "by");
  std::string out = by.empty() ? page.tongue("case.began_alone", text_of(began, "label"), event)
                               : page.tongue("case.began_by", text_of(began, "label"), event, by);
  if (const std::string why = text_of(began, "why_label"); !why.empty()) out += ": " + why;
  return out;
}

// Who said that the device is out of use; empty while it is not.
std::string hold_text(const Json& seen, const Page& page) {
  const Json& hold = object_of(seen, "hold");
  if (!flag_of(hold, "is_set")) return {};
  return page.tongue("case.hold_by", name_of(hold, "by"), to_the_second(text_of(hold, "at")));
}

std::string deadlines_text(const Json& seen, const Page& page) {
  std::string out;
  for (const Json& one : list_of(seen, "deadlines")) {
    const std::string due = text_of(one, "due");
    out += "  " + to_the_second(due) + "  " + page.paint.waiting(padded(from_now(due, page), 12)) + "  " +
           text_of(one, "label") + page.paint.faint(" (" + text_of(one, "event") + ")") + "\n";
  }
  return heading(page, page.tongue("case.deadlines"), out);
}

std::string owed_text(const Json& seen, const Page& page) {
  std::string out;
  for (const Json& one : list_of(seen, "obligations"))
    if (!flag_of(one, "done"))
      out += "  " + text_of(one, "label") + page.paint.faint(" (" + text_of(one, "kind") + ")") + "\n";
  return heading(page, page.tongue("case.owed"), out);
}

std::string names_text(const Json& json) {
  std::string out;
  for (const char* member : {"people", "desks"})
    for (const Json& one : list_of(json, member))
      out += (out.empty() ? "" : ", ") + text_of(one, "name");
  return out;
}

// Who was asked, who comes next, whom to call.
std::string ladder_text(const Json& seen, const Page& page) {
  const Json& ladder = object_of(seen, "ladder");
  if (ladder.empty()) return {};
  const Tongue& say = page.tongue;
  std::string out;
  for (const Json& one : list_of(ladder, "asked"))
    out +=
        "  " + say("case.asked", to_the_second(text_of(one, "at")), number_of(one, "level"), names_text(one)) + "\n";
  const Json& next = object_of(ladder, "next");
  out += "  " +
         page.paint.waiting(
             say("case.next", to_the_second(text_of(next, "at")), number_of(next, "level"), names_text(next))) +
         "\n";
  for (const Json& one : list_of(ladder, "call")) {
    const Json& who = one.contains("person") ? object_of(one, "person") : object_of(one, "desk");
    out += "  " + say("case.call", text_of(who, "name"), text_of(one, "telephone")) + "\n";
  }
  return heading(page, say("case.ladder") + " (" + text_of(ladder, "label") + ")", out);
}

// The last grant: until when, how it ended, and what each door has reported.
std::string grant_text(const Json& seen, const Page& page) {
  const Json& grants = list_of(seen, "grants");
  if (grants.empty()) return {};
  const Tongue& say = page.tongue;
  const Json& grant = grants.back();
  const Json& window = object_of(grant, "window");
  std::string head = to_the_second(text_of(window, "opens")) + " – " + to_the_second(text_of(window, "closes"));
  const std::string proved = text_of(grant, "proved_closed_at");
  const bool is_over = text_of(grant, "end") != "none";
  if (is_over) head = say("case.grant_end", head, text_of(grant, "end_label"));
  std::string out = "  " + head + "\n";
  for (const Json& hop : list_of(grant, "hops")) {
    const std::string state = text_of(hop, "state");
    const std::string words = text_of(hop, "state_label") + " (" + state + ")";
    std::string line = "  " + padded(text_of(hop, "label"), 32) +
                       (state == "closed" ? page.paint.good(words) : page.paint.waiting(words)) + "  " +
                       to_the_second(text_of(hop, "at"));
    if (const auto sessions = number_of(hop, "sessions"); sessions > 0) line += "  " + say("case.sessions", sessions);
    if (flag_of(hop, "by_hand")) line += "  " + say("case.by_hand");
    out += line + "\n";
  }
  if (is_over)
    out += "  " +
           (proved.empty() || grant.contains("reopened_at") ? page.paint.bad(say("case.grant_open"))
                                                            : say("case.grant_proved", to_the_second(proved))) +
           "\n";
  return heading(page, say("case.grant"), out);
}

std::string incidents_text(const Json& seen, const Page& page) {
  std::string out;
  for (const Json& one : list_of(seen, "incidents"))
    out += "  " + text_of(one, "id") + "  " + text_of(one, "label") + " (" + text_of(one, "type") + ")  " +
           page.paint.waiting(text_of(one, "state_label")) + "  " + to_the_second(text_of(one, "opened_at")) + "\n";
  return heading(page, page.tongue("case.incidents"), out);
}

std::string items_text(const Json& seen, const Page& page) {
  std::string out;
  for (const Json& one : list_of(seen, "items")) {
    const std::string state = with_name(one, "state");
    out += "  " + text_of(one, "id") + "  " + padded(with_name(one, "kind"), 24) +
           (flag_of(one, "final") ? page.paint.good(state) : page.paint.waiting(state)) + "\n";
  }
  return heading(page, page.tongue("case.items"), out);
}

std::string attachments_text(const Json& seen, const Page& page) {
  std::string out;
  for (const Json& one : list_of(seen, "documents"))
    if (const std::string judged = judgement_text(one, page.tongue); !judged.empty())
      out += "  " + text_of(one, "id") + "  " + text_of(one, "label") + ": " +
             (flag_of(object_of(one, "attachment"), "judged") ? judged : page.paint.waiting(judged)) + "\n";
  return heading(page, page.tongue("case.attachments"), out);
}

// Nothing is in the way but who asks: that is said in one line, with those who may.
bool only_for_others(const Json& action) {
  const Json& blocked = list_of(action, "blocked_by");
  return blocked.size() == 1 && text_of(blocked.front(), "name") == "role_not_allowed";
}

std::string actions_text(const Json& seen, const Page& page) {
  std::string may, not_yet, others;
  for (const Json& one : list_of(seen, "actions")) {
    const std::string name = "  " + padded(text_of(one, "event"), 26) + "  ";
    const std::string label = text_of(one, "label");
    if (flag_of(one, "allowed"))
      may += page.paint.good(name) + label +
             (flag_of(one, "needs_step_up") ? page.paint.faint(" (" + page.tongue("case.asks") + ")") : "") + "\n";
    else if (only_for_others(one))
      others += page.paint.faint(name) + label + ": " +
                roles_text(list_of(list_of(one, "blocked_by").front(), "lifted_by")) + "\n";
    else
      not_yet += page.paint.waiting(name) + label + "\n" +
                 checks_text(list_of(one, "blocked_by"), 6, page.tongue, page.paint);
  }
  return heading(page, page.tongue("case.may"), may) + heading(page, page.tongue("case.may_not"), not_yet) +
         heading(page, page.tongue("case.others"), others);
}

}  // namespace

std::string cases_text(const Json& cases, const Page& page) {
  if (cases.empty()) return page.tongue("case.none") + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : cases)
    rows.push_back({text_of(one, "number"), text_of(one, "priority"),
                    text_of(one, "state") + "  " + text_of(one, "label"), to_the_second(text_of(one, "state_since")),
                    name_of(one, "tenant"), device_text(one), text_of(one, "fault_code"), text_of(one, "id")});
  const Tongue& say = page.tongue;
  return to_table({say("head.number"), say("head.priority"), say("head.state"), say("head.since"),
                   say("head.hospital"), say("head.device"), say("head.fault"), say("head.id")},
                  rows, page.paint);
}

std::string inside_text(const Json& cases, const Page& page) {
  if (cases.empty()) return page.tongue("case.inside_none") + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : cases) {
    const Json& grants = list_of(one, "grants");
    const std::string closes = grants.empty() ? "" : text_of(object_of(grants.back(), "window"), "closes");
    std::string workers;
    for (const Json& worker : list_of(object_of(one, "request"), "workers"))
      workers += (workers.empty() ? "" : ", ") + text_of(worker, "name");
    rows.push_back({text_of(one, "number"), name_of(one, "tenant"), device_text(one), with_name(one, "access"),
                    to_the_second(text_of(one, "state_since")), to_the_second(closes), workers});
  }
  const Tongue& say = page.tongue;
  return to_table({say("head.number"), say("head.hospital"), say("head.device"), say("head.access"),
                   say("head.since"), say("head.closes"), say("head.workers")},
                  rows, page.paint);
}

std::string judgement_text(const Json& document, const Tongue& tongue) {
  const Json& attachment = object_of(document, "attachment");
  if (attachment.empty()) return {};
  if (!flag_of(attachment, "judged")) return tongue("case.not_judged");
  return tongue("case.judged", text_of(attachment, "phi_label"), name_of(attachment, "judged_by"),
                to_the_second(text_of(attachment, "judged_at")));
}

std::string state_text(const Json& seen, const Page& page) {
  return text_of(seen, "number") + "  " + page.paint.strong(text_of(seen, "state")) + "  " + text_of(seen, "label") +
         "  " + page.tongue("case.version", number_of(seen, "version")) + "\n";
}

std::string request_text(const Json& seen, const Page& page) {
  const Json& request = object_of(seen, "request");
  if (request.empty()) return {};
  const Tongue& say = page.tongue;
  const Json& window = object_of(request, "window");
  std::string workers;
  for (const Json& one : list_of(request, "workers"))
    workers += (workers.empty() ? "" : ", ") + text_of(one, "name");
  std::string out = page.paint.strong(say("case.request")) + "  " + name_of(request, "by") + ": " +
                    text_of(request, "purpose_label") + ", " + text_of(request, "level_label") + "\n";
  out += "  " + line(say("case.window"),
                     to_the_second(text_of(window, "opens")) + " – " + to_the_second(text_of(window, "closes")));
  out += "  " + line(say("case.workers"), workers);
  out += "  " + line(say("case.attendant"), name_of(request, "attendant"));
  if (flag_of(request, "phi_taken"))
    out += "  " + line(say("case.phi"), say("case.phi_taken"));
  else if (flag_of(request, "phi_seen"))
    out += "  " + line(say("case.phi"), say("case.phi_seen"));
  if (!text_of(request, "document").empty())
    out += "  " + line(say("case.whole"), "kintsugi case request " + text_of(seen, "number"));
  out += "  " + line(say("case.hash"), text_of(request, "hash"));
  for (const Json& one : list_of(request, "approvals"))
    out += "  " + line(flag_of(one, "approved") ? say("case.approved") : say("case.rejected"),
                       text_of(one, "slot_label") + " (" + text_of(one, "slot") + "): " + name_of(one, "by"));
  for (const Json& one : list_of(request, "open_slots"))
    out += "  " + line(say("case.unanswered"), text_of(one, "label") + " (" + text_of(one, "slot") + ")");
  return out;
}

std::string case_text(const Json& seen, const Page& page) {
  const Tongue& say = page.tongue;
  std::string out = page.paint.strong(text_of(seen, "number")) + "  " + text_of(seen, "id") + "  " +
                    say("case.version", number_of(seen, "version")) + "\n";
  std::string state = text_of(seen, "state") + "  " + text_of(seen, "label");
  if (flag_of(seen, "end")) state += ", " + say("case.over");
  if (const auto step = number_of(seen, "step"); step > 0) state += ", " + say("case.step", step);
  state += ", " + say("case.since", to_the_second(text_of(seen, "state_since")));
  out += line(say("case.state"), state);
  out += line(say("case.began"), began_text(seen, page));
  out += line(say("case.hospital"), name_of(seen, "tenant"));
  out += line(say("case.centre"), name_of(seen, "rsc"));
  out += line(say("case.device"), device_text(seen));
  out += line(say("case.fault"), fault_text(seen, page));
  out += line(say("case.priority"), text_of(seen, "priority"));
  out += line(say("case.access"), with_name(seen, "access"));
  out += line(say("case.hold"), hold_text(seen, page));
  out += line(say("case.owner"), name_of(seen, "owner"));
  out += request_text(seen, page) + grant_text(seen, page) + incidents_text(seen, page) + deadlines_text(seen, page) +
         ladder_text(seen, page) + owed_text(seen, page) + items_text(seen, page) + attachments_text(seen, page) +
         actions_text(seen, page);
  if (const auto count = list_of(seen, "documents").size(); count > 0)
    out += page.paint.faint(say("case.documents", count, text_of(seen, "id"))) + "\n";
  return out;
}

}  // namespace kintsugi::cli
