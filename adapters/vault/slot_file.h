#pragma once

#include "adapters/vault/secret.h"
#include "engine/domain/document.h"

#include <array>
#include <functional>
#include <string>

namespace kintsugi::vault {

// A file of fixed-size slots, one for each case, with the wrapped keys of the case. A slot is never moved or used
// again, so destroying a key overwrites the very bytes that held it.
//
// A slot is 256 bytes: magic (4), length of the case id (2), zeros (2), generation of the wrapping key (4, all
// little-endian), case id (64), checksum over those (8), then for each class nonce (24) and wrapped key (48), zeros.
// The file starts with a header of a slot's length. All 0xff in a key's place says that it was destroyed; all zero,
// or a wrong checksum, that a crash tore the slot before sync() returned: nothing was sealed under it, and it is
// passed over. The checksum leaves out the keys, whose cipher authenticates them, so that destroying one cannot
// harm the other. Not thread-safe.
class SlotFile {
 public:
  static constexpr std::size_t slot_bytes = 256;
  static constexpr std::size_t case_id_max = 64;  // bytes
  static constexpr std::size_t wrapped_bytes = 24 + 48;
  using Wrapped = std::array<std::uint8_t, wrapped_bytes>;

  struct Slot {
    CaseId case_id;
    std::uint32_t generation = 1;    // of the key that wraps
    std::array<Wrapped, 2> wrapped;  // by key class
    bool is_destroyed(KeyClass key) const;
  };

  static Result<SlotFile> open(const std::string& path);
  SlotFile(SlotFile&& other) noexcept;
  SlotFile& operator=(SlotFile&&) = delete;
  ~SlotFile();

  // Every slot that holds, in order.
  Result<> for_each(const std::function<void(std::int64_t index, const Slot&)>& visit) const;
  Result<Slot> at(std::int64_t index) const;
  // Writes a slot at the end; it lasts after sync().
  Result<std::int64_t> add(const Slot& slot);
  // Overwrites one key of a slot, and syncs.
  Result<> destroy(std::int64_t index, KeyClass key);
  Result<> sync();

 private:
  explicit SlotFile(int descriptor, std::int64_t count) : descriptor_(descriptor), count_(count) {}
  Result<> write(std::int64_t offset, BytesView bytes);

  int descriptor_;
  std::int64_t count_;  // slots in the file, torn ones included
  bool dirty_ = false;
};

}  // namespace kintsugi::vault
