#include "engine/audit/tiles.h"

#include "engine/base/ensure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

namespace kintsugi::audit {
namespace {

constexpr int tile_levels = 8;  // of the tree, in one of the tiles

// `x001/x234/067`
std::string number_path(std::int64_t n) {
  std::string out = fmt::format("{:03}", n % 1000);
  while (n >= 1000) {
    n /= 1000;
    out = fmt::format("x{:03}/", n % 1000) + out;
  }
  return out;
}

std::string path_of(std::string_view directory, std::int64_t index, int width) {
  std::string out = fmt::format("tile/{}/{}", directory, number_path(index));
  if (width < tile_width) out += fmt::format(".p/{}", width);
  return out;
}

Digest hash_at(BytesView tile, std::int64_t n) {
  Digest out;
  std::ranges::copy(tile.subspan(static_cast<std::size_t>(n) * out.size(), out.size()), out.begin());
  return out;
}

// The root of the complete subtree over hashes [first, first + 2^level) of one tile.
Digest subtree(BytesView tile, int level, std::int64_t first) {
  std::vector<Digest> row;
  row.reserve(std::size_t{1} << level);
  for (std::int64_t i = 0; i < std::int64_t{1} << level; ++i)
    row.push_back(hash_at(tile, first + i));
  while (row.size() > 1) {
    for (std::size_t i = 0; i < row.size() / 2; ++i)
      row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    row.resize(row.size() / 2);
  }
  return row.front();
}

Bytes to_bytes(const std::vector<Digest>& hashes) {
  Bytes out;
  out.reserve(hashes.size() * sizeof(Digest));
  for (const Digest& hash : hashes)
    out.insert(out.end(), hash.begin(), hash.end());
  return out;
}

Result<Bytes> read_whole(const TileSource& tiles, int level, std::int64_t index, int width) {
  auto bytes = tiles(level, index, width);
  if (bytes && bytes->size() != static_cast<std::size_t>(width) * sizeof(Digest))
    return fail(Errc::Corrupt, fmt::format("{} has {} bytes, expected {}", tile_path(level, index, width),
                                           bytes->size(), static_cast<std::size_t>(width) * sizeof(Digest)));
  return bytes;
}

}  // namespace

std::string tile_path(int level, std::int64_t index, int width) {
  return path_of(std::to_string(level), index, width);
}

std::string bundle_path(std::int64_t index, int width) {
  return path_of("entries", index, width);
}

int tile_width_at(std::int64_t size, int level, std::int64_t index) {
  if (level < 0 || level * tile_levels > 62 || index < 0) return 0;
  const std::int64_t hashes = size >> (level * tile_levels);
  if (index > hashes / tile_width) return 0;
  return static_cast<int>(std::min<std::int64_t>(hashes - index * tile_width, tile_width));
}

void append_to_bundle(std::string& bundle, std::string_view body) {
  ensure(body.size() <= 0xffff, "a record fits into a bundle");
  bundle += static_cast<char>(static_cast<unsigned char>(body.size() >> 8));
  bundle += static_cast<char>(static_cast<unsigned char>(body.size() & 0xff));
  bundle += body;
}

Result<std::vector<std::string_view>> read_bundle(std::string_view bundle, int count) {
  std::vector<std::string_view> out;
  out.reserve(static_cast<std::size_t>(count));
  std::size_t at = 0;
  while (at + 2 <= bundle.size()) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bundle[at])) << 8 |
                        static_cast<std::size_t>(static_cast<unsigned char>(bundle[at + 1]));
    if (length > bundle.size() - at - 2) break;
    out.push_back(bundle.substr(at + 2, length));
    at += 2 + length;
  }
  if (at != bundle.size() || out.size() != static_cast<std::size_t>(count))
    return fail(Errc::Invalid,
                fmt::format("the bundle does not hold {} whole records: it breaks off after {}", count, out.size()));
  return out;
}

