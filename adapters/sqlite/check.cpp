#include "adapters/sqlite/audit_order.h"
#include "adapters/sqlite/maintenance.h"
#include "adapters/sqlite/migrations.h"
#include "adapters/sqlite/rows.h"
#include "engine/audit/tree.h"
#include "engine/base/digest.h"

#include <algorithm>
#include <map>

namespace kintsugi::sqlite {
namespace {

constexpr std::size_t hashes_in_tile = 256;

class Check {
 public:
  explicit Check(Connection& db) : db_(db) {}

  Result<Findings> all() {
    auto snapshot = Transaction::begin(db_, Transaction::Kind::read);
    if (!snapshot) return pass(snapshot);
    auto version = schema_version(db_);
    if (!version) return pass(version);
    found_.schema = *version;
    if (*version < migrations().back().number)
      return fail(Errc::Refused, "this database has an older schema: run `kintsugi db migrate` first");
    for (const auto part :
         {&Check::file, &Check::foreign_keys, &Check::cases, &Check::audit, &Check::tiles_are_known})
      if (auto done = (this->*part)(); !done) return pass(done);
    return std::move(found_);
  }

 private:
  // One log's tree, grown row by row.
  struct Tree {
    std::string origin;
    audit::Frontier frontier;
    std::vector<std::vector<Digest>> tiles;  // of each level: the hashes since its last full tile
    std::vector<std::int64_t> positions;     // since the last full bundle
    std::int64_t full_tiles = 0;             // stored and equal to ours
  };

  void mistake(std::string what) {
    if (found_.mistakes.size() < Findings::mistakes_max) found_.mistakes.push_back(std::move(what));
  }

  Result<> file() {
    auto rows = db_.statement("PRAGMA integrity_check(20)");
    if (!rows) return pass(rows);
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) return {};
      if (rows->text(0) != "ok") mistake("file: " + rows->string(0));
    }
  }

