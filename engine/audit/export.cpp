#include "engine/audit/export.h"

#include "engine/audit/record.h"
#include "engine/audit/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

namespace kintsugi::audit {
namespace {

namespace fs = std::filesystem;

// 256 records of 65,535 bytes and their lengths; no file of an export is larger.
constexpr std::uintmax_t file_bytes_max = 256 * 65537;

Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(Errc::NotFound, path.string() + ": " + error.message());
  if (size > file_bytes_max) return fail(Errc::Invalid, path.string() + ": too large for a file of an audit log");
  std::ifstream in(path, std::ios::binary);
  std::string out(size, '\0');
  if (!in.read(out.data(), static_cast<std::streamsize>(size)))
    return fail(Errc::Transient, path.string() + ": cannot be read");
  return out;
}

Result<> write_file(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return fail(Errc::Transient, path.string() + ": cannot be written");
  return {};
}

// The bundles of a directory, as a log of exactly the size that its checkpoint states.
class ExportedLog final : public LogSource {
 public:
  ExportedLog(fs::path directory, std::string note, Checkpoint checkpoint)
      : directory_(std::move(directory)), note_(std::move(note)), checkpoint_(std::move(checkpoint)) {}

  std::string origin() const override { return checkpoint_.origin; }
  Result<std::string> checkpoint() override { return note_; }
  Result<std::int64_t> size() override { return checkpoint_.size; }

  Result<> read(std::int64_t first, std::int64_t count, const Visit& visit) override {
    const std::int64_t end = std::min(checkpoint_.size, first + count);
    for (std::int64_t n = first / tile_width; n * tile_width < end; ++n) {
      const int width = tile_width_at(checkpoint_.size, 0, n);
      const std::string path = bundle_path(n, width);
      const auto bundle = read_file(directory_ / path);
      if (!bundle) return pass(bundle);
      const auto bodies = read_bundle(*bundle, width);
      if (!bodies) return fail(bodies.error().code, path + ": " + bodies.error().what);
      for (std::int64_t i = std::max(first, n * tile_width); i < std::min(end, (n + 1) * tile_width); ++i)
        if (!visit(i, Entry{(*bodies)[static_cast<std::size_t>(i % tile_width)]})) return {};
    }
    return {};
  }

 private:
  fs::path directory_;
  std::string note_;
  Checkpoint checkpoint_;
};

using TileWriter = std::function<Result<>(const std::string& path, std::string_view bytes)>;

// Every tile of the first `size` records, full ones as they fill, then the tails. Also the root.
Result<Digest> make_tiles(LogSource& source, std::int64_t size, const TileWriter& write) {
  TileTree tree;
  Result<> written;
  const auto read = source.read(0, size, [&](std::int64_t, const LogSource::Entry& entry) {
    for (const Tile& tile : tree.append(leaf_hash(entry.body)))
      if (written) written = write(tile_path(tile.level, tile.index), text_of(tile.hashes));
    return written.has_value();
  });
  if (!read) return pass(read);
  if (!written) return pass(written);
  if (tree.size() != size)
    return fail(Errc::Corrupt, fmt::format("the checkpoint signs {} records, only {} are here", size, tree.size()));
  for (int level = 0; size >> (8 * level) > 0; ++level) {
    const std::int64_t index = (size >> (8 * level)) / tile_width;
    const Bytes tail = tree.tail(level, index);
    if (tail.empty()) continue;
    const int width = tile_width_at(size, level, index);
    if (auto done = write(tile_path(level, index, width), text_of(tail)); !done) return pass(done);
  }
  return tree.root();
}

Result<> write_bundles(LogSource& source, std::int64_t size, const fs::path& directory) {
  std::string bundle;
  Result<> written;
  const auto read = source.read(0, size, [&](std::int64_t index, const LogSource::Entry& entry) {
    append_to_bundle(bundle, entry.body);
    const std::int64_t n = index / tile_width;
    if (index + 1 == size || (index + 1) % tile_width == 0) {
      written = write_file(directory / bundle_path(n, tile_width_at(size, 0, n)), bundle);
      bundle.clear();
    }
    return written.has_value();
  });
  return read ? written : pass(read);
}

// Adds to a report what is wrong with a directory beside its records.
class DirectoryCheck {
 public:
  DirectoryCheck(const fs::path& directory, Report& report) : directory_(directory), report_(report) {}

  void run(LogSource& source, const VerifyOptions& options, std::int64_t size) {
    expect("checkpoint");
    const auto vkey = expect("vkey");
    if (vkey && *vkey != format_vkey(options.trust.log) + '\n') defect("vkey: not the key that was demanded");
    for (std::int64_t n = 0; n * tile_width < size; ++n)
      known_.insert(bundle_path(n, tile_width_at(size, 0, n)));
    const auto made = make_tiles(source, size, [&](const std::string& path, std::string_view bytes) {
      if (const auto found = expect(path)) compare(path, *found, bytes);
      if (path.starts_with("tile/0/")) ++leaf_tiles_;  // they come in order
      return Result<>{};
    });
    // A log that cannot be read to its end has been reported; its files then cannot be told apart.
    if (made) strangers();
  }

 private:
  std::optional<std::string> expect(const std::string& path) {
    known_.insert(path);
    auto bytes = read_file(directory_ / path);
    if (bytes) return std::move(*bytes);
    defect(bytes.error().what);
    return std::nullopt;
  }

