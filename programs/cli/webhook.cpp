#include "programs/cli/client/reading.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

// Other systems that want to be told of changes; docs/api/webhooks.md.
namespace kintsugi::cli {
namespace {

constexpr const char* path = "/api/v1/webhooks";

struct WebhookOptions {
  VisitOptions visit;
  std::string id, owner, url;
  std::vector<std::string> changes;
  bool disable = false;
  int overlap_hours = 24;
  int limit = 50;
};

std::string path_of(const WebhookOptions& options, const char* verb = "") {
  return std::string(path) + "/" + escaped(options.id) + verb;
}

std::string joined(const Json& list) {
  std::string out;
  for (const Json& one : list)
    if (one.is_string()) out += (out.empty() ? "" : ",") + one.get<std::string>();
  return out;
}

// What only its maker will ever see of a key.
std::string key_text(const Json& key, const Tongue& say) {
  std::string out = say("webhook.public_key", text_of(key, "public_key")) + "\n";
  if (const std::string until = text_of(key, "until"); !until.empty())
    out += say("webhook.until", to_the_second(until)) + "\n";
  if (const std::string secret = text_of(key, "secret"); !secret.empty()) out += say("webhook.secret", secret) + "\n";
  return out;
}

std::string state_text(const Json& one, const Tongue& say) {
  if (!text_of(one, "gone_at").empty()) return say("webhook.gone", to_the_second(text_of(one, "gone_at")));
  return flag_of(one, "enabled") ? say("webhook.enabled") : say("webhook.disabled");
}

int list(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get_all(path, "webhooks");
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "webhooks"))
    rows.push_back({text_of(one, "id"), text_of(one, "owner"), state_text(one, say), joined(list_of(one, "changes")),
                    text_of(one, "url")});
  visit->show_list(reply, "webhooks",
                   to_table({say("head.id"), say("head.owner"), say("head.state"), say("head.changes"), "URL"}, rows,
                            visit->page().paint));
  return ok;
}

int show(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(path_of(options));
  if (!reply.good()) return visit->refuse(reply);
  std::string text = text_of(reply.json, "url") + "\n" + state_text(reply.json, say) + "\n";
  for (const Json& key : list_of(reply.json, "keys"))
    text += key_text(key, say);
  visit->show(reply, text);
  return ok;
}

Json body_of(const WebhookOptions& options) {
  Json out = {{"owner", options.owner}, {"url", options.url}, {"changes", options.changes}};
  if (options.disable) out["enabled"] = false;
  return out;
}

int add(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit(path, body_of(options));
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, text_of(reply.json, "id") + "\n" + key_text(object_of(reply.json, "key"), say));
  return ok;
}

// What is not given stays as it is.
int change(WebhookOptions options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply before = visit->api.get(path_of(options));
  if (!before.good()) return visit->refuse(before);
  options.owner = text_of(before.json, "owner");
  if (options.url.empty()) options.url = text_of(before.json, "url");
  Json body = body_of(options);
  if (options.changes.empty()) body["changes"] = list_of(before.json, "changes");
  const Reply reply = visit->api.put(path_of(options), body);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, text_of(reply.json, "id") + "  " + state_text(reply.json, say) + "\n");
  return ok;
}

int rotate(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit(path_of(options, "/rotate"), {{"overlap_hours", options.overlap_hours}});
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, key_text(reply.json, say));
  return ok;
}

int test(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit(path_of(options, "/test"), Json::object());
  if (!reply.good()) return visit->refuse(reply);
  const bool taken = flag_of(reply.json, "taken");
  visit->show(reply, (taken ? say("webhook.taken", value_of(reply.json, "status"))
                            : say("webhook.not_taken", text_of(reply.json, "error"))) +
                         "\n");
  return taken ? ok : failed;
}

int deliveries(const WebhookOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(path_of(options, "/deliveries?page_size=") + std::to_string(options.limit));
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "deliveries"))
    rows.push_back({to_the_second(text_of(one, "at")), text_of(one, "effect"), value_of(one, "attempt"),
                    value_of(one, "status"), text_of(one, "sent_sha256").substr(0, 16), text_of(one, "error")});
  visit->show_list(reply, "deliveries",
                   to_table({say("head.at"), say("head.effect"), say("head.attempt"), say("head.status"), "SHA-256",
                             say("head.error")},
                            rows, visit->page().paint));
  return ok;
}

}  // namespace

void add_webhook(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("webhook", "other systems that are told of changes")->require_subcommand(1);
  auto options = std::make_shared<WebhookOptions>();
  const auto verb = [&](const char* name, const char* what, bool of_one, auto run) {
    CLI::App* one = noun->add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    add_server(*one, options->visit);
    if (of_one) one->add_option("id", options->id, "webhook_…")->required();
    one->callback([options, &exit, say, run] { exit = run(*options, say); });
    return one;
  };
  const auto add_changes = [&](CLI::App* one) {
    one->add_option("--change", options->changes, "only this change, again for each; all if none is named")
        ->allow_extra_args(false);
    one->add_flag("--disable", options->disable, "send nothing for the time being");
  };
  verb("list", "those that you look after", false, list);
  verb("show", "where it points, and the keys that sign now", true, show);
  CLI::App* one = verb("add", "a new one; its secret is shown once", false, add);
  one->add_option("--owner", options->owner, "whose: org_…")->required();
  one->add_option("--url", options->url, "https://host/path")->required();
  add_changes(one);
  one = verb("change", "another address or other changes; enables it again", true, change);
  one->add_option("--url", options->url, "https://host/path");
  add_changes(one);
  verb("test", "post a test now; exit 1 if it is not taken", true, test);
  verb("rotate", "a new key; the old one signs beside it for a while", true, rotate)
      ->add_option("--overlap-hours", options->overlap_hours, "how long the old key still signs")
      ->check(CLI::Range(0, 720));
  verb("deliveries", "every attempt, the newest first", true, deliveries)
      ->add_option("--limit", options->limit, "how many at most")
      ->check(CLI::Range(1, 200));
}

}  // namespace kintsugi::cli
