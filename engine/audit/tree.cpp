#include "engine/audit/tree.h"

#include "engine/base/digest.h"
#include "engine/base/ensure.h"

#include <algorithm>
#include <bit>

namespace kintsugi::audit {
namespace {

constexpr std::uint8_t node_mark[] = {0x01};

// The largest power of two smaller than n, as its exponent; n >= 2.
int split_level(std::int64_t n) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(n) - 1)) - 1;
}

// The root of leaves [first, first + count); `first` is a multiple of the power of two that holds `count`.
Result<Digest> range_root(std::int64_t first, std::int64_t count, const HashSource& hashes) {
  if (std::has_single_bit(static_cast<std::uint64_t>(count))) {
    const int level = std::countr_zero(static_cast<std::uint64_t>(count));
    return hashes(level, first >> level);
  }
  const std::int64_t left = std::int64_t{1} << split_level(count);
  const auto a = range_root(first, left, hashes);
  if (!a) return a;
  const auto b = range_root(first + left, count - left, hashes);
  if (!b) return b;
  return node_hash(*a, *b);
}

// PATH(index, [first, first + count)) of RFC 6962 2.1.1, deepest sibling first.
Result<> path(std::int64_t index, std::int64_t first, std::int64_t count, const HashSource& hashes,
              std::vector<Digest>& out) {
  if (count == 1) return {};
  const std::int64_t left = std::int64_t{1} << split_level(count);
  const bool in_left = index < left;
  const auto deeper =
      in_left ? path(index, first, left, hashes, out) : path(index - left, first + left, count - left, hashes, out);
  if (!deeper) return deeper;
  const auto sibling = in_left ? range_root(first + left, count - left, hashes) : range_root(first, left, hashes);
  if (!sibling) return pass(sibling);
  out.push_back(*sibling);
  return {};
}

// SUBPROOF(old, [first, first + count), whole) of RFC 6962 2.1.2. `whole`: the old tree is known by its root.
Result<> subproof(std::int64_t old, std::int64_t first, std::int64_t count, bool whole, const HashSource& hashes,
                  std::vector<Digest>& out) {
  const auto push = [&](std::int64_t from, std::int64_t n) -> Result<> {
    const auto hash = range_root(from, n, hashes);
    if (!hash) return pass(hash);
    out.push_back(*hash);
    return {};
  };
  if (old == count) return whole ? Result<>{} : push(first, count);
  const std::int64_t left = std::int64_t{1} << split_level(count);
  if (old <= left) {
    if (auto deeper = subproof(old, first, left, whole, hashes, out); !deeper) return deeper;
    return push(first + left, count - left);
  }
  if (auto deeper = subproof(old - left, first + left, count - left, false, hashes, out); !deeper) return deeper;
  return push(first, left);
}

}  // namespace

Digest node_hash(const Digest& left, const Digest& right) {
  return sha256({BytesView(node_mark), BytesView(left), BytesView(right)});
}

Digest empty_root() {
  return sha256(BytesView{});
}

Result<Digest> to_digest(BytesView bytes) {
  Digest out;
  if (bytes.size() != out.size()) return fail(Errc::Invalid, "a hash must be 32 bytes");
  std::ranges::copy(bytes, out.begin());
  return out;
}

Result<Digest> digest_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes) return pass(bytes);
  return to_digest(*bytes);
}

Frontier::Frontier(std::int64_t size, std::vector<Digest> hashes) : size_(size), hashes_(std::move(hashes)) {
  ensure(std::popcount(static_cast<std::uint64_t>(size)) == static_cast<int>(hashes_.size()),
         "a frontier has one hash for each bit of its size");
}

void Frontier::append(const Digest& leaf) {
  hashes_.push_back(leaf);
  for (std::int64_t n = size_; (n & 1) != 0; n >>= 1) {
    const Digest right = hashes_.back();
    hashes_.pop_back();
    hashes_.back() = node_hash(hashes_.back(), right);
  }
  ++size_;
}

Digest Frontier::root() const {
  if (hashes_.empty()) return empty_root();
  Digest root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;)
    root = node_hash(hashes_[i], root);
  return root;
}

Result<Digest> root_of(std::int64_t size, const HashSource& hashes) {
  if (size < 0) return fail(Errc::Invalid, "a tree has no negative size");
  return size == 0 ? Result<Digest>(empty_root()) : range_root(0, size, hashes);
}

Result<std::vector<Digest>> inclusion_proof(std::int64_t index, std::int64_t size, const HashSource& hashes) {
  if (index < 0 || index >= size) return fail(Errc::Invalid, "the tree has no such leaf");
  std::vector<Digest> out;
  if (auto done = path(index, 0, size, hashes, out); !done) return pass(done);
  return out;
}

Result<std::vector<Digest>> consistency_proof(std::int64_t old_size, std::int64_t new_size,
                                              const HashSource& hashes) {
  if (old_size < 0 || old_size > new_size)
    return fail(Errc::Invalid, "a tree cannot be consistent with a longer one");
  std::vector<Digest> out;
  if (old_size == 0 || old_size == new_size) return out;
  if (auto done = subproof(old_size, 0, new_size, true, hashes, out); !done) return pass(done);
  return out;
}

Result<> verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf, const Digest& root,
                          std::span<const Digest> proof) {
  const auto no = [] { return fail(Errc::Refused, "the inclusion proof does not hold"); };
  if (index < 0 || index >= size) return no();
  std::int64_t fn = index;
  std::int64_t sn = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (sn == 0) return no();
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0 || hash != root) return no();
  return {};
}

Result<> verify_consistency(std::int64_t old_size, std::int64_t new_size, const Digest& old_root,
                            const Digest& new_root, std::span<const Digest> proof) {
  const auto no = [] { return fail(Errc::Refused, "the consistency proof does not hold"); };
  if (old_size < 0 || old_size > new_size) return no();
  if (old_size == new_size) return proof.empty() && old_root == new_root ? Result<>{} : no();
  if (old_size == 0) return proof.empty() && old_root == empty_root() ? Result<>{} : no();

  // A complete old tree is a node of the new one, and its root is not sent along.
  const bool complete = std::has_single_bit(static_cast<std::uint64_t>(old_size));
  if (!complete && proof.empty()) return no();
  std::int64_t fn = old_size - 1;
  std::int64_t sn = new_size - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  Digest old_hash = complete ? old_root : proof[0];
  Digest new_hash = old_hash;
  for (const Digest& sibling : proof.subspan(complete ? 0 : 1)) {
    if (sn == 0) return no();
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0 || old_hash != old_root || new_hash != new_root) return no();
  return {};
}

}  // namespace kintsugi::audit
