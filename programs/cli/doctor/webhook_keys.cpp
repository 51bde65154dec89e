#include "programs/cli/doctor/webhook_keys.h"

#include "adapters/webhook/keys.h"
#include "engine/domain/directory.h"

namespace kintsugi::cli {

Result<std::vector<WebhookId>> webhooks_without_keys(Store& store, const std::filesystem::path& keys) {
  const auto masters = store.masters();
  if (!masters) return pass(masters);
  std::vector<WebhookId> out;
  for (const Master& one : *masters) {
    if (one.kind != "webhook") continue;
    const auto webhook = from_json_text<Webhook>(one.body);
    if (!webhook) return pass(webhook);
    if (webhook->enabled && webhook->gone_at == Instant{} && !webhook::Keys::has_some(keys, webhook->id))
      out.push_back(webhook->id);
  }
  return out;
}

}  // namespace kintsugi::cli
