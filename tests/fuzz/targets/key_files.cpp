#include "adapters/signer/ed25519_signer.h"
#include "adapters/vault/kek_file.h"
#include "adapters/vault/slot_file.h"
#include "adapters/vault/vault.h"
#include "adapters/webhook/keys.h"
#include "engine/audit/tree.h"
#include "engine/base/digest.h"
#include "tests/fuzz/bytes_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <fstream>
#include <memory>

// Files of keys that somebody has changed: the wrapping key, the vault's slots, the signer's head and a webhook's
// keys. The first line says which (`kek`, `slots`, `head`, `webhook`); the rest is the file.
namespace kintsugi::fuzz {
namespace {

void look_at_kek(std::string_view bytes) {
  static BytesFile file;
  must(file.hold(bytes), "a file in memory holds what it is told");
  must(vault::read_kek(file.path()).has_value() == (bytes.size() == sizeof(Digest)), "a wrapping key has 32 bytes");
}

void look_at_slots(std::string_view bytes) {
  static BytesFile slots;
  static BytesFile kek;
  static SeededEntropy entropy{7};
  must(slots.hold(bytes) && kek.hold(std::string(sizeof(Digest), 'k')), "a file in memory holds what it is told");
  const auto file = vault::SlotFile::open(slots.path());
  if (!file) return;
  constexpr std::int64_t most = 1'000'000;
  std::int64_t seen = 0;
  const auto read = file->for_each([&](std::int64_t, const vault::SlotFile::Slot& slot) {
    ++seen;
    must(slot.case_id.text().size() <= vault::SlotFile::case_id_max, "a case id fits into its slot");
  });
  must(read && seen <= most, "a file in memory is read to its end");
  const auto opened = vault::Vault::open({slots.path(), kek.path()}, entropy);
  if (!opened) return;
  Document document;
  document.id = DocumentId{"doc_1"};
  document.case_id = CaseId{"case_1"};
  document.ciphertext.assign(bytes.begin(), bytes.end());
  must(!(*opened)->open(document), "nothing opens that this vault has not sealed");
}

// A directory as a signer leaves it, with a seed of its own.
struct SignersPlace {
  testing::TemporaryDirectory directory;
  static constexpr const char* origin = "log.example";
  std::filesystem::path head = std::filesystem::path(directory.path("heads")) / to_hex(sha256(origin));
  std::unique_ptr<Ed25519Signer> signer = std::move(*Ed25519Signer::open(directory.path()));
};

void look_at_head(std::string_view bytes) {
  static SignersPlace place;
  std::ofstream(place.head, std::ios::binary | std::ios::trunc).write(bytes.data(), std::ssize(bytes));
  const auto head = place.signer->last(SignersPlace::origin);
  if (!head) return must(head.error().code == Errc::Corrupt, "a head that makes no sense is said to be corrupt");
  must(head->origin == SignersPlace::origin && head->size >= 0, "a head is of its log");
  const auto signed_back = place.signer->sign({SignersPlace::origin, head->size - 1, audit::empty_root()}, {});
  must(!signed_back, "the signer never goes back");
}

void look_at_webhook(std::string_view bytes) {
  static testing::TemporaryDirectory directory;
  static SeededEntropy entropy{7};
  static const auto keys = std::move(*webhook::Keys::open(directory.path(), entropy));
  static const WebhookId id{"webhook_01ARYZ6S41TSV4RRFFQ69G5FAV"};
  static const auto path = [] {
    must(keys->renew(id, Instant{}, 0s).has_value(), "a webhook gets its key");
    return std::filesystem::directory_iterator(directory.path())->path();
  }();
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), std::ssize(bytes));
  const auto read = keys->of(id, *instant_from("2026-03-04T00:00:00Z"));
  must(read || read.error().code == Errc::Corrupt || read.error().code == Errc::NotFound,
       "a key file is one or is none");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view which = fuzz::take_line(rest);
  if (which == "kek") fuzz::look_at_kek(rest);
  if (which == "slots") fuzz::look_at_slots(rest);
  if (which == "head") fuzz::look_at_head(rest);
  if (which == "webhook") fuzz::look_at_webhook(rest);
  return 0;
}
