#include "adapters/vault/rotation.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// A new wrapping key: what opens afterwards, what does not, and what a crash in between leaves.
namespace kintsugi::testing {
namespace {

// Ends the process, as a power failure does, when it is asked for the nth time.
class Deadly final : public Entropy {
 public:
  explicit Deadly(int nth) : left_(nth) {}
  void fill(std::span<std::uint8_t> out) override {
    if (--left_ == 0) ::raise(SIGKILL);
    system_.fill(out);
  }

 private:
  int left_;
  SystemEntropy system_;
};

struct Files {
  TemporaryDirectory directory;
  SystemEntropy entropy;
  vault::Vault::Paths paths{directory.path("slots"), directory.path("kek")};
  std::map<std::string, Document> documents;  // by case

  // Three cases; of the second the care key has been destroyed.
  Files() {
    auto vault = open();
    for (const char* id : {"case_1", "case_2", "case_3"}) {
      REQUIRE(vault->create_keys(CaseId{id}));
      documents[id] = *vault->seal(CaseId{id}, KeyClass::care, DocumentId{"doc_1"}, "text", bytes_of("kept"));
    }
    REQUIRE(vault->sync());
    REQUIRE(vault->destroy(CaseId{"case_2"}, KeyClass::care));
  }
  std::unique_ptr<vault::Vault> open() {
    auto opened = vault::Vault::open(paths, entropy);
    INFO((opened ? std::string() : opened.error().what));
    REQUIRE(opened);
    return std::move(*opened);
  }
  std::string bytes(const std::string& name) const {
    std::ifstream file(directory.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(directory.path(name), std::ios::binary | std::ios::trunc) << text;
    REQUIRE(::chmod(directory.path(name).c_str(), 0600) == 0);
  }
  bool has(const std::string& name) const { return std::filesystem::exists(directory.path(name)); }

  void check_whole() {
    auto vault = open();
    CHECK(text_of(*vault->open(documents["case_1"])) == "kept");
    CHECK(vault->open(documents["case_2"]).error().code == Errc::Refused);
    CHECK(text_of(*vault->open(documents["case_3"])) == "kept");
    CHECK_FALSE(has("slots.new"));
    CHECK_FALSE(has("kek.new"));
  }
};

}  // namespace

TEST_CASE("after a rotation everything opens with the new wrapping key, and no copy from before opens", "[vault]") {
  Files files;
  const auto old_slots = files.bytes("slots");
  const auto old_kek = files.bytes("kek");
  const auto rotated = vault::rotate(files.paths, files.entropy);
  REQUIRE(rotated);
  CHECK(rotated->retired == 1);
  CHECK(rotated->keys == 5);
  CHECK(rotated->unopened == 0);
  CHECK(files.bytes("kek") != old_kek);
  CHECK(files.bytes("slots").find(old_slots.substr(vault::SlotFile::slot_bytes + 84, 72)) == std::string::npos);
  files.check_whole();

  // What is made from now on belongs to the new generation.
  {
    auto vault = files.open();
    REQUIRE(vault->create_keys(CaseId{"case_4"}));
    files.documents["case_4"] =
        *vault->seal(CaseId{"case_4"}, KeyClass::care, DocumentId{"doc_1"}, "text", bytes_of("later"));
    REQUIRE(vault->sync());
  }
  CHECK(vault::rotate(files.paths, files.entropy)->retired == 2);
  files.check_whole();
  CHECK(text_of(*files.open()->open(files.documents["case_4"])) == "later");

  files.put("slots", old_slots);
  CHECK(files.open()->open(files.documents["case_1"]).error().code == Errc::Corrupt);
}

TEST_CASE("a rotation that is killed while it wraps has not happened", "[vault]") {
  Files files;
  const auto old_slots = files.bytes("slots");
  const auto old_kek = files.bytes("kek");
  int killed = 0;
  for (int nth = 1;; ++nth) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      Deadly entropy(nth);
      ::_exit(vault::rotate(files.paths, entropy) ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      break;
    }
    ++killed;
    files.check_whole();
    CHECK(files.bytes("slots") == old_slots);
    CHECK(files.bytes("kek") == old_kek);
  }
  CHECK(killed == 6);  // the new key, and a nonce for each of five living ones
  CHECK(files.bytes("kek") != old_kek);
  files.check_whole();
}

TEST_CASE("a rotation that ends between two of its steps leaves the old files or the new ones", "[vault]") {
  Files files;
  const auto old_slots = files.bytes("slots");
  const auto old_kek = files.bytes("kek");
  REQUIRE(vault::rotate(files.paths, files.entropy));
  const auto new_slots = files.bytes("slots");
  const auto new_kek = files.bytes("kek");

  struct Moment {
    const char* what;
    std::string slots, kek, slots_new, kek_new;
    bool happened;
  };
  const std::vector<Moment> moments = {
      {"half of the new slots", old_slots, old_kek, new_slots.substr(0, new_slots.size() / 2), "", false},
      {"the new slots", old_slots, old_kek, new_slots, "", false},
      {"half of the new key", old_slots, old_kek, new_slots, new_kek.substr(0, 7), false},
      {"both", old_slots, old_kek, new_slots, new_kek, false},
      {"the new slots in their place", new_slots, old_kek, "", new_kek, true},
      {"the old key overwritten", new_slots, std::string(32, '\0'), "", new_kek, true},
      {"everything", new_slots, new_kek, "", "", true},
  };
  for (const Moment& one : moments) {
    CAPTURE(one.what);
    files.put("slots", one.slots);
    files.put("kek", one.kek);
    if (!one.slots_new.empty()) files.put("slots.new", one.slots_new);
    if (!one.kek_new.empty()) files.put("kek.new", one.kek_new);
    files.check_whole();
    CHECK(files.bytes("kek") == (one.happened ? new_kek : old_kek));
    CHECK(files.bytes("slots") == (one.happened ? new_slots : old_slots));
  }
}

TEST_CASE("a wrapping key that opens nothing is not put in the place of the right one", "[vault]") {
  Files files;
  const auto slots = files.bytes("slots");
  const auto kek = files.bytes("kek");
  files.put("kek", std::string(32, 'x'));
  CHECK(vault::rotate(files.paths, files.entropy).error().code == Errc::Corrupt);
  files.put("kek", kek);
  files.check_whole();
  CHECK(files.bytes("slots") == slots);
}

}  // namespace kintsugi::testing
