#include "engine/audit/record.h"
#include "engine/audit/tiles.h"
#include "engine/base/entropy.h"

#include <catch2/catch.hpp>

#include <map>

namespace kintsugi::audit {
namespace {

constexpr std::int64_t sizes_max = 130;

std::vector<Digest> random_leaves(std::int64_t count, std::uint64_t seed) {
  SeededEntropy entropy(seed);
  std::vector<Digest> out;
  for (std::int64_t i = 0; i < count; ++i)
    out.push_back(entropy.digest());
  return out;
}

HashSource hashes_of(const std::vector<Digest>& leaves) {
  return [&leaves](int level, std::int64_t index) -> Result<Digest> {
    Frontier range;
    for (std::int64_t i = index << level; i < (index + 1) << level; ++i)
      range.append(leaves.at(static_cast<std::size_t>(i)));
    return range.root();
  };
}

std::vector<Digest> roots_of(const std::vector<Digest>& leaves) {
  std::vector<Digest> roots{empty_root()};
  Frontier tree;
  for (const Digest& leaf : leaves) {
    tree.append(leaf);
    roots.push_back(tree.root());
  }
  return roots;
}

Digest flipped(Digest hash, std::size_t bit) {
  hash[bit / 8 % hash.size()] ^= static_cast<std::uint8_t>(1u << bit % 8);
  return hash;
}

}  // namespace

TEST_CASE("every leaf of every tree up to 130 is proved, and nothing else by the same proof", "[audit][tree]") {
  const auto leaves = random_leaves(sizes_max, 7);
  const auto roots = roots_of(leaves);
  const HashSource hashes = hashes_of(leaves);
  int wrong = 0;  // counted, not CHECKed one by one: there are about 100,000 of them
  for (std::int64_t size = 1; size <= sizes_max; ++size) {
    const Digest& root = roots[static_cast<std::size_t>(size)];
    for (std::int64_t i = 0; i < size; ++i) {
      const Digest& leaf = leaves[static_cast<std::size_t>(i)];
      auto proof = inclusion_proof(i, size, hashes).value();
      const auto holds = [&](std::int64_t at, std::int64_t of, const Digest& what, const Digest& under) {
        return verify_inclusion(at, of, what, under, proof).has_value();
      };
      wrong += !holds(i, size, leaf, root);
      const auto bit = static_cast<std::size_t>(i * 31 + size);
      wrong += holds(i, size, flipped(leaf, bit), root);
      wrong += holds(i, size, leaf, flipped(root, bit));
      wrong += holds(i + 1, size, leaf, root);
      wrong += i > 0 && holds(i - 1, size, leaf, root);
      wrong += holds(i, 0, leaf, root);
      wrong += holds(-1, size, leaf, root);
      for (Digest& step : proof) {
        const Digest before = step;
        step = flipped(step, bit);
        wrong += holds(i, size, leaf, root);
        step = before;
      }
      proof.push_back(leaf);
      wrong += holds(i, size, leaf, root);
      proof.pop_back();
      if (!proof.empty()) {
        proof.pop_back();
        wrong += holds(i, size, leaf, root);
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("every beginning of every tree up to 130 is proved, and no other", "[audit][tree]") {
  const auto leaves = random_leaves(sizes_max, 8);
  const auto roots = roots_of(leaves);
  const auto other = roots_of(random_leaves(sizes_max, 9));
  const HashSource hashes = hashes_of(leaves);
  int wrong = 0;
  for (std::int64_t size = 0; size <= sizes_max; ++size) {
    const Digest& root = roots[static_cast<std::size_t>(size)];
    for (std::int64_t old = 0; old <= size; ++old) {
      const Digest& old_root = roots[static_cast<std::size_t>(old)];
      auto proof = consistency_proof(old, size, hashes).value();
      const auto holds = [&](const Digest& a, const Digest& b) {
        return verify_consistency(old, size, a, b, proof).has_value();
      };
      wrong += !holds(old_root, root);
      if (old > 0) wrong += holds(other[static_cast<std::size_t>(old)], root);
      if (old > 0 && size > 0) wrong += holds(old_root, other[static_cast<std::size_t>(size)]);
      wrong += size > old && verify_consistency(size, old, root, old_root, proof).has_value();
      const auto bit = static_cast<std::size_t>(old * 17 + size);
      for (Digest& step : proof) {
        const Digest before = step;
        step = flipped(step, bit);
        wrong += holds(old_root, root);
        step = before;
      }
      proof.push_back(root);
      wrong += holds(old_root, root);
      proof.pop_back();
      if (!proof.empty()) {
        proof.pop_back();
        wrong += holds(old_root, root);
      }
    }
  }
  CHECK(wrong == 0);
  CHECK_FALSE(consistency_proof(5, 4, hashes));
  CHECK_FALSE(inclusion_proof(4, 4, hashes));
}

TEST_CASE("a tree restored from its full tiles goes on like the one that was lost", "[audit][tree]") {
  for (const std::int64_t size : {0, 1, 255, 256, 257, 511, 512, 1000, 65535, 65536, 65792, 66000}) {
    INFO(size);
    const auto leaves = random_leaves(size + 300, 10);
    std::map<std::pair<int, std::int64_t>, Bytes> stored;
    const auto keep = [&](std::vector<Tile> tiles) {
      for (Tile& tile : tiles)
        stored[{tile.level, tile.index}] = std::move(tile.hashes);
    };
    const TileSource from_store = [&](int level, std::int64_t index, int) -> Result<Bytes> {
      const auto found = stored.find({level, index});
      if (found == stored.end()) return fail(Errc::NotFound, tile_path(level, index));
      return found->second;
    };
    TileTree lived;
    for (std::int64_t i = 0; i < size; ++i)
      keep(lived.append(leaves[static_cast<std::size_t>(i)]));

    const std::int64_t whole = size / tile_width * tile_width;
    auto restored = TileTree::restore(whole, from_store);
    REQUIRE(restored);
    for (std::int64_t i = whole; i < size; ++i)
      restored->append(leaves[static_cast<std::size_t>(i)]);
    CHECK(restored->root() == lived.root());

    const HashSource hashes = restored->hashes(from_store);
    CHECK(root_of(size, hashes).value() == lived.root());
    if (size > 0) {
      const auto proof = inclusion_proof(size / 2, size, hashes).value();
      CHECK(verify_inclusion(size / 2, size, leaves[static_cast<std::size_t>(size / 2)], lived.root(), proof));
    }
    for (std::int64_t i = size; i < size + 300; ++i) {
      const auto expected = lived.append(leaves[static_cast<std::size_t>(i)]);
      const auto got = restored->append(leaves[static_cast<std::size_t>(i)]);
      REQUIRE(expected.size() == got.size());
      for (std::size_t t = 0; t < got.size(); ++t) {
        CHECK(got[t].level == expected[t].level);
        CHECK(got[t].index == expected[t].index);
        CHECK(got[t].hashes == expected[t].hashes);
      }
    }
    CHECK(restored->root() == lived.root());
  }
}

TEST_CASE("a tile of the wrong length is corrupt, not a shorter tree", "[audit][tree]") {
  const HashSource hashes = hashes_from_tiles(300, [](int, std::int64_t, int) -> Result<Bytes> { return Bytes(31); });
  const auto root = root_of(300, hashes);
  REQUIRE_FALSE(root);
  CHECK(root.error().code == Errc::Corrupt);
}

TEST_CASE("tile paths are those of tlog-tiles", "[audit][tree]") {
  CHECK(tile_path(0, 0) == "tile/0/000");
  CHECK(tile_path(1, 1234067) == "tile/1/x001/x234/067");
  CHECK(tile_path(0, 273, 112) == "tile/0/273.p/112");
  CHECK(bundle_path(1000) == "tile/entries/x001/000");
  CHECK(tile_width_at(70000, 0, 272) == 256);
  CHECK(tile_width_at(70000, 0, 273) == 112);
  CHECK(tile_width_at(70000, 0, 274) == 0);
  CHECK(tile_width_at(70000, 2, 0) == 1);
}

}  // namespace kintsugi::audit
