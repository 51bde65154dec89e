#include "engine/audit/tiles.h"
#include "engine/audit/tree.h"
#include "engine/base/digest.h"
#include "tests/fuzz/fuzz.h"

#include <array>
#include <cstring>

// Proofs of a tree that is known, somewhat changed, and bundles of records. The input: size, older size and index,
// one byte each; what to do to each hash of the honest proofs, a byte each (keep, drop, repeat, flip a bit); the rest
// is a bundle. A proof that differs from the honest one proves nothing.
namespace kintsugi::fuzz {
namespace {

constexpr std::int64_t leaves_max = 70;

Digest leaf_number(std::int64_t n) {
  return sha256("leaf " + std::to_string(n));
}

// The root of the complete subtree, from the leaves.
Result<Digest> subtree(int level, std::int64_t index) {
  if (level == 0) return leaf_number(index);
  return audit::node_hash(*subtree(level - 1, 2 * index), *subtree(level - 1, 2 * index + 1));
}

std::vector<Digest> changed_proof(const std::vector<Digest>& honest, std::string_view& how) {
  std::vector<Digest> out;
  for (const Digest& hash : honest) {
    const auto what = how.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(how.front());
    how.remove_prefix(std::min<std::size_t>(1, how.size()));
    if (what == 1) continue;
    out.push_back(hash);
    if (what == 2) out.push_back(hash);
    if (what > 2) out.back()[what % 32] ^= static_cast<std::uint8_t>(1U << (what >> 5U));
  }
  return out;
}

std::uint8_t take_byte(std::string_view& rest) {
  const auto out = rest.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(rest.front());
  rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  return out;
}

// Anything as sizes and hashes: it is answered, and that is all.
void look_at_any(std::string_view bytes) {
  std::array<std::int64_t, 2> sizes{};
  if (bytes.size() < sizeof sizes) return;
  std::memcpy(sizes.data(), bytes.data(), sizeof sizes);
  bytes.remove_prefix(sizeof sizes);
  std::vector<Digest> hashes;
  for (; bytes.size() >= sizeof(Digest); bytes.remove_prefix(sizeof(Digest)))
    std::memcpy(hashes.emplace_back().data(), bytes.data(), sizeof(Digest));
  std::ignore = audit::verify_inclusion(sizes[0], sizes[1], Digest{}, Digest{}, hashes);
  std::ignore = audit::verify_consistency(sizes[0], sizes[1], Digest{}, Digest{}, hashes);
  std::ignore =
      audit::inclusion_proof(sizes[0], sizes[1], [](int, std::int64_t) -> Result<Digest> { return Digest{}; });
  std::ignore =
      audit::consistency_proof(sizes[0], sizes[1], [](int, std::int64_t) -> Result<Digest> { return Digest{}; });
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const std::int64_t leaves = fuzz::take_byte(rest) % fuzz::leaves_max + 1;
  const std::int64_t older = fuzz::take_byte(rest) % (leaves + 1);
  const std::int64_t index = fuzz::take_byte(rest) % leaves;
  const Digest root = *audit::root_of(leaves, fuzz::subtree);

  const auto honest = *audit::inclusion_proof(index, leaves, fuzz::subtree);
  const auto claimed = fuzz::changed_proof(honest, rest);
  const bool included = audit::verify_inclusion(index, leaves, fuzz::leaf_number(index), root, claimed).has_value();
  fuzz::must(included == (claimed == honest), "a leaf is proved by its own proof and by no other");

  const Digest older_root = *audit::root_of(older, fuzz::subtree);
  const auto honest_older = *audit::consistency_proof(older, leaves, fuzz::subtree);
  const auto claimed_older = fuzz::changed_proof(honest_older, rest);
  const bool extends = audit::verify_consistency(older, leaves, older_root, root, claimed_older).has_value();
  fuzz::must(extends == (claimed_older == honest_older), "an extension is proved by its own proof and by no other");

  const int count = fuzz::take_byte(rest);
  if (const auto bodies = audit::read_bundle(rest, count)) {
    std::string again;
    for (const std::string_view body : *bodies)
      audit::append_to_bundle(again, body);
    fuzz::must(again == rest && std::ssize(*bodies) == count, "a bundle is spelt as it is read");
  }
  fuzz::look_at_any(rest);
  return 0;
}