  Result<> foreign_keys() {
    auto rows = db_.statement("PRAGMA foreign_key_check");
    if (!rows) return pass(rows);
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) return {};
      mistake("table " + rows->string(0) + " refers to a row of " + rows->string(2) + " that is not there");
    }
  }

  Result<> cases() {
    static constexpr std::string_view sql = R"(
        SELECT id, number, tenant, rsc, device, state, version, priority, fault_code, dedup_key, opened_at,
               state_since, open, live_grant, next_due, body
          FROM cases
         WHERE open = 1)";
    auto rows = db_.statement(sql);
    if (!rows) return pass(rows);
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) return {};
      const auto name = "case " + rows->string(0);
      const auto file = from_json_text<CaseFile>(rows->text(15));
      const auto columns = brief_in(*rows);
      if (!file)
        mistake(name + " cannot be read: " + file.error().what);
      else if (!columns || *columns != brief_of(*file, true) || rows->instant(14) != file->next_due())
        mistake(name + " says something else in its columns than in its body");
    }
  }

  Result<> audit() {
    if (auto named = logs(); !named) return named;
    static constexpr std::string_view sql = "SELECT gsn, log, seq, leaf, body FROM audit ORDER BY gsn";
    auto rows = db_.statement(sql);
    if (!rows) return pass(rows);
    std::int64_t last = 0;
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) break;
      const auto position = rows->integer(0);
      if (position != last + 1)
        mistake("audit rows between " + std::to_string(last) + " and " + std::to_string(position) + " are missing");
      last = position;
      const auto tree = trees_.find(rows->integer(1));
      if (tree == trees_.end()) {
        mistake("audit row " + std::to_string(position) + " belongs to no log");
        continue;
      }
      const auto leaf = rows->digest(3);
      static constexpr std::array<std::uint8_t, 1> leaf_prefix{0};
      if (leaf != sha256({leaf_prefix, rows->blob(4)}))
        mistake("audit row " + std::to_string(position) + " was changed: its leaf is not that of its body");
      if (rows->integer(2) != tree->second.frontier.size())
        mistake("audit row " + std::to_string(position) + " is out of order in its log");
      if (auto grown = grow(tree->first, tree->second, leaf, position); !grown) return grown;
    }
    for (auto& [number, tree] : trees_) {
      if (auto same = bundle(number, tree, tree.frontier.size() / places_in_bundle); !same) return same;
      found_.heads.push_back({tree.origin, tree.frontier.size(), tree.frontier.root()});
    }
    std::ranges::sort(found_.heads);
    return {};
  }

  Result<> logs() {
    auto rows = db_.statement("SELECT log, origin FROM audit_log");
    if (!rows) return pass(rows);
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) return {};
      trees_[rows->integer(0)].origin = rows->string(1);
    }
  }

  Result<> grow(std::int64_t number, Tree& tree, const Digest& leaf, std::int64_t position) {
    tree.frontier.append(leaf);
    tree.positions.push_back(position);
    const auto size = tree.frontier.size();
    if (std::cmp_equal(tree.positions.size(), places_in_bundle)) {
      if (auto same = bundle(number, tree, size / places_in_bundle - 1); !same) return same;
      tree.positions.clear();
    }
    if (auto same = checkpoint(number, tree); !same) return same;

    Digest hash = leaf;
    std::int64_t index = (size - 1) / static_cast<std::int64_t>(hashes_in_tile);
    for (std::size_t level = 0;; ++level, index /= static_cast<std::int64_t>(hashes_in_tile)) {
      if (tree.tiles.size() == level) tree.tiles.emplace_back();
      auto& hashes = tree.tiles[level];
      hashes.push_back(hash);
      if (hashes.size() < hashes_in_tile) return {};
      if (auto same = tile(number, tree, level, index, hashes); !same) return same;
      while (hashes.size() > 1) {
        for (std::size_t pair = 0; pair < hashes.size() / 2; ++pair)
          hashes[pair] = audit::node_hash(hashes[2 * pair], hashes[2 * pair + 1]);
        hashes.resize(hashes.size() / 2);
      }
      hash = hashes.front();
      hashes.clear();
    }
  }

  // What is stored may be missing, because it can be derived again; it may not differ.
  Result<> tile(std::int64_t log, Tree& tree, std::size_t level, std::int64_t index,
                const std::vector<Digest>& hashes) {
    static constexpr std::string_view sql = "SELECT data FROM audit_tile WHERE log = ?1 AND level = ?2 AND idx = ?3";
    auto query = db_.statement(sql);
    if (!query) return pass(query);
    const auto row = query->bind(log, level, index).step();
    if (!row) return pass(row);
    if (!*row) return {};
    ++tree.full_tiles;
    const auto stored = query->blob(0);
    for (std::size_t at = 0; at < hashes.size(); ++at)
      if (!std::ranges::equal(stored.subspan(at * sizeof(Digest), sizeof(Digest)), hashes[at])) {
        mistake("tile " + std::to_string(level) + "/" + std::to_string(index) + " of log " + tree.origin +
                " is not the tree's");
        return {};
      }
    return {};
  }

  Result<> bundle(std::int64_t log, const Tree& tree, std::int64_t index) {
    static constexpr std::string_view sql = "SELECT gsns FROM audit_bundle WHERE log = ?1 AND idx = ?2";
    auto query = db_.statement(sql);
    if (!query) return pass(query);
    const auto row = query->bind(log, index).step();
    if (!row) return pass(row);
    if (!*row) return {};
    const auto stored = unpack_positions(query->blob(0));
    if (!stored || stored->size() > tree.positions.size() ||
        !std::equal(stored->begin(), stored->end(), tree.positions.begin()))
      mistake("bundle " + std::to_string(index) + " of log " + tree.origin + " names other rows than are there");
    return {};
  }

  Result<> checkpoint(std::int64_t log, const Tree& tree) {
    static constexpr std::string_view sql = "SELECT note FROM audit_checkpoint WHERE log = ?1 AND size = ?2";
    auto query = db_.statement(sql);
    if (!query) return pass(query);
    const auto row = query->bind(log, tree.frontier.size()).step();
    if (!row) return pass(row);
    if (!*row) return {};
    // The first three lines are origin, size and root (C2SP tlog-checkpoint).
    const auto expected =
        tree.origin + "\n" + std::to_string(tree.frontier.size()) + "\n" + to_base64(tree.frontier.root()) + "\n";
    if (!query->text(0).starts_with(expected))
      mistake("the checkpoint of log " + tree.origin + " at size " + std::to_string(tree.frontier.size()) +
              " is not the tree's");
    return {};
  }

  Result<> tiles_are_known() {
    for (const auto& [number, tree] : trees_) {
      static constexpr std::string_view stored = "SELECT count(*) FROM audit_tile WHERE log = ?1";
      const auto tiles = db_.integer(stored, number);
      if (!tiles) return pass(tiles);
      if (*tiles != tree.full_tiles) mistake("log " + tree.origin + " has tiles beyond its rows");
      static constexpr std::string_view beyond = "SELECT count(*) FROM audit_checkpoint WHERE log = ?1 AND size > ?2";
      const auto checkpoints = db_.integer(beyond, number, tree.frontier.size());
      if (!checkpoints) return pass(checkpoints);
      if (*checkpoints != 0) mistake("log " + tree.origin + " is shorter than a checkpoint says: rows are gone");
    }
    return {};
  }

  Connection& db_;
  Findings found_;
  std::map<std::int64_t, Tree> trees_;  // by the log's number
};

}  // namespace

Result<Findings> check(const std::string& database) {
  auto db = Connection::open(database, Connection::Access::read_only, 5s);
  if (!db) return pass(db);
  return Check(*db).all();
}

}  // namespace kintsugi::sqlite
