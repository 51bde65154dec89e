#include "adapters/vault/vault.h"

#include "engine/base/digest.h"
#include "tests/support/memory_vault.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

// What engine/ports/vault.h promises, of every vault.
namespace kintsugi::testing {
namespace {

struct InMemory {
  MemoryVault it;
  kintsugi::Vault& vault() { return it; }
};

struct SlotFileVault {
  TemporaryDirectory directory;
  SystemEntropy entropy;
  std::unique_ptr<kintsugi::vault::Vault> it = opened();
  kintsugi::Vault& vault() { return *it; }

 private:
  std::unique_ptr<kintsugi::vault::Vault> opened() {
    auto made = kintsugi::vault::Vault::open({directory.path("slots"), directory.path("kek")}, entropy);
    REQUIRE(made);
    return std::move(*made);
  }
};

const CaseId one{"case_1"};
const CaseId other{"case_2"};
const DocumentId doc{"doc_1"};

Result<Document> seal(Vault& vault, const CaseId& id, KeyClass key, std::string_view text) {
  return vault.seal(id, key, doc, "text", bytes_of(text));
}
Document seal_as(Vault& vault, const char* document, KeyClass key, std::string_view text) {
  auto sealed = vault.seal(one, key, DocumentId{document}, "text", bytes_of(text));
  REQUIRE(sealed);
  return *sealed;
}

}  // namespace

#define EVERY_VAULT InMemory, SlotFileVault

TEMPLATE_TEST_CASE("a sealed document opens to what was sealed", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  REQUIRE(vault.create_keys(one));
  REQUIRE(vault.sync());
  for (const std::string& text : {std::string(), std::string("患者"), std::string(100'000, 'x')}) {
    const auto document = seal(vault, one, KeyClass::care, text);
    REQUIRE(document);
    CHECK(document->id == doc);
    CHECK(document->case_id == one);
    CHECK(document->key == KeyClass::care);
    CHECK(document->label == "text");
    CHECK(document->length == static_cast<std::int64_t>(text.size()));
    const auto plain = vault.open(*document);
    REQUIRE(plain);
    CHECK(text_of(*plain) == text);
  }
}

TEMPLATE_TEST_CASE("a document of which anything was changed is corrupt", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  REQUIRE(vault.create_keys(one));
  const auto document = *seal(vault, one, KeyClass::care, "blood type A");
  for (std::size_t at = 0; at < document.ciphertext.size(); ++at) {
    auto changed = document;
    changed.ciphertext[at] ^= 1;
    CHECK(vault.open(changed).error().code == Errc::Corrupt);
  }
  auto relabelled = document;
  relabelled.label = "report";
  CHECK(vault.open(relabelled).error().code == Errc::Corrupt);
  auto renamed = document;
  renamed.id = DocumentId{"doc_2"};
  CHECK(vault.open(renamed).error().code == Errc::Corrupt);
  auto recommitted = document;
  recommitted.commitment[0] ^= 1;
  CHECK(vault.open(recommitted).error().code == Errc::Corrupt);
  auto shortened = document;
  shortened.ciphertext.pop_back();
  CHECK(vault.open(shortened).error().code == Errc::Corrupt);
  auto empty = document;
  empty.ciphertext.clear();
  CHECK(vault.open(empty).error().code == Errc::Corrupt);
}

TEMPLATE_TEST_CASE("without keys nothing is sealed, opened or destroyed", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  CHECK(seal(vault, one, KeyClass::care, "x").error().code == Errc::NotFound);
  REQUIRE(vault.create_keys(one));
  auto document = *seal(vault, one, KeyClass::care, "x");
  document.case_id = other;
  CHECK(vault.open(document).error().code == Errc::NotFound);
  CHECK(vault.destroy(other, KeyClass::care).error().code == Errc::NotFound);
}

TEMPLATE_TEST_CASE("making the keys of a case twice is harmless", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  REQUIRE(vault.create_keys(one));
  const auto document = *seal(vault, one, KeyClass::evidence, "kept");
  REQUIRE(vault.create_keys(one));
  CHECK(text_of(*vault.open(document)) == "kept");
}

TEMPLATE_TEST_CASE("what a destroyed key sealed is gone, and only that", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  REQUIRE(vault.create_keys(one));
  REQUIRE(vault.create_keys(other));
  const auto care = *seal(vault, one, KeyClass::care, "care");
  const auto evidence = *seal(vault, one, KeyClass::evidence, "evidence");
  const auto elsewhere = *seal(vault, other, KeyClass::care, "elsewhere");
  REQUIRE(vault.destroy(one, KeyClass::care));
  CHECK(vault.open(care).error().code == Errc::Refused);
  CHECK(seal(vault, one, KeyClass::care, "again").error().code == Errc::Refused);
  CHECK(text_of(*vault.open(evidence)) == "evidence");
  CHECK(text_of(*vault.open(elsewhere)) == "elsewhere");
  CHECK(vault.destroy(one, KeyClass::care));
}

TEMPLATE_TEST_CASE("a case that is opened again gets a new key and not the old texts back", "[vault]", EVERY_VAULT) {
  TestType fixture;
  auto& vault = fixture.vault();
  REQUIRE(vault.create_keys(one));
  const auto first = seal_as(vault, "doc_first", KeyClass::care, "first visit");
  const auto evidence = seal_as(vault, "doc_evidence", KeyClass::evidence, "kept");
  REQUIRE(vault.destroy(one, KeyClass::care));
  REQUIRE(vault.create_keys(one));
  const auto second = seal_as(vault, "doc_second", KeyClass::care, "second visit");
  CHECK(text_of(*vault.open(second)) == "second visit");
  CHECK(text_of(*vault.open(evidence)) == "kept");
  CHECK(vault.open(first).error().code == Errc::Refused);

  // Destroying reaches every copy of a key.
  REQUIRE(vault.destroy(one, KeyClass::care));
  REQUIRE(vault.destroy(one, KeyClass::evidence));
  for (const auto& document : {first, evidence, second})
    CHECK(vault.open(document).error().code == Errc::Refused);
}

TEST_CASE("a commitment is over label, salt and data as the audit record has it", "[vault]") {
  // The salt of the memory vault is known, so its commitment can be worked out by hand.
  MemoryVault vault;
  REQUIRE(vault.create_keys(one));
  const auto document = *seal(vault, one, KeyClass::care, "data");
  const auto salt = sha256(doc.text());
  CHECK(document.commitment ==
        sha256(std::string("kintsugi/commit/v1\ntext\n") + std::string(text_of(salt)) + std::string("data")));
}

}  // namespace kintsugi::testing
