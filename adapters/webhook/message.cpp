#include "adapters/webhook/message.h"

#include "engine/base/ensure.h"

namespace kintsugi::webhook {
namespace {

Json envelope(const std::string& id, const std::string& type, const std::string& subject, Instant at,
              const std::string& source) {
  return {{"specversion", "1.0"},
          {"id", id},
          {"type", type},
          {"source", "urn:kintsugi:" + source},
          {"subject", subject},
          {"time", to_text(at)},
          {"datacontenttype", "application/json"}};
}

}  // namespace

std::string message_of(const Effect& effect, const std::string& source) {
  ensure(effect.announcement.has_value(), "only announcements go to webhooks");
  const Announcement& news = *effect.announcement;
  Json out = envelope(effect.id.text(), "kintsugi.case." + std::string(name_of(news.change)), effect.case_id.text(),
                      effect.at, source);
  Json data = {{"case_id", effect.case_id.text()},  {"number", news.number}, {"hospital", effect.tenant.text()},
               {"change", name_of(news.change)},    {"state", news.state},   {"version", news.version},
               {"priority", name_of(news.priority)}};
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) data[name] = text;
  };
  const auto put_time = [&](const char* name, Instant at) {
    if (at != Instant{}) data[name] = to_text(at);
  };
  put("previous_state", news.from);
  put("service_centre", news.rsc.text());
  put("device", news.device.text());
  put_time("opened_at", news.opened_at);
  put_time("state_since", news.state_since);
  put_time("closed_at", news.closed_at);
  out["data"] = std::move(data);
  return out.dump();
}

std::string test_message(const WebhookId& webhook, const std::string& id, Instant at, const std::string& source) {
  Json out = envelope(id, "kintsugi.webhook.test", webhook.text(), at, source);
  out["data"] = {{"webhook", webhook.text()}};
  return out.dump();
}

}  // namespace kintsugi::webhook