HashSource hashes_from_tiles(std::int64_t size, TileSource tiles) {
  // A proof walks down one path, so the tile read last at each level is the one wanted next.
  struct Kept {
    int level = -1;
    std::int64_t index = -1;
    Bytes bytes;
  };
  auto kept = std::make_shared<std::array<Kept, 4>>();  // shared: std::function must be copyable
  return [size, tiles = std::move(tiles), kept](int level, std::int64_t index) -> Result<Digest> {
    if (level < 0 || level > 62 || index < 0 || index >= size >> level)
      return fail(Errc::Invalid, "the tree has no such subtree");
    const int tile_level = level / tile_levels;
    const int inside = level % tile_levels;
    const std::int64_t first = index << inside;  // in hashes of the tile level
    const std::int64_t tile_index = first / tile_width;
    Kept& one = (*kept)[static_cast<std::size_t>(tile_level) % kept->size()];
    if (one.level != tile_level || one.index != tile_index) {
      auto bytes = read_whole(tiles, tile_level, tile_index, tile_width_at(size, tile_level, tile_index));
      if (!bytes) return pass(bytes);
      one = Kept{tile_level, tile_index, std::move(*bytes)};
    }
    return subtree(one.bytes, inside, first % tile_width);
  };
}

Result<TileTree> TileTree::restore(std::int64_t size, const TileSource& full_tiles) {
  if (size < 0 || size % tile_width != 0) return fail(Errc::Invalid, "full tiles hold a multiple of 256 leaves");
  TileTree tree;
  const HashSource hashes = hashes_from_tiles(size, full_tiles);
  for (int level = 0; size >> (level * tile_levels) > 0; ++level) {
    auto& tail = tree.tails_.emplace_back();
    const std::int64_t all = size >> (level * tile_levels);
    for (std::int64_t i = all / tile_width * tile_width; i < all; ++i) {
      // From the tile below: this level's own tile is not full, so nobody has stored it.
      auto below = read_whole(full_tiles, level - 1, i, tile_width);
      if (!below) return pass(below);
      tail.push_back(subtree(*below, tile_levels, 0));
    }
  }
  std::vector<Digest> edge;
  std::int64_t first = 0;
  for (int level = 62; level >= 0; --level) {
    if ((size >> level & 1) == 0) continue;
    const auto& tail = tree.tails_[static_cast<std::size_t>(level / tile_levels)];
    const std::int64_t begun = (size >> (level / tile_levels * tile_levels)) / tile_width * tile_width;
    const std::int64_t at = (first >> (level / tile_levels * tile_levels)) - begun;
    ensure(at >= 0, "the right edge of a tree lies in tiles that are not full");
    edge.push_back(subtree(to_bytes(tail), level % tile_levels, at));
    first += std::int64_t{1} << level;
  }
  tree.frontier_ = Frontier(size, std::move(edge));
  return tree;
}

std::vector<Tile> TileTree::append(const Digest& leaf) {
  std::vector<Tile> full;
  const std::int64_t before = size();
  frontier_.append(leaf);
  Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == tails_.size()) tails_.emplace_back().reserve(tile_width);
    auto& tail = tails_[level];
    tail.push_back(hash);
    if (tail.size() < tile_width) return full;
    const int shift = (static_cast<int>(level) + 1) * tile_levels;
    Tile& tile = full.emplace_back(Tile{static_cast<int>(level), before >> shift, to_bytes(tail)});
    hash = subtree(tile.hashes, tile_levels, 0);
    tail.clear();
  }
}

Bytes TileTree::tail(int level, std::int64_t index) const {
  const int width = tile_width_at(size(), level, index);
  if (width == 0 || width == tile_width) return {};
  return to_bytes(tails_[static_cast<std::size_t>(level)]);
}

HashSource TileTree::hashes(TileSource full_tiles) const {
  return hashes_from_tiles(
      size(), [this, full = std::move(full_tiles)](int level, std::int64_t index, int width) -> Result<Bytes> {
        return width < tile_width ? Result<Bytes>(tail(level, index)) : full(level, index, width);
      });
}

}  // namespace kintsugi::audit
