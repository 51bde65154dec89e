#include "engine/run/integrator.h"

#include "engine/audit/checkpoint.h"
#include "engine/audit/note.h"
#include "engine/audit/tiles.h"
#include "engine/base/log.h"
#include "engine/run/bell.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

namespace kintsugi {
namespace {

constexpr int rows_at_once = 4096;
constexpr int rounds_of_step_max = 256;

audit::TileSource tiles_of(Store& store, const std::string& log) {
  return [&store, log](int level, std::int64_t index, int width) -> Result<Bytes> {
    auto tile = store.audit_tile(log, level, index);
    if (!tile) return pass(tile);
    if (!*tile) return fail(Errc::NotFound, fmt::format("{}: no tile {}/{}", log, level, index));
    if ((*tile)->size() < static_cast<std::size_t>(width) * sizeof(Digest))
      return fail(Errc::Corrupt, fmt::format("{}: tile {}/{} is too short", log, level, index));
    (*tile)->resize(static_cast<std::size_t>(width) * sizeof(Digest));
    return std::move(**tile);
  };
}

}  // namespace

class Integrator::Loop {
 public:
  Loop(Conductor& conductor, Store& store, Signer& signer, const Clock& clock, Duration every)
      : conductor_(conductor), store_(store), signer_(signer), clock_(clock), every_(every) {}

  // Every log is built from its full tiles and the rows behind them, and measured against what was signed last: by
  // what the store keeps of it, and by the signer's own memory, which no backup brings back.
  Result<> open() {
    const std::scoped_lock lock(mutex_);
    const auto progress = store_.audit_progress();
    if (!progress) return pass(progress);
    position_ = progress->position;
    const auto names = store_.audit_logs();
    if (!names) return pass(names);
    for (const std::string& name : *names)
      if (auto built = rebuild(name); !built) {
        working_ = false;
        return built;
      }
    working_ = true;
    return {};
  }

  int step() { return step(every_); }

  void start() {
    thread_ = std::thread([this] {
      Bell::Heard heard = 0;
      while (bell_.wait(heard, every_))
        step();
      while (step(Duration{}) > 0) {
      }
    });
  }
  void stop() {
    bell_.stop();
    if (thread_.joinable()) thread_.join();
  }
  bool working() const { return working_; }

 private:
  // Takes in what was committed, and signs each log that grew and was not signed within `pace`.
  int step(Duration pace) {
    const std::scoped_lock lock(mutex_);
    int taken = 0;
    for (int i = 0; i < rounds_of_step_max; ++i) {
      const auto count = integrate();
      if (!count) {
        fell(count.error());
        return taken;
      }
      taken += *count;
      if (*count < rows_at_once) break;
    }
    if (auto signed_all = sign_due(pace); !signed_all)
      fell(signed_all.error());
    else if (!working_.exchange(true))
      log::audit().info("records are signed again");
    return taken;
  }

  struct Log {
    audit::TileTree tree;
    std::int64_t signed_size = 0;
    Instant signed_at{};
  };

  // Something that was signed: as the store keeps it, or as the signer remembers it.
  struct Signed {
    std::int64_t size = 0;
    Digest root{};
    bool by_memory = false;
  };

  static tl::unexpected<Error> older(const std::string& name, const Signed& head, std::int64_t size) {
    if (!head.by_memory)
      return fail(Errc::Corrupt, fmt::format("{}: {} records were signed, {} are left", name, head.size, size));
    return fail(Errc::Refused,
                fmt::format("{}: {} records were signed, here are {}. The database is older than its signatures, "
                            "perhaps a restored backup. Serve the newer one, or bring the missing records back from "
                            "the hospital's mirror; never delete the signer's memory",
                            name, head.size, size));
  }
  static tl::unexpected<Error> other(const std::string& name, const Signed& head) {
    if (!head.by_memory)
      return fail(Errc::Corrupt,
                  fmt::format("{}: the records no longer give the root signed for size {}", name, head.size));
    return fail(Errc::Refused,
                fmt::format("{}: the first {} records are not those that were signed. Another engine wrote on a copy "
                            "of the database, or history was changed; run `kintsugi audit verify` on each copy and "
                            "keep the one that verifies",
                            name, head.size));
  }

  Result<std::vector<Signed>> signed_of(const std::string& name, Log& log) {
    std::vector<Signed> out;
    const auto checkpoint = store_.last_checkpoint(name);
    if (!checkpoint) return pass(checkpoint);
    if (*checkpoint) {
      const auto note = audit::parse_note((*checkpoint)->note);
      if (!note) return fail(Errc::Corrupt, name + ": the last checkpoint is no note");
      const auto head = audit::parse_checkpoint(note->text);
      if (!head || head->origin != name) return fail(Errc::Corrupt, name + ": the last checkpoint is of another log");
      out.push_back({.size = head->size, .root = head->root});
      log.signed_size = head->size;
    }
    const auto last = signer_.last(name);
    if (!last) return pass(last);
    if (last->size > 0) out.push_back({.size = last->size, .root = last->root, .by_memory = true});
    return out;
  }

