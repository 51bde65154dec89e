#include "adapters/http/keyed.h"

#include "adapters/http/exchange.h"
#include "adapters/http/limits.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"

#include <algorithm>
#include <array>

namespace kintsugi::http {
namespace {

constexpr std::array not_kept{400, 401, 413, 415, 422, 429};

bool is_kept(int status) {
  return status < 500 && std::ranges::find(not_kept, status) == not_kept.end();
}

Result<> keep(Exchange& exchange, const IdempotencyKey& key, const Digest& request, const std::string& reply) {
  const StoredReply stored{.key = key, .request = request, .outcome = reply, .at = exchange.desk.clock.now()};
  return exchange.desk.conductor.chore([&](Batch& batch) { return batch.put_reply(stored); });
}

// What is known of the key; when it is nothing, the request is begun.
Result<std::optional<StoredReply>> begin(Exchange& exchange, const IdempotencyKey& key, const Digest& request) {
  std::optional<StoredReply> before;
  const StoredReply begun{.key = key, .request = request, .outcome = {}, .at = exchange.desk.clock.now()};
  const auto done = exchange.desk.conductor.chore([&](Batch& batch) -> Result<> {
    auto known = batch.reply_of(key);
    if (!known) return pass(known);
    before = std::move(*known);
    return before ? Result<>{} : batch.put_reply(begun);
  });
  if (!done) return pass(done);
  return before;
}

void replay(Exchange& exchange, const StoredReply& before, const Digest& request) {
  if (before.request != request) return exchange.problem("key_reused");
  if (before.outcome.empty()) return exchange.problem("reply_unknown");
  const auto reply = from_json_text<Given>(before.outcome);
  if (!reply) return exchange.problem(reply.error());
  if (reply->unshown) {
    if (!reply->location.empty()) exchange.set("Location", reply->location);
    return exchange.problem("reply_shown_once");
  }
  exchange.set("Idempotency-Replayed", "true");
  exchange.give(*reply);
}

}  // namespace

void answer_once(Exchange& exchange, const std::string& owner, Kept kept, const std::function<void()>& answer) {
  std::optional<IdempotencyKey> key;
  if (!exchange.idempotency_key(key)) return;
  if (!key) return answer();
  key->owner = owner;
  const Digest request = exchange.request_digest();
  const Running::Hold hold(*exchange.desk.running, *key);
  if (!hold) return exchange.problem(Problem{.name = "request_running", .retry_after = retry_after});
  const auto before = begin(exchange, *key, request);
  if (!before) return exchange.problem(before.error());
  if (*before) return replay(exchange, **before, request);

  const auto take_back = [&] {
    const auto done = exchange.desk.conductor.chore([&](Batch& batch) { return batch.drop_reply(*key); });
    if (!done) log::http().warn("path={} a key stays begun: {}", exchange.path(), done.error().what);
  };
  try {
    answer();
  } catch (...) {
    take_back();
    throw;
  }
  Given reply = exchange.given();
  if (!is_kept(reply.status)) return take_back();
  if (kept == Kept::unshown && reply.status < 300) {
    reply.unshown = true;
    reply.body.clear();
  }
  // It was done, and is answered. A repeat would be told that nobody knows.
  if (const auto done = keep(exchange, *key, request, to_json_text(reply)); !done)
    log::http().warn("path={} a reply was not kept: {}", exchange.path(), done.error().what);
}

}  // namespace kintsugi::http
