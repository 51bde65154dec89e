#include "engine/audit/canonical.h"
#include "engine/audit/checkpoint.h"
#include "engine/audit/commitment.h"
#include "engine/audit/record.h"
#include "engine/audit/tiles.h"
#include "tests/support/places.h"

#include <catch2/catch.hpp>

#include <fstream>

// Every vector of tests/unit/data/audit_vectors.json. They were made by another implementation and checked against
// Go's sumdb, transparency-dev and certificate-transparency.
namespace kintsugi::audit {
namespace {

const Json& vectors() {
  static const Json all = [] {
    std::ifstream in(std::string(testing::source_directory) + "/tests/unit/data/audit_vectors.json");
    return Json::parse(in);
  }();
  return all;
}

Result<Digest> digest(const Json& hex) {
  const auto bytes = from_hex(hex.get<std::string>());
  if (!bytes) return pass(bytes);
  return to_digest(*bytes);
}

std::vector<Digest> digests(const Json& list) {
  std::vector<Digest> out;
  for (const Json& one : list)
    out.push_back(digest(one).value());
  return out;
}

std::string hex_of(const Json& vector, const char* name) {
  return std::string(text_of(from_hex(vector[name].get<std::string>()).value()));
}

VerifierKey key(const char* name) {
  return parse_vkey(vectors()["keys"][name]["vkey"].get<std::string>()).value();
}

Trust log_and_witness() {
  return {key("log1"), {key("witness1")}, 1};
}

Digest root_at(std::size_t size) {
  return digest(vectors()["sizes"][size]["root"]).value();
}

// The tree of the vectors' records, complete subtrees computed from the leaves.
HashSource entry_hashes() {
  std::vector<Digest> leaves;
  for (const Json& one : vectors()["entries"])
    leaves.push_back(digest(one["leaf_hash"]).value());
  return [leaves](int level, std::int64_t index) -> Result<Digest> {
    Frontier range;
    for (std::int64_t i = index << level; i < (index + 1) << level; ++i)
      range.append(leaves.at(static_cast<std::size_t>(i)));
    return range.root();
  };
}

}  // namespace

TEST_CASE("vectors: the reference leaves of RFC 6962 give its roots", "[audit][vectors]") {
  const Json& reference = vectors()["rfc6962_reference"];
  Frontier tree;
  CHECK(tree.root() == digest(reference["roots"][0]).value());
  for (std::size_t i = 0; i < reference["leaves"].size(); ++i) {
    const Bytes leaf = from_hex(reference["leaves"][i].get<std::string>()).value();
    const Digest hash = leaf_hash(text_of(leaf));
    CHECK(hash == digest(reference["leaf_hashes"][i]).value());
    tree.append(hash);
    CHECK(tree.root() == digest(reference["roots"][i + 1]).value());
  }
}

TEST_CASE("vectors: records are canonical, written again the same, and hash to their leaves", "[audit][vectors]") {
  for (const Json& one : vectors()["entries"]) {
    const auto body = one["entry"].get<std::string>();
    CHECK(body.size() == one["len"].get<std::size_t>());
    CHECK(check_canonical(body));
    CHECK(canonical(Json::parse(body)).value() == body);
    CHECK(leaf_hash(body) == digest(one["leaf_hash"]).value());
  }
}

TEST_CASE("vectors: root and frontier of every size", "[audit][vectors]") {
  Frontier tree;
  for (const Json& at : vectors()["sizes"]) {
    const auto size = at["size"].get<std::int64_t>();
    if (size > 0) tree.append(digest(vectors()["entries"][static_cast<std::size_t>(size - 1)]["leaf_hash"]).value());
    CHECK(tree.size() == size);
    CHECK(tree.root() == digest(at["root"]).value());
    CHECK(tree.hashes() == digests(at["frontier"]));
    CHECK(root_of(size, entry_hashes()).value() == tree.root());
    CHECK(Frontier(size, digests(at["frontier"])).root() == tree.root());
  }
}

TEST_CASE("vectors: every inclusion proof is made the same and holds", "[audit][vectors]") {
  const HashSource hashes = entry_hashes();
  for (const Json& one : vectors()["inclusion"]) {
    const auto index = one["index"].get<std::int64_t>();
    const auto size = one["size"].get<std::int64_t>();
    const auto proof = digests(one["proof"]);
    CHECK(inclusion_proof(index, size, hashes).value() == proof);
    CHECK(verify_inclusion(index, size, hashes(0, index).value(), root_at(static_cast<std::size_t>(size)), proof));
  }
}

TEST_CASE("vectors: every consistency proof is made the same and holds", "[audit][vectors]") {
  const HashSource hashes = entry_hashes();
  for (const Json& one : vectors()["consistency"]) {
    const auto old_size = one["old"].get<std::int64_t>();
    const auto new_size = one["new"].get<std::int64_t>();
    const auto proof = digests(one["proof"]);
    CHECK(consistency_proof(old_size, new_size, hashes).value() == proof);
    CHECK(verify_consistency(old_size, new_size, root_at(static_cast<std::size_t>(old_size)),
                             root_at(static_cast<std::size_t>(new_size)), proof));
  }
}

TEST_CASE("vectors: tiles, roots and proofs of 70,000 leaves", "[audit][vectors]") {
  const Json& expected = vectors()["tiles"];
  const auto size = expected["size"].get<std::int64_t>();
  std::map<std::string, Bytes> tiles;
  TileTree tree;
  for (std::int64_t i = 0; i < size; ++i) {
    for (Tile& tile : tree.append(leaf_hash(std::to_string(i))))
      tiles[tile_path(tile.level, tile.index)] = std::move(tile.hashes);
    if (const auto root = expected["roots"].find(std::to_string(i + 1)); root != expected["roots"].end())
      CHECK(tree.root() == digest(*root).value());
  }
  CHECK(tree.root() == digest(expected["root"]).value());
  for (int level = 0; size >> (8 * level) > 0; ++level) {
    const std::int64_t index = (size >> (8 * level)) / tile_width;
    tiles[tile_path(level, index, tile_width_at(size, level, index))] = tree.tail(level, index);
  }
  CHECK(tiles.size() == expected["count"].get<std::size_t>());
  for (const auto& [path, tile] : expected["tiles"].items()) {
    INFO(path);
    REQUIRE(tiles.contains(path));
    CHECK(tiles[path].size() == tile["len"].get<std::size_t>());
    CHECK(sha256(BytesView(tiles[path])) == digest(tile["sha256"]).value());
  }

  const TileSource from_map = [&](int level, std::int64_t index, int width) -> Result<Bytes> {
    const auto found = tiles.find(tile_path(level, index, width));
    if (found == tiles.end()) return fail(Errc::NotFound, tile_path(level, index, width));
    return found->second;
  };
  const HashSource hashes = hashes_from_tiles(size, from_map);
  CHECK(root_of(size, hashes).value() == tree.root());
  for (const Json& one : expected["inclusion"])
    CHECK(inclusion_proof(one["index"].get<std::int64_t>(), one["size"].get<std::int64_t>(), hashes).value() ==
          digests(one["proof"]));
  for (const Json& one : expected["consistency"])
    CHECK(consistency_proof(one["old"].get<std::int64_t>(), one["new"].get<std::int64_t>(), hashes).value() ==
          digests(one["proof"]));
}

TEST_CASE("vectors: the entry bundle", "[audit][vectors]") {
  std::string bundle;
  for (const Json& one : vectors()["entries"])
    append_to_bundle(bundle, one["entry"].get<std::string>());
  CHECK(bundle.size() == vectors()["bundle"]["len"].get<std::size_t>());
  CHECK(sha256(bundle) == digest(vectors()["bundle"]["sha256"]).value());
  CHECK(bundle.starts_with(hex_of(vectors()["bundle"], "head_hex")));
  CHECK(read_bundle(bundle, 21).value().back() == vectors()["entries"][20]["entry"].get<std::string>());
  CHECK_FALSE(read_bundle(bundle, 20));
  CHECK_FALSE(read_bundle(bundle, 22));
  CHECK_FALSE(read_bundle(bundle.substr(0, bundle.size() - 1), 21));
}

TEST_CASE("vectors: keys have their ids and read back from their text", "[audit][vectors]") {
  for (const auto& [name, one] : vectors()["keys"].items()) {
    INFO(name);
    const auto vkey = one["vkey"].get<std::string>();
    const auto read = parse_vkey(vkey);
    REQUIRE(read);
    CHECK(read->name == one["name"].get<std::string>());
    CHECK(static_cast<int>(read->type) == one["type"].get<int>());
    CHECK(to_hex(read->key) == one["public"].get<std::string>());
    CHECK(to_hex(read->id()) == one["key_id"].get<std::string>());
    CHECK(to_hex(sha256(hex_of(one, "key_id_preimage_hex"))).starts_with(one["key_id"].get<std::string>()));
    CHECK(format_vkey(*read) == vkey);
  }
}

TEST_CASE("vectors: checkpoints open with log and witness", "[audit][vectors]") {
  for (const Json& one : vectors()["checkpoints"]) {
    const auto note = one["note"].get<std::string>();
    const auto opened = open_checkpoint(note, log_and_witness());
    REQUIRE(opened);
    CHECK(opened->checkpoint.size == one["size"].get<std::int64_t>());
    CHECK(opened->checkpoint.root == root_at(one["size"].get<std::size_t>()));
    CHECK(opened->verified.witnesses == 1);
    CHECK(opened->verified.oldest_cosignature == one["witness_time"].get<std::uint64_t>());
    CHECK(format_checkpoint(opened->checkpoint) == one["body"].get<std::string>());
    CHECK(format_note(parse_note(note).value()) == note);
    CHECK(cosignature_message(one["body"].get<std::string>(), one["witness_time"].get<std::uint64_t>()) ==
          hex_of(one, "cosigned_message_hex"));
  }
}

TEST_CASE("vectors: during a rotation both the old and the new key open the checkpoint", "[audit][vectors]") {
  const auto note = vectors()["rotation"]["note"].get<std::string>();
  CHECK(open_checkpoint(note, {key("log1"), {}, 0}));
  CHECK(open_checkpoint(note, {key("log2"), {}, 0}));
  CHECK_FALSE(open_checkpoint(note, {key("anchor"), {}, 0}));
}

TEST_CASE("vectors: the tlog-proof proves its record and no other", "[audit][vectors]") {
  const Json& one = vectors()["tlog_proof"];
  const auto proof = parse_tlog_proof(one["text"].get<std::string>());
  REQUIRE(proof);
  CHECK(proof->index == one["index"].get<std::int64_t>());
  CHECK(format_tlog_proof(*proof) == one["text"].get<std::string>());
  const auto& entries = vectors()["entries"];
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool is_its = i == one["entry_index"].get<std::size_t>();
    CHECK(verify_tlog_proof(*proof, digest(entries[i]["leaf_hash"]).value(), log_and_witness()).has_value() ==
          is_its);
  }
}

