#pragma once

#include "engine/ports/signer.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace kintsugi {

// Signs in this process with an Ed25519 key kept in a directory of its own:
//
//   seed           32 bytes, mode 0600, made when missing; every origin's key is this one under another name
//   heads/<hash>   what was signed last for one origin, as checkpoint text
//   lock           held while a signer is open, so that two engines cannot share one memory
//
// The head is durable (write, fsync, rename, fsync of the directory) before the signature leaves sign(). The
// directory belongs neither into the database nor into its backups: that is what makes a restored old database
// stop here. Losing `heads` but not `seed` loses that protection; losing `seed` needs a new log (`origin/2`).
//
// Any thread.
class Ed25519Signer final : public Signer {
 public:
  // Transient when another signer has the directory, Corrupt when a file in it makes no sense.
  static Result<std::unique_ptr<Ed25519Signer>> open(const std::filesystem::path& directory);
  ~Ed25519Signer() override;

  Result<std::string> sign(const Head& head, const std::vector<Digest>& proof) override;
  Result<Head> last(const std::string& origin) override;
  std::string verifier_key(const std::string& origin) const override;

 private:
  struct Key;
  Ed25519Signer(std::filesystem::path directory, std::unique_ptr<Key> key, int lock);

  const std::filesystem::path directory_;
  const std::unique_ptr<Key> key_;
  const int lock_;
  std::mutex mutex_;  // one compare and swap of a head at a time
};

}  // namespace kintsugi
