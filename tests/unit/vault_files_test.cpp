#include "adapters/vault/vault.h"
#include "engine/base/digest.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

// What is true of the vault's files.
namespace kintsugi::testing {
namespace {

struct Files {
  TemporaryDirectory directory;
  SystemEntropy entropy;
  vault::Vault::Paths paths{directory.path("slots"), directory.path("kek")};

  std::unique_ptr<vault::Vault> open() {
    auto opened = vault::Vault::open(paths, entropy);
    REQUIRE(opened);
    return std::move(*opened);
  }
  std::string slots() const {
    std::ifstream file(paths.slots, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void put_slots(const std::string& bytes) const {
    std::ofstream(paths.slots, std::ios::binary | std::ios::trunc) << bytes;
  }
};

const CaseId one{"case_1"};
const CaseId other{"case_2"};
const DocumentId doc{"doc_1"};

}  // namespace

TEST_CASE("keys outlast the process", "[vault]") {
  Files files;
  Document document;
  {
    auto vault = files.open();
    REQUIRE(vault->create_keys(one));
    REQUIRE(vault->sync());
    document = *vault->seal(one, KeyClass::care, doc, "text", bytes_of("kept"));
  }
  auto again = files.open();
  CHECK(text_of(*again->open(document)) == "kept");
  REQUIRE(again->destroy(one, KeyClass::care));
  again.reset();
  CHECK(files.open()->open(document).error().code == Errc::Refused);
}

TEST_CASE("destroying a key leaves nothing of it in the file", "[vault]") {
  Files files;
  auto vault = files.open();
  REQUIRE(vault->create_keys(one));
  REQUIRE(vault->sync());
  const auto document = *vault->seal(one, KeyClass::care, doc, "text", bytes_of("kept"));
  const auto before = files.slots();
  REQUIRE(vault->destroy(one, KeyClass::care));
  const auto after = files.slots();
  REQUIRE(after.size() == before.size());
  int kept = 0;
  int overwritten = 0;
  for (std::size_t at = 0; at < before.size(); ++at)
    ++(before[at] == after[at] ? kept : overwritten);
  CHECK(overwritten >= 60);  // 72 bytes, a few of which may have been 0xff before
  CHECK(overwritten <= 72);

  // Who kept an old copy of the slots can still open it: the reason why a new wrapping key is needed in the end.
  vault.reset();
  files.put_slots(before);
  CHECK(files.open()->open(document));
}

TEST_CASE("a slot that a crash tore is passed over, wherever it was cut", "[vault]") {
  Files files;
  Document document;
  {
    auto vault = files.open();
    REQUIRE(vault->create_keys(one));
    REQUIRE(vault->create_keys(other));
    REQUIRE(vault->sync());
    document = *vault->seal(one, KeyClass::evidence, doc, "text", bytes_of("kept"));
  }
  const auto whole = files.slots();
  REQUIRE(whole.size() == 3 * vault::SlotFile::slot_bytes);
  for (std::size_t cut = 2 * vault::SlotFile::slot_bytes; cut < whole.size() - 40; cut += 13) {
    for (const bool padded : {false, true}) {
      auto torn = whole.substr(0, cut);
      // Either the file ends there, or its length was written and its bytes were not.
      if (padded) torn.resize(whole.size(), '\0');
      files.put_slots(torn);
      auto vault = files.open();
      CHECK(text_of(*vault->open(document)) == "kept");
      if (cut >= 2 * vault::SlotFile::slot_bytes + 84 + 72 + 1)
        continue;  // one key is whole; the other one's cipher tells
      CHECK(vault->seal(other, KeyClass::care, doc, "text", {}).error().code == Errc::NotFound);
      REQUIRE(vault->create_keys(other));
      CHECK(vault->seal(other, KeyClass::care, doc, "text", {}));
      vault.reset();
      CHECK(files.open()->seal(other, KeyClass::care, doc, "text", {}));
    }
  }
}

TEST_CASE("the wrapping key is needed, and must be private", "[vault]") {
  Files files;
  Document document;
  {
    auto vault = files.open();
    REQUIRE(vault->create_keys(one));
    document = *vault->seal(one, KeyClass::care, doc, "text", bytes_of("kept"));
  }
  struct stat info {};
  REQUIRE(::stat(files.paths.kek.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(info.st_size == 32);
  SECTION("missing") {
    std::filesystem::remove(files.paths.kek);
    CHECK(vault::Vault::open(files.paths, files.entropy).error().code == Errc::Refused);
  }
  SECTION("readable by others") {
    ::chmod(files.paths.kek.c_str(), 0640);
    CHECK(vault::Vault::open(files.paths, files.entropy).error().code == Errc::Refused);
  }
  SECTION("cut short") {
    std::filesystem::resize_file(files.paths.kek, 31);
    CHECK(vault::Vault::open(files.paths, files.entropy).error().code == Errc::Corrupt);
  }
  SECTION("another one") {
    std::ofstream(files.paths.kek, std::ios::binary) << std::string(32, 'x');
    CHECK(files.open()->open(document).error().code == Errc::Corrupt);
  }
}

TEST_CASE("a document that is too long is refused by name of its limit", "[vault]") {
  Files files;
  auto vault = files.open();
  REQUIRE(vault->create_keys(one));
  const Bytes most(vault::plaintext_max);
  const Bytes more(vault::plaintext_max + 1);
  CHECK(vault->seal(one, KeyClass::care, doc, "file", most));
  CHECK(vault->seal(one, KeyClass::care, doc, "file", more).error().code == Errc::Invalid);
}

TEST_CASE("a file that is no slot file is corrupt", "[vault]") {
  Files files;
  files.open().reset();
  files.put_slots(std::string(1000, 'x'));
  CHECK(vault::Vault::open(files.paths, files.entropy).error().code == Errc::Corrupt);
}

}  // namespace kintsugi::testing