  // A tile against what the records give; at level 0 a hash that differs names its record.
  void compare(const std::string& path, std::string_view found, std::string_view made) {
    if (found == made) return;
    const auto at = std::ranges::mismatch(found, made).in1 - found.begin();
    const bool leaves = path.starts_with("tile/0/") && found.size() == made.size();
    const std::int64_t record = leaf_tiles_ * tile_width + at / static_cast<std::ptrdiff_t>(sizeof(Digest));
    defect(path + ": not the hashes of the records", leaves ? record : -1);
  }

  void strangers() {
    std::error_code error;
    for (fs::recursive_directory_iterator at(directory_, error), end; !error && at != end; at.increment(error)) {
      if (at->is_directory(error) && !at->is_symlink(error)) continue;
      const std::string path = at->path().lexically_relative(directory_).generic_string();
      if (!known_.contains(path)) defect(path + ": does not belong to the log");
    }
    if (error) defect("the directory cannot be listed: " + error.message());
  }

  void defect(std::string what, std::int64_t index = -1) {
    ++report_.defect_count;
    if (report_.defects.size() < defects_listed_max)
      report_.defects.push_back({report_.origin, index, {}, std::move(what)});
  }

  const fs::path& directory_;
  Report& report_;
  std::set<std::string> known_;
  std::int64_t leaf_tiles_ = 0;
};

}  // namespace

Result<Checkpoint> write_export(LogSource& source, const VerifierKey& key, const fs::path& directory) {
  const auto note = source.checkpoint();
  if (!note) return pass(note);
  const auto opened = open_checkpoint(*note, Trust{key, {}, 0});
  if (!opened) return pass(opened);
  const Checkpoint& head = opened->checkpoint;

  std::error_code error;
  fs::create_directories(directory, error);
  if (error || !fs::is_empty(directory, error) || error)
    return fail(Errc::Refused, directory.string() + ": an export goes into a new or empty directory");

  if (auto done = write_bundles(source, head.size, directory); !done) return pass(done);
  const auto root = make_tiles(source, head.size, [&](const std::string& path, std::string_view bytes) {
    return write_file(directory / path, bytes);
  });
  if (!root) return pass(root);
  if (*root != head.root)
    return fail(Errc::Refused, "the records do not give the root that the checkpoint signed; run `audit verify`");
  if (auto done = write_file(directory / "vkey", format_vkey(key) + '\n'); !done) return pass(done);
  // Last: a directory with a checkpoint is a whole one.
  if (auto done = write_file(directory / "checkpoint", *note); !done) return pass(done);
  return head;
}

Result<std::unique_ptr<LogSource>> open_export(const fs::path& directory) {
  auto note = read_file(directory / "checkpoint");
  if (!note) return pass(note);
  const auto parsed = parse_note(*note);
  if (!parsed) return pass(parsed);
  auto checkpoint = parse_checkpoint(parsed->text);
  if (!checkpoint) return pass(checkpoint);
  return std::make_unique<ExportedLog>(directory, std::move(*note), std::move(*checkpoint));
}

Report verify_export(const fs::path& directory, const VerifyOptions& options) {
  const auto source = open_export(directory);
  if (!source) {
    Report report;
    report.origin = options.trust.log.name;
    report.defect_count = 1;
    report.defects.push_back({report.origin, -1, {}, "checkpoint: " + source.error().what});
    return report;
  }
  Report report = verify_log(**source, options);
  // Without a checkpoint that holds nobody knows how many files there must be.
  if (report.signed_size > 0 || report.sound()) {
    DirectoryCheck(directory, report).run(**source, options, report.signed_size);
  }
  return report;
}

Result<TlogProof> prove(LogSource& source, std::int64_t index) {
  auto note = source.checkpoint();
  if (!note) return pass(note);
  const auto parsed = parse_note(*note);
  if (!parsed) return pass(parsed);
  const auto head = parse_checkpoint(parsed->text);
  if (!head) return pass(head);
  if (index < 0 || index >= head->size)
    return fail(Errc::NotFound, fmt::format("the checkpoint signs records 0 to {}", head->size - 1));

  std::vector<Digest> leaves;
  const auto read = source.read(0, head->size, [&](std::int64_t, const LogSource::Entry& entry) {
    leaves.push_back(leaf_hash(entry.body));
    return true;
  });
  if (!read) return pass(read);
  if (std::ssize(leaves) != head->size)
    return fail(Errc::Corrupt,
                fmt::format("the checkpoint signs {} records, only {} are here", head->size, leaves.size()));
  // The subtrees that a proof names do not overlap: all of them together cost one pass.
  const auto hashes = [&](int level, std::int64_t n) -> Result<Digest> {
    Frontier range;
    for (std::int64_t i = n << level; i < (n + 1) << level; ++i)
      range.append(leaves[static_cast<std::size_t>(i)]);
    return range.root();
  };
  auto proof = inclusion_proof(index, head->size, hashes);
  if (!proof) return pass(proof);
  const Digest& leaf = leaves[static_cast<std::size_t>(index)];
  if (!verify_inclusion(index, head->size, leaf, head->root, *proof))
    return fail(Errc::Corrupt, "the records do not give the root that the checkpoint signed; run `audit verify`");
  return TlogProof{index, std::nullopt, std::move(*proof), std::move(*note)};
}

}  // namespace kintsugi::audit
