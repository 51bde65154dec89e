#include "adapters/vault/rotation.h"

#include "adapters/vault/kek_file.h"
#include "adapters/vault/sealing.h"
#include "engine/base/ensure.h"

#include <algorithm>
#include <filesystem>

namespace kintsugi::vault {
namespace {

namespace fs = std::filesystem;

Vault::Paths next_of(const Vault::Paths& paths) {
  return {paths.slots + ".new", paths.kek + ".new"};
}

Result<> rename(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return fail(Errc::Transient, "cannot rename " + from + ": " + error.message());
  return sync_directory_of(to);
}

Result<> remove(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) return fail(Errc::Transient, "cannot remove " + path + ": " + error.message());
  return sync_directory_of(path);
}

Result<> retire_old_kek(const Vault::Paths& paths) {
  if (auto gone = overwrite_kek(paths.kek); !gone) return gone;
  return rename(next_of(paths).kek, paths.kek);
}

class Rewrapping {
 public:
  Rewrapping(const Secret& old_kek, const Secret& new_kek, std::uint32_t generation, Entropy& entropy)
      : old_(old_kek), new_(new_kek), generation_(generation), entropy_(entropy) {}

  SlotFile::Slot again(const SlotFile::Slot& slot) {
    SlotFile::Slot out = slot;
    out.generation = generation_;
    for (const auto key : {KeyClass::care, KeyClass::evidence}) {
      if (slot.is_destroyed(key)) continue;
      auto& place = out.wrapped[static_cast<std::size_t>(key)];
      auto secret = decrypt(old_, about_key(slot.case_id, key, slot.generation), place);
      ++(secret ? keys : unopened);
      if (!secret) continue;
      Nonce nonce{};
      entropy_.fill(nonce);
      std::ranges::copy(encrypt(new_, nonce, about_key(slot.case_id, key, generation_), *secret), place.begin());
      sodium_memzero(secret->data(), secret->size());
    }
    return out;
  }

  std::int64_t keys = 0;
  std::int64_t unopened = 0;

 private:
  const Secret& old_;
  const Secret& new_;
  const std::uint32_t generation_;
  Entropy& entropy_;
};

}  // namespace

Result<> settle_rotation(const Vault::Paths& paths) {
  const auto next = next_of(paths);
  std::error_code error;
  const bool has_slots = fs::exists(next.slots, error);
  const bool has_kek = fs::exists(next.kek, error);
  if (!has_slots) return has_kek ? retire_old_kek(paths) : Result<>{};
  // In this order: a kek.new that was left alone would pass for the key of the slots that lie there.
  if (has_kek)
    if (auto gone = remove(next.kek); !gone) return gone;
  return remove(next.slots);
}

Result<Rotated> rotate(const Vault::Paths& paths, Entropy& entropy) {
  ensure(sodium_init() >= 0, "libsodium starts");
  if (auto settled = settle_rotation(paths); !settled) return pass(settled);
  std::error_code error;
  if (!fs::exists(paths.slots, error)) return fail(Errc::Refused, "there are no keys at " + paths.slots);
  const auto next = next_of(paths);
  const auto old_kek = read_kek(paths.kek);
  if (!old_kek) return pass(old_kek);
  const auto slots = SlotFile::open(paths.slots);
  if (!slots) return pass(slots);
  auto new_slots = SlotFile::open(next.slots);
  if (!new_slots) return pass(new_slots);

  Rotated out{.retired = 1};
  auto read = slots->for_each(
      [&](std::int64_t, const SlotFile::Slot& slot) { out.retired = std::max(out.retired, slot.generation); });
  if (!read) return pass(read);
  Secret new_kek;
  entropy.fill(new_kek.span());
  Rewrapping wrapping(*old_kek, new_kek, out.retired + 1, entropy);
  Result<> written;
  read = slots->for_each([&](std::int64_t, const SlotFile::Slot& slot) {
    if (!written) return;
    if (auto added = new_slots->add(wrapping.again(slot)); !added) written = pass(added);
  });
  if (read) read = written;
  if (read) read = new_slots->sync();
  if (!read) return pass(read);
  out.keys = wrapping.keys;
  out.unopened = wrapping.unopened;
  if (out.keys == 0 && out.unopened > 0)
    return fail(Errc::Corrupt, paths.kek + " opens none of the keys: it is not the one they were wrapped with");

  if (auto lasts = sync_directory_of(next.slots); !lasts) return pass(lasts);
  if (auto made = write_kek(next.kek, new_kek); !made) return pass(made);
  if (auto lasts = sync_directory_of(next.kek); !lasts) return pass(lasts);
  if (auto done = rename(next.slots, paths.slots); !done) return pass(done);
  if (auto done = retire_old_kek(paths); !done) return pass(done);
  return out;
}

}  // namespace kintsugi::vault