TEST_CASE("vectors: canonical spellings are accepted, all others refused", "[audit][vectors]") {
  for (const Json& one : vectors()["canonical"]["accept"]) {
    const auto text = one.get<std::string>();
    INFO(text);
    CHECK(check_canonical(text));
    CHECK(canonical(Json::parse(text)).value() == text);
  }
  for (const Json& one : vectors()["canonical"]["reject"]) {
    INFO(one.get<std::string>());
    CHECK_FALSE(check_canonical(one.get<std::string>()));
  }
}

TEST_CASE("vectors: commitments", "[audit][vectors]") {
  const Json& text = vectors()["commitments"][0];
  CHECK(commitment(text["label"].get<std::string>(), digest(text["salt"]).value(),
                   from_hex(text["data_hex"].get<std::string>()).value()) == digest(text["commitment"]).value());
  const Json& dek = vectors()["commitments"][1];
  CHECK(key_commitment(dek["case"].get<std::string>(), digest(dek["dek"]).value()) ==
        digest(dek["dek_commitment"]).value());
}

TEST_CASE("vectors: the deletion certificate is signed by the eraser and bound into its record", "[audit][vectors]") {
  const Json& one = vectors()["deletion_certificate"];
  const auto text = one["note"].get<std::string>();
  const auto note = parse_note(text);
  REQUIRE(note);
  CHECK(verify_note(*note, {parse_vkey(one["vkey"].get<std::string>()).value(), {}, 0}));
  CHECK_FALSE(verify_note(*note, {key("log1"), {}, 0}));
  CHECK(check_canonical(std::string_view(note->text).substr(0, note->text.size() - 1)));
  const Digest bound = commitment("cert", digest(one["salt"]).value(), bytes_of(text));
  const auto record = vectors()["entries"][one["record"].get<std::size_t>()]["entry"].get<std::string>();
  CHECK(record.find(to_base64(bound)) != std::string::npos);
}

