#pragma once

#include "engine/base/bytes.h"
#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

// The Merkle tree of RFC 6962 (2.1; the same in RFC 9162): what a log of n records is worth, in 32 bytes.
//
// Leaf = SHA-256(0x00 || record), node = SHA-256(0x01 || left || right), root of nothing = SHA-256(""). Hashes are
// of type Digest throughout, so that none can be shorter than 32 bytes; to_digest() is the only way in.
namespace kintsugi::audit {

Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();

// 32 bytes, or Invalid. An empty "hash" would prove an empty "root".
Result<Digest> to_digest(BytesView bytes);
Result<Digest> digest_from_base64(std::string_view text);

// The right edge of a tree: the roots of its complete subtrees, largest first, at most 63. Enough to append and to
// know the root; not enough to prove.
class Frontier {
 public:
  Frontier() = default;
  // `hashes` as hashes() gave them for that size; ensure()d to be as many as the size has bits set.
  Frontier(std::int64_t size, std::vector<Digest> hashes);

  void append(const Digest& leaf);
  std::int64_t size() const { return size_; }
  Digest root() const;
  const std::vector<Digest>& hashes() const { return hashes_; }

 private:
  std::int64_t size_ = 0;
  std::vector<Digest> hashes_;
};

// The root of the complete subtree over the 2^level leaves from index * 2^level on. Fails if the tree is not so
// large or the bytes cannot be read.
using HashSource = std::function<Result<Digest>(int level, std::int64_t index)>;

Result<Digest> root_of(std::int64_t size, const HashSource& hashes);

// Invalid when index or sizes are out of range; otherwise only what `hashes` fails with.
Result<std::vector<Digest>> inclusion_proof(std::int64_t index, std::int64_t size, const HashSource& hashes);
Result<std::vector<Digest>> consistency_proof(std::int64_t old_size, std::int64_t new_size, const HashSource& hashes);

// Refused when the proof does not show that `leaf` is at `index` of the tree (RFC 9162 2.1.3.2).
Result<> verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf, const Digest& root,
                          std::span<const Digest> proof);
// Refused when the proof does not show that the old tree is the beginning of the new one (RFC 9162 2.1.4.2). From
// size 0 the proof is empty and the old root that of nothing, as C2SP has it.
Result<> verify_consistency(std::int64_t old_size, std::int64_t new_size, const Digest& old_root,
                            const Digest& new_root, std::span<const Digest> proof);

}  // namespace kintsugi::audit
