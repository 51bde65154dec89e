#include "adapters/signer/ed25519_signer.h"

#include "engine/audit/checkpoint.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace kintsugi {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 4096;

// An open file; closed when it goes.
class File {
 public:
  File(const fs::path& path, int flags, mode_t mode = 0600) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const fs::path& path) {
  return fail(Errc::Transient, fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

Result<std::string> read_small(const fs::path& path) {
  const File file(path, O_RDONLY | O_NOFOLLOW);
  if (!file) {
    if (errno == ENOENT) return fail(Errc::NotFound, path.string());
    return system_failure(path);
  }
  std::string out(file_bytes_max, '\0');
  const auto count = ::read(file.fd(), out.data(), out.size());
  if (count < 0) return system_failure(path);
  out.resize(static_cast<std::size_t>(count));
  return out;
}

// All or nothing, and durable when it returns: the old content stands until the new one has reached the disk.
Result<> replace(const fs::path& path, BytesView bytes) {
  const fs::path temporary = path.string() + ".new";
  {
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    if (!file) return system_failure(temporary);
    const auto count = ::write(file.fd(), bytes.data(), bytes.size());
    if (count != static_cast<ssize_t>(bytes.size()) || ::fsync(file.fd()) != 0) return system_failure(temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_failure(path);
  const File directory(path.parent_path(), O_RDONLY | O_DIRECTORY);
  if (!directory || ::fsync(directory.fd()) != 0) return system_failure(path.parent_path());
  return {};
}

Result<> make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return system_failure(path);
}

// A name of fixed form for any origin.
fs::path head_path(const fs::path& directory, const std::string& origin) {
  return directory / "heads" / to_hex(sha256(origin));
}

}  // namespace

struct Ed25519Signer::Key {
  std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  Digest open{};  // the public half

  ~Key() {
    sodium_memzero(seed.data(), seed.size());
    sodium_memzero(secret.data(), secret.size());
  }

  audit::VerifierKey named(const std::string& origin) const { return {origin, audit::KeyType::ed25519, open}; }
};

Ed25519Signer::Ed25519Signer(fs::path directory, std::unique_ptr<Key> key, int lock)
    : directory_(std::move(directory)), key_(std::move(key)), lock_(lock) {}

Ed25519Signer::~Ed25519Signer() {
  ::close(lock_);
}

Result<std::unique_ptr<Ed25519Signer>> Ed25519Signer::open(const fs::path& directory) {
  ensure(sodium_init() >= 0, "libsodium starts");
  if (auto made = make_directory(directory); !made) return pass(made);
  if (auto made = make_directory(directory / "heads"); !made) return pass(made);
  File lock(directory / "lock", O_RDWR | O_CREAT);
  if (!lock) return system_failure(directory / "lock");
  if (::flock(lock.fd(), LOCK_EX | LOCK_NB) != 0)
    return fail(Errc::Transient,
                fmt::format("{}: another signer is running on this directory; stop it first", directory.string()));

  auto key = std::make_unique<Key>();
  const fs::path seed_path = directory / "seed";
  auto seed = read_small(seed_path);
  if (seed) {
    if (seed->size() != key->seed.size())
      return fail(Errc::Corrupt, fmt::format("{}: not a seed of 32 bytes", seed_path.string()));
    std::memcpy(key->seed.data(), seed->data(), key->seed.size());
    sodium_memzero(seed->data(), seed->size());
  } else if (seed.error().code == Errc::NotFound) {
    // Heads without their seed: a new key would silently continue logs that other keys have signed.
    std::error_code error;
    if (!fs::is_empty(directory / "heads", error) || error)
      return fail(Errc::Corrupt,
                  fmt::format("{} is missing although logs have been signed; bring it back from its own "
                              "safe copy, or close the logs and open new ones (origin/2)",
                              seed_path.string()));
    randombytes_buf(key->seed.data(), key->seed.size());
    if (auto kept = replace(seed_path, key->seed); !kept) return pass(kept);
  } else {
    return pass(seed);
  }
  crypto_sign_seed_keypair(key->open.data(), key->secret.data(), key->seed.data());
  return std::unique_ptr<Ed25519Signer>(new Ed25519Signer(directory, std::move(key), lock.release()));
}

Result<Signer::Head> Ed25519Signer::last(const std::string& origin) {
  const fs::path path = head_path(directory_, origin);
  const auto text = read_small(path);
  if (!text && text.error().code == Errc::NotFound) return Head{origin, 0, audit::empty_root()};
  if (!text) return pass(text);
  const auto kept = audit::parse_checkpoint(*text);
  if (!kept || kept->origin != origin)
    return fail(Errc::Corrupt, fmt::format("{}: not the head of {}; nothing is signed until it is brought back from "
                                           "the newest checkpoint that the hospital holds",
                                           path.string(), origin));
  return Head{kept->origin, kept->size, kept->root};
}

Result<std::string> Ed25519Signer::sign(const Head& head, const std::vector<Digest>& proof) {
  const std::scoped_lock lock(mutex_);
  const auto before = last(head.origin);
  if (!before) return pass(before);
  if (head.size < before->size)
    return fail(
        Errc::Refused,
        fmt::format("{}: asked to sign {} records, but {} were signed before. The database is older than its "
                    "signatures, perhaps a restored backup. Bring the missing records back from the hospital's "
                    "mirror; if they are lost, close this log and open {}/2. Never delete the signer's memory.",
                    head.origin, head.size, before->size, head.origin));
  if (!audit::verify_consistency(before->size, head.size, before->root, head.root, proof))
    return fail(
        Errc::Refused,
        fmt::format("{}: the {} records do not begin with the {} that were signed before. History was changed, "
                    "or another engine wrote on a copy of the database. Stop all engines but one, run `audit "
                    "verify` on each copy, and keep the one that verifies.",
                    head.origin, head.size, before->size));

  const std::string text = audit::format_checkpoint({head.origin, head.size, head.root});
  audit::Note note{text, {}};
  const audit::VerifierKey key = key_->named(head.origin);
  Bytes signature(crypto_sign_BYTES);
  crypto_sign_detached(signature.data(), nullptr, bytes_of(text).data(), text.size(), key_->secret.data());
  note.signatures.push_back({key.name, key.id(), std::move(signature)});
  std::string out = audit::format_note(note);

  // What nobody could verify must not be remembered as signed.
  if (auto good = audit::open_checkpoint(out, audit::Trust{key, {}, 0}); !good)
    return fail(Errc::Invalid, fmt::format("'{}' cannot be the origin of a log: {}", head.origin, good.error().what));
  // The same head again (a new signature for freshness) changes nothing that would have to be kept.
  if (head.size != before->size || head.size == 0)
    if (auto kept = replace(head_path(directory_, head.origin), bytes_of(text)); !kept) return pass(kept);
  return out;
}

std::string Ed25519Signer::verifier_key(const std::string& origin) const {
  return audit::format_vkey(key_->named(origin));
}

}  // namespace kintsugi
