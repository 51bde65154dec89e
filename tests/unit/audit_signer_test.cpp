#include "adapters/signer/ed25519_signer.h"
#include "engine/audit/checkpoint.h"
#include "engine/base/digest.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace kintsugi {
namespace {

namespace fs = std::filesystem;
using audit::consistency_proof;
using audit::Frontier;

const std::string origin = "audit.rsc.example/hcf/3bx13b12f7";

struct SignerDirectory {
  SignerDirectory() {
    static int n = 0;
    path = fs::temp_directory_path() /
           ("kintsugi-signer-test-" + std::to_string(::getpid()) + "-" + std::to_string(n++));
    fs::remove_all(path);
  }
  ~SignerDirectory() { fs::remove_all(path); }
  fs::path path;
};

// The n-th leaf of one of several histories.
Digest leaf(std::int64_t n, int history) {
  return sha256(std::to_string(n) + "/" + std::to_string(history));
}
Digest range(std::int64_t first, std::int64_t end, int history) {
  Frontier tree;
  for (std::int64_t i = first; i < end; ++i)
    tree.append(leaf(i, history));
  return tree.root();
}
Signer::Head head(std::int64_t size, int history = 0) {
  return {origin, size, range(0, size, history)};
}
std::vector<Digest> proof(std::int64_t from, std::int64_t to, int history = 0) {
  return consistency_proof(from, to,
                           [&](int level, std::int64_t index) -> Result<Digest> {
                             return range(index << level, (index + 1) << level, history);
                           })
      .value();
}

}  // namespace

TEST_CASE("the signer signs what extends what it signed before", "[audit][signer]") {
  SignerDirectory directory;
  const auto signer = Ed25519Signer::open(directory.path);
  REQUIRE(signer);
  CHECK((*signer)->last(origin)->size == 0);
  const auto key = audit::parse_vkey((*signer)->verifier_key(origin));
  REQUIRE(key);
  CHECK(key->name == origin);
  CHECK((*signer)->verifier_key(origin) != (*signer)->verifier_key("audit.rsc.example/hcf/another"));

  for (const auto& [from, to] : {std::pair{0, 5}, {5, 5}, {5, 6}, {6, 300}}) {
    const auto note = (*signer)->sign(head(to), proof(from, to));
    REQUIRE(note);
    const auto opened = audit::open_checkpoint(*note, {*key, {}, 0});
    REQUIRE(opened);
    CHECK(opened->checkpoint.size == to);
    CHECK(opened->checkpoint.root == head(to).root);
    CHECK((*signer)->last(origin)->size == to);
  }
}

TEST_CASE("the signer refuses to go back, also after a restart, and says what to do", "[audit][signer]") {
  SignerDirectory directory;
  std::string key;
  {
    const auto signer = Ed25519Signer::open(directory.path);
    REQUIRE(signer);
    key = (*signer)->verifier_key(origin);
    REQUIRE((*signer)->sign(head(9), {}));
  }
  const auto signer = Ed25519Signer::open(directory.path);
  REQUIRE(signer);
  CHECK((*signer)->verifier_key(origin) == key);
  CHECK((*signer)->last(origin)->size == 9);
  CHECK((*signer)->last(origin)->root == head(9).root);

  const auto back = (*signer)->sign(head(5), {});
  REQUIRE_FALSE(back);
  CHECK(back.error().code == Errc::Refused);
  CHECK(back.error().what.find("hospital's mirror") != std::string::npos);
  CHECK(back.error().what.find(origin + "/2") != std::string::npos);

  CHECK_FALSE((*signer)->sign(head(9, 1), {}));                // same size, other history
  CHECK_FALSE((*signer)->sign(head(12, 1), proof(9, 12, 1)));  // longer, other history
  CHECK_FALSE((*signer)->sign(head(12), {}));                  // no proof
  CHECK_FALSE((*signer)->sign(head(12), proof(8, 12)));        // the proof of another step
  CHECK((*signer)->last(origin)->size == 9);
  CHECK((*signer)->sign(head(12), proof(9, 12)));
}

TEST_CASE("logs of several origins do not disturb each other", "[audit][signer]") {
  SignerDirectory directory;
  const auto signer = Ed25519Signer::open(directory.path);
  REQUIRE(signer);
  REQUIRE((*signer)->sign(head(9), {}));
  Signer::Head other = head(3, 1);
  other.origin = "audit.rsc.example/hcf/another";
  CHECK((*signer)->sign(other, {}));
  CHECK((*signer)->last(origin)->size == 9);
  CHECK((*signer)->last(other.origin)->size == 3);
}

TEST_CASE("an origin that cannot name a log is refused and not remembered", "[audit][signer]") {
  SignerDirectory directory;
  const auto signer = Ed25519Signer::open(directory.path);
  REQUIRE(signer);
  for (const char* bad : {"", "two words", "a+b", "line\nfeed"}) {
    Signer::Head one = head(1);
    one.origin = bad;
    CHECK_FALSE((*signer)->sign(one, {}));
  }
  CHECK(fs::is_empty(directory.path / "heads"));
}

TEST_CASE("the seed is the owner's alone, and two signers do not share a directory", "[audit][signer]") {
  SignerDirectory directory;
  const auto signer = Ed25519Signer::open(directory.path);
  REQUIRE(signer);
  struct stat seed {};
  REQUIRE(::stat((directory.path / "seed").c_str(), &seed) == 0);
  CHECK((seed.st_mode & 0777) == 0600);
  CHECK(seed.st_size == 32);
  const auto second = Ed25519Signer::open(directory.path);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::Transient);
}

TEST_CASE("a signer that lost a part of its memory stops", "[audit][signer]") {
  SignerDirectory directory;
  {
    const auto signer = Ed25519Signer::open(directory.path);
    REQUIRE(signer);
    REQUIRE((*signer)->sign(head(9), {}));
  }
  SECTION("the seed is gone") {
    fs::remove(directory.path / "seed");
    const auto signer = Ed25519Signer::open(directory.path);
    REQUIRE_FALSE(signer);
    CHECK(signer.error().code == Errc::Corrupt);
  }
  SECTION("the seed is cut short") {
    fs::resize_file(directory.path / "seed", 16);
    CHECK_FALSE(Ed25519Signer::open(directory.path));
  }
  SECTION("a head makes no sense") {
    for (const auto& file : fs::directory_iterator(directory.path / "heads"))
      std::ofstream(file.path()) << "9\n";
    const auto signer = Ed25519Signer::open(directory.path);
    REQUIRE(signer);
    const auto note = (*signer)->sign(head(10), proof(9, 10));
    REQUIRE_FALSE(note);
    CHECK(note.error().code == Errc::Corrupt);
  }
}

}  // namespace kintsugi
