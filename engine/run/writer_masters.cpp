#include "engine/run/writer.h"

#include <algorithm>

// Changes of the masters: one at a time, each with its records in one commit.
namespace kintsugi {
namespace {

const Master* find(std::span<const Master> masters, const Master& wanted) {
  const auto found = std::ranges::find_if(
      masters, [&](const Master& one) { return one.kind == wanted.kind && one.id == wanted.id; });
  return found == masters.end() ? nullptr : &*found;
}

}  // namespace

Result<> Conductor::Writer::put_masters(std::vector<Master> masters, const std::function<Result<>(Batch&)>& also) {
  const std::scoped_lock alone(masters_mutex_);
  for (Master& one : masters)
    if (one.salt == Digest{}) one.salt = parts_.entropy.digest();
  return carry_out(
      masters,
      [&](Batch& batch) -> Result<> {
        for (const Master& one : masters)
          if (auto done = batch.put_master(one); !done) return done;
        return also ? also(batch) : Result<>{};
      },
      nullptr);
}

// Who may act is a question of people alone. The other masters are as quick to change as before.
Result<> Conductor::Writer::carry_out(std::span<const Master> masters, std::function<Result<>(Batch&)> work,
                                      std::vector<Outcome>* followed) {
  auto item = std::make_shared<Item>();
  item->work = std::move(work);
  item->masters = true;
  if (std::ranges::count(masters, "person", &Master::kind) > 0) {
    auto after = directory_with(*directory(), masters);
    if (!after) return pass(after);
    item->after = std::move(*after);
  }
  see_through(item);
  if (followed != nullptr) *followed = std::move(item->followed);
  return item->worked;
}

Result<MastersReply> Conductor::Writer::change_masters(const MastersAsked& asked, const MakeMastersChange& make) {
  const std::scoped_lock alone(masters_mutex_);
  MastersReply out;
  if (asked.key) {
    std::optional<StoredReply> before;
    const auto looked = chore(
        [&](Batch& batch) -> Result<> {
          auto found = batch.reply_of(*asked.key);
          if (!found) return pass(found);
          before = std::move(*found);
          return {};
        },
        false);
    if (!looked) return pass(looked);
    if (before) {
      out.reused = before->request != asked.request;
      out.replayed = !out.reused;
      if (out.replayed) out.reply = std::move(before->outcome);
      return out;
    }
  }
  auto change = make(*directory());
  if (!change) return pass(change);
  const auto before = parts_.store.masters();
  if (!before) return pass(before);
  for (Master& one : change->masters)
    one.salt = parts_.entropy.digest();
  const auto written = carry_out(
      change->masters, [&](Batch& batch) { return write_masters(batch, asked, *change, *before); }, &out.followed);
  if (!written) return pass(written);
  out.reply = std::move(change->reply);
  return out;
}

Result<> Conductor::Writer::write_masters(Batch& batch, const MastersAsked& asked, const MastersChange& change,
                                          std::span<const Master> before) {
  const Instant now = parts_.clock.now();
  for (const Master& one : change.masters)
    if (auto done = batch.put_master(one); !done) return done;
  for (const MastersRecord& record : change.records) {
    auto x = record.x;
    if (record.about) {
      const Master& after = change.masters.at(*record.about);
      x["rev"] = to_base64(digest_of(after));
      if (const Master* was = find(before, after)) x["was"] = to_base64(digest_of(*was));
    }
    const std::string log = record.tenant.empty() ? lines_.system_log() : lines_.hospital_log(record.tenant);
    auto line = lines_.own(log, record.event, asked.actor, asked.as, now, std::move(x));
    if (!line) return pass(line);
    if (auto done = batch.append_audit(*line); !done) return done;
  }
  if (change.also)
    if (auto done = change.also(batch); !done) return done;
  if (!asked.key) return {};
  LapWrites kept;
  kept.reply = StoredReply{.key = *asked.key, .request = asked.request, .outcome = change.reply, .at = now};
  return batch.write(kept);
}

}  // namespace kintsugi