TEST_CASE("vectors: a slot's leaf is included in the epoch's root", "[audit][vectors]") {
  const Json& one = vectors()["slot_tree"];
  CHECK(leaf_hash(one["slot_leaf_0"].get<std::string>()) == digest(one["leaf_hash_0"]).value());
  CHECK(verify_inclusion(0, one["slots"].get<std::int64_t>(), digest(one["leaf_hash_0"]).value(),
                         digest(one["root"]).value(), digests(one["proof_0"])));
  CHECK(check_canonical(one["epoch_record"].get<std::string>()));
  CHECK(leaf_hash(one["epoch_record"].get<std::string>()) == digest(one["epoch_record_leaf_hash"]).value());
}

TEST_CASE("vectors: everything that must be refused is", "[audit][vectors]") {
  int seen = 0;
  for (const Json& one : vectors()["negative"]) {
    INFO(one["why"].get<std::string>());
    ++seen;
    if (one["kind"] == "note") {
      CHECK_FALSE(open_checkpoint(one["note"].get<std::string>(), log_and_witness()));
    } else if (one["kind"] == "inclusion") {
      const auto leaf = digest(one["leaf_hash"]);
      const auto root = digest(one["root"]);
      if (leaf && root)
        CHECK_FALSE(verify_inclusion(one["index"].get<std::int64_t>(), one["size"].get<std::int64_t>(), *leaf, *root,
                                     digests(one["proof"])));
      else
        CHECK(one["leaf_hash"].get<std::string>().empty());  // no hash at all: to_digest() has refused it
    } else {
      CHECK_FALSE(verify_consistency(one["old"].get<std::int64_t>(), one["new"].get<std::int64_t>(),
                                     digest(one["root_old"]).value(), digest(one["root_new"]).value(),
                                     digests(one["proof"])));
    }
  }
  CHECK(seen == 22);
}

}  // namespace kintsugi::audit