  Result<> rebuild(const std::string& name) {
    const auto size = store_.audit_size(name);
    if (!size) return pass(size);
    Log log;
    const auto heads = signed_of(name, log);
    if (!heads) return pass(heads);
    for (const Signed& head : *heads)
      if (head.size > *size) return older(name, head, *size);

    // Tiles may lag behind the rows; only those that are there are believed, and the root tells whether rightly.
    std::int64_t from = 0;
    for (;; from += audit::tile_width) {
      const auto tile = store_.audit_tile(name, 0, from / audit::tile_width);
      if (!tile) return pass(tile);
      if (!*tile) break;
    }
    auto tree = audit::TileTree::restore(from, tiles_of(store_, name));
    if (!tree) return pass(tree);
    log.tree = std::move(*tree);
    for (const Signed& head : *heads) {
      if (head.size >= from) continue;
      const auto root = audit::root_of(head.size, log.tree.hashes(tiles_of(store_, name)));
      if (!root) return pass(root);
      if (*root != head.root) return other(name, head);
    }
    std::vector<AuditTile> late;
    const auto check = [&]() -> Result<> {
      for (const Signed& head : *heads)
        if (log.tree.size() == head.size && log.tree.root() != head.root) return other(name, head);
      return {};
    };
    if (auto same = check(); !same) return same;
    for (std::int64_t next = from; next < *size;) {
      const auto rows = store_.audit_rows(name, next, rows_at_once);
      if (!rows) return pass(rows);
      if (rows->empty()) return fail(Errc::Corrupt, name + ": rows are missing");
      for (const AuditRow& row : *rows) {
        append(name, log, row, late);
        if (auto same = check(); !same) return same;
      }
      next += static_cast<std::int64_t>(rows->size());
    }
    logs_.insert_or_assign(name, std::move(log));
    if (late.empty()) return {};
    return conductor_.chore([&](Batch& batch) { return batch.put_tiles(late, {.position = position_}); },
                            Lasts::with_next);
  }

  static void append(const std::string& name, Log& log, const AuditRow& row, std::vector<AuditTile>& tiles) {
    for (audit::Tile& tile : log.tree.append(row.leaf))
      tiles.push_back({.log = name, .level = tile.level, .index = tile.index, .hashes = std::move(tile.hashes)});
  }

  Result<int> integrate() {
    const auto rows = store_.audit_after(position_, rows_at_once);
    if (!rows) return pass(rows);
    if (rows->empty()) return 0;
    std::vector<AuditTile> tiles;
    for (const AuditRow& row : *rows) {
      Log& log = logs_[row.log];
      if (row.seq < log.tree.size()) continue;  // from a tile written before the progress was
      if (row.seq != log.tree.size())
        return fail(Errc::Corrupt, fmt::format("{}: record {} follows {}", row.log, row.seq, log.tree.size() - 1));
      append(row.log, log, row, tiles);
    }
    position_ = rows->back().position;
    // Only tiles are worth a commit of their own: the rest is read again at the next start.
    if (!tiles.empty()) {
      const AuditProgress upto{.position = position_};
      const auto put = [&](Batch& batch) { return batch.put_tiles(tiles, upto); };
      if (auto done = conductor_.chore(put, Lasts::with_next); !done)
        log::audit().warn("tiles not stored, they will be derived again: {}", done.error().what);
    }
    return static_cast<int>(rows->size());
  }

  Result<> sign_due(Duration pace) {
    const Instant now = clock_.now();
    std::vector<std::tuple<std::string, std::int64_t, std::string>> notes;
    for (auto& [name, log] : logs_) {
      const bool grown = log.tree.size() > log.signed_size;
      // A clock that was set back must not keep a log unsigned.
      const bool waits = log.signed_at != Instant{} && now >= log.signed_at && now - log.signed_at < pace;
      if (!grown || waits) continue;
      auto note = sign(name, log);
      if (!note) return pass(note);
      log.signed_at = now;
      notes.emplace_back(name, log.tree.size(), std::move(*note));
    }
    if (notes.empty()) return {};
    auto stored = conductor_.chore([&](Batch& batch) -> Result<> {
      for (const auto& [name, size, note] : notes)
        if (auto put = batch.put_checkpoint(name, size, note); !put) return put;
      return {};
    });
    if (!stored) return stored;
    for (const auto& [name, size, note] : notes)
      logs_.at(name).signed_size = size;
    return {};
  }

  Result<std::string> sign(const std::string& name, Log& log) {
    const auto last = signer_.last(name);
    if (!last) return pass(last);
    std::vector<Digest> proof;
    if (last->size > 0 && last->size < log.tree.size()) {
      auto made = audit::consistency_proof(last->size, log.tree.size(), log.tree.hashes(tiles_of(store_, name)));
      if (!made) return pass(made);
      proof = std::move(*made);
    }
    return signer_.sign({.origin = name, .size = log.tree.size(), .root = log.tree.root()}, proof);
  }

  void fell(const Error& why) {
    if (working_.exchange(false))
      log::audit().error("records cannot be integrated or signed, nothing is opened until they can: {}", why.what);
  }

  Conductor& conductor_;
  Store& store_;
  Signer& signer_;
  const Clock& clock_;
  const Duration every_;

  std::mutex mutex_;
  std::map<std::string, Log> logs_;
  std::int64_t position_ = 0;
  std::atomic<bool> working_{true};
  Bell bell_;
  std::thread thread_;
};

Integrator::Integrator(Conductor& conductor, Store& store, Signer& signer, const Clock& clock, Duration every)
    : loop_(std::make_unique<Loop>(conductor, store, signer, clock, every)) {}
Integrator::~Integrator() {
  stop();
}
Result<> Integrator::open() {
  return loop_->open();
}
int Integrator::step() {
  return loop_->step();
}
void Integrator::start() {
  loop_->start();
}
void Integrator::stop() {
  loop_->stop();
}
bool Integrator::working() const {
  return loop_->working();
}

}  // namespace kintsugi
