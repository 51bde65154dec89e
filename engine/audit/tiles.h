#pragma once

#include "engine/audit/tree.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The tree in pieces that never change (C2SP tlog-tiles): a tile holds 256 neighbouring hashes of one tile level,
// where level L is the tree's level 8 * L. Hashes between are computed. Records travel in bundles of 256.
namespace kintsugi::audit {

inline constexpr int tile_width = 256;

// `tile/0/x001/x234/067`, with `.p/21` behind it for a tile of fewer than 256 hashes.
std::string tile_path(int level, std::int64_t index, int width = tile_width);
std::string bundle_path(std::int64_t index, int width = tile_width);

// How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 to 256.
int tile_width_at(std::int64_t size, int level, std::int64_t index);

// Records with their length before them, two bytes, high byte first.
void append_to_bundle(std::string& bundle, std::string_view body);
// Exactly `count` records and nothing behind them, or Invalid. The views point into `bundle`.
Result<std::vector<std::string_view>> read_bundle(std::string_view bundle, int count);

struct Tile {
  int level = 0;
  std::int64_t index = 0;
  Bytes hashes;  // 32 bytes each
};

// Reads a tile: exactly `width` hashes of it.
using TileSource = std::function<Result<Bytes>(int level, std::int64_t index, int width)>;

// Answers for every complete subtree of a tree of `size` leaves by reading tiles. Keeps the last few tiles; one
// thread.
HashSource hashes_from_tiles(std::int64_t size, TileSource tiles);

// A growing tree that hands out each tile when it is full and keeps only what is not in full tiles. One thread.
class TileTree {
 public:
  TileTree() = default;
  // The tree of the first `size` leaves, which must be a multiple of 256, from the full tiles of level 0; reads at
  // most 255 tiles for each level.
  static Result<TileTree> restore(std::int64_t size, const TileSource& full_tiles);

  // The tiles that this leaf filled, lowest level first; most often none.
  std::vector<Tile> append(const Digest& leaf);
  std::int64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }

  // A tile that is not full yet, as it stands; empty for one that is full (that is in the store) or not begun.
  Bytes tail(int level, std::int64_t index) const;
  // Every hash of the tree: from the tail, and from `full_tiles` for what has left it. Do not append while the
  // source is in use.
  HashSource hashes(TileSource full_tiles) const;

 private:
  Frontier frontier_;
  std::vector<std::vector<Digest>> tails_;  // by tile level, fewer than 256 each
};

}  // namespace kintsugi::audit
