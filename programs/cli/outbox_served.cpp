#include "programs/cli/outbox_served.h"

#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"

#include <fmt/format.h>

namespace kintsugi::cli {
namespace {

constexpr int effects_per_page = 200;  // the most that the API gives at once
constexpr std::size_t effects_max = 1000;

// In the words of docs/mails.md and docs/api/access-point.md: `mail M09`, `order open access_point`.
std::string kind_of(const Json& effect) {
  if (effect.contains("mail")) return "mail " + text_of(effect, "mail");
  if (effect.contains("order")) return "order " + text_of(effect, "order") + " " + text_of(effect, "hop");
  if (effect.contains("webhook")) return "webhook " + text_of(effect, "change");
  return "destroy_key";
}

std::string outbox_text(const Json& effects, const std::string& state, const Page& page) {
  if (effects.empty()) return page.tongue("outbox.none", state) + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : effects) {
    const std::string settled = text_of(one, "settled_at");
    rows.push_back({text_of(one, "id"), text_of(one, "case_id"), kind_of(one),
                    to_the_second(settled.empty() ? text_of(one, "decided_at") : settled), value_of(one, "attempts"),
                    text_of(one, "last_error")});
  }
  const Tongue& say = page.tongue;
  std::string out = to_table({say("head.effect"), say("head.case"), say("head.what"), say("head.since"),
                              say("head.attempt"), say("head.error")},
                             rows, page.paint);
  if (state == "gave_up") out += say("outbox.then", rows.front().front()) + "\n";
  return out;
}

}  // namespace

int list_outbox(const VisitOptions& options, const std::string& state, const Tongue& say) {
  auto visit = Visit::begin(options, say);
  if (!visit) return report(visit.error());
  Reply whole;
  whole.json = Json{{"effects", Json::array()}};
  Json& all = whole.json["effects"];
  std::string token;
  do {
    const std::string from = token.empty() ? std::string() : "&page_token=" + escaped(token);
    const Reply page =
        visit->api.get(fmt::format("/api/v1/outbox?state={}&page_size={}{}", escaped(state), effects_per_page, from));
    if (!page.good()) return visit->refuse(page);
    for (const Json& one : list_of(page.json, "effects"))
      all.push_back(one);
    token = text_of(page.json, "next_page_token");
  } while (!token.empty() && all.size() < effects_max);
  whole.body = whole.json.dump();
  visit->show_list(whole, "effects", outbox_text(all, state, visit->page()));
  return ok;
}

int redrive_effect(const VisitOptions& options, const std::string& effect, const Tongue& say) {
  auto visit = Visit::begin(options, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit("/api/v1/outbox/" + escaped(effect) + "/redrive", Json::object());
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, say("outbox.again", effect) + "\n");
  return ok;
}

}  // namespace kintsugi::cli
