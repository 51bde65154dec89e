#include "adapters/vault/slot_file.h"

#include "engine/base/digest.h"
#include "engine/base/log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace kintsugi::vault {
namespace {

constexpr std::string_view header = "kintsugi/slots/v1\n";
constexpr std::string_view magic = "KSL1";
constexpr std::uint8_t destroyed = 0xff;
constexpr std::int64_t slots_read_at_once = 4096;

// Offsets in a slot.
constexpr std::size_t length_at = 4;
constexpr std::size_t generation_at = 8;
constexpr std::size_t case_at = 12;
constexpr std::size_t checksum_at = case_at + SlotFile::case_id_max;
constexpr std::size_t checksum_bytes = 8;
constexpr std::size_t wrapped_at = checksum_at + checksum_bytes;
static_assert(wrapped_at + 2 * SlotFile::wrapped_bytes <= SlotFile::slot_bytes);

using Block = std::array<std::uint8_t, SlotFile::slot_bytes>;
using BlockView = std::span<const std::uint8_t, SlotFile::slot_bytes>;

constexpr std::size_t place_of(KeyClass key) {
  return wrapped_at + static_cast<std::size_t>(key) * SlotFile::wrapped_bytes;
}

constexpr std::int64_t offset_of(std::int64_t index) {
  return (index + 1) * static_cast<std::int64_t>(SlotFile::slot_bytes);
}

std::string why() {
  return std::strerror(errno);
}

bool is_all(BytesView bytes, std::uint8_t value) {
  return std::ranges::all_of(bytes, [=](auto byte) { return byte == value; });
}

Block encode(const SlotFile::Slot& slot) {
  Block block{};
  const auto& id = slot.case_id.text();
  std::ranges::copy(magic, block.begin());
  block[length_at] = static_cast<std::uint8_t>(id.size());
  for (std::size_t byte = 0; byte < 4; ++byte)
    block[generation_at + byte] = static_cast<std::uint8_t>(slot.generation >> (8 * byte));
  std::ranges::copy(id, block.begin() + case_at);
  const auto checksum = sha256(BytesView(block).first(checksum_at));
  std::copy_n(checksum.begin(), checksum_bytes, block.begin() + checksum_at);
  for (const auto key : {KeyClass::care, KeyClass::evidence})
    std::ranges::copy(slot.wrapped[static_cast<std::size_t>(key)], block.begin() + place_of(key));
  return block;
}

Result<SlotFile::Slot> decode(BlockView block, std::int64_t index) {
  const auto checksum = sha256(block.first(checksum_at));
  const std::size_t length = block[length_at];
  if (text_of(block.first(magic.size())) != magic || length > SlotFile::case_id_max ||
      !std::equal(checksum.begin(), checksum.begin() + checksum_bytes, block.begin() + checksum_at))
    return fail(Errc::Corrupt, "slot " + std::to_string(index) + " does not hold");
  SlotFile::Slot slot;
  slot.case_id = CaseId{std::string(text_of(block.subspan(case_at, length)))};
  slot.generation = 0;
  for (std::size_t byte = 0; byte < 4; ++byte)
    slot.generation |= std::uint32_t{block[generation_at + byte]} << (8 * byte);
  for (const auto key : {KeyClass::care, KeyClass::evidence}) {
    const auto place = block.subspan(place_of(key), SlotFile::wrapped_bytes);
    if (is_all(place, 0)) return fail(Errc::Corrupt, "slot " + std::to_string(index) + " holds no key");
    std::ranges::copy(place, slot.wrapped[static_cast<std::size_t>(key)].begin());
  }
  return slot;
}

}  // namespace

bool SlotFile::Slot::is_destroyed(KeyClass key) const {
  return is_all(wrapped[static_cast<std::size_t>(key)], destroyed);
}

Result<SlotFile> SlotFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(Errc::Refused, "cannot open " + path + ": " + why());
  SlotFile file(descriptor, 0);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return fail(Errc::Transient, "cannot look at " + path + ": " + why());

  Block first{};
  if (info.st_size < static_cast<off_t>(slot_bytes)) {  // new, or torn before anything was in it
    std::ranges::copy(header, first.begin());
    if (auto written = file.write(0, first); !written) return pass(written);
    if (auto synced = file.sync(); !synced) return pass(synced);
    return file;
  }
  if (::pread(descriptor, first.data(), first.size(), 0) != static_cast<ssize_t>(first.size()) ||
      !std::equal(header.begin(), header.end(), first.begin()))
    return fail(Errc::Corrupt, path + " is no slot file");
  // A last slot that is not even whole is overwritten by the next one.
  file.count_ = info.st_size / static_cast<off_t>(slot_bytes) - 1;
  return file;
}

SlotFile::SlotFile(SlotFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), count_(other.count_), dirty_(other.dirty_) {}

SlotFile::~SlotFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> SlotFile::for_each(const std::function<void(std::int64_t index, const Slot&)>& visit) const {
  Bytes blocks;
  for (std::int64_t index = 0; index < count_;) {
    const auto some = std::min(slots_read_at_once, count_ - index);
    blocks.resize(static_cast<std::size_t>(some) * slot_bytes);
    if (::pread(descriptor_, blocks.data(), blocks.size(), offset_of(index)) != static_cast<ssize_t>(blocks.size()))
      return fail(Errc::Transient, "cannot read the slot file: " + why());
    for (BytesView rest = blocks; !rest.empty(); rest = rest.subspan(slot_bytes), ++index) {
      const auto slot = decode(rest.first<slot_bytes>(), index);
      if (slot)
        visit(index, *slot);
      else
        log::store().warn("{}: passed over", slot.error().what);
    }
  }
  return {};
}

Result<SlotFile::Slot> SlotFile::at(std::int64_t index) const {
  Block block{};
  if (::pread(descriptor_, block.data(), block.size(), offset_of(index)) != static_cast<ssize_t>(block.size()))
    return fail(Errc::Transient, "cannot read the slot file: " + why());
  return decode(block, index);
}

Result<std::int64_t> SlotFile::add(const Slot& slot) {
  if (slot.case_id.text().size() > case_id_max) return fail(Errc::Invalid, "a case id is too long for a slot");
  if (auto written = write(offset_of(count_), encode(slot)); !written) return pass(written);
  return count_++;
}

Result<> SlotFile::destroy(std::int64_t index, KeyClass key) {
  Wrapped nothing;
  nothing.fill(destroyed);
  if (auto written = write(offset_of(index) + static_cast<std::int64_t>(place_of(key)), nothing); !written)
    return written;
  return sync();
}

Result<> SlotFile::write(std::int64_t offset, BytesView bytes) {
  if (::pwrite(descriptor_, bytes.data(), bytes.size(), offset) != static_cast<ssize_t>(bytes.size()))
    return fail(Errc::Transient, "cannot write a slot: " + why());
  dirty_ = true;
  return {};
}

Result<> SlotFile::sync() {
  if (!dirty_) return {};
  if (::fdatasync(descriptor_) != 0) return fail(Errc::Transient, "cannot sync the slot file: " + why());
  dirty_ = false;
  return {};
}

}  // namespace kintsugi::vault
