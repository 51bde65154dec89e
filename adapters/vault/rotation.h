#pragma once

#include "adapters/vault/vault.h"

#include <cstdint>

// A new wrapping key in place of the old one. What was copied before, wherever it lies, opens nothing any more: this
// is how the remnants of a destroyed key die in backups, snapshots and spare blocks of a disk.
//
// Every living key is wrapped again into a second slot file. Its renaming over the first is the moment that counts:
// before it the old pair of files is whole, after it the new one, and a crash between is settled by the next
// Vault::open() from the names that lie there:
//
//   slots.new there            nothing has happened yet: it and kek.new are thrown away
//   kek.new there, slots.new   slots are the new ones: the old kek is overwritten and kek.new takes its place
//   not
//
// Nobody else may have the vault open; the caller holds the lock of the directory.
namespace kintsugi::vault {

struct Rotated {
  std::uint32_t retired = 0;  // generation of the wrapping key that is gone
  std::int64_t keys = 0;      // wrapped again
  std::int64_t unopened = 0;  // that the old key did not open either (torn by a crash, or damaged): left as they were
};

// Refused when there is no vault; Corrupt when the kek opens none of the keys, because then it is not theirs.
Result<Rotated> rotate(const Vault::Paths& paths, Entropy& entropy);

// What a rotation that was interrupted left behind is finished or undone.
Result<> settle_rotation(const Vault::Paths& paths);

}  // namespace kintsugi::vault
