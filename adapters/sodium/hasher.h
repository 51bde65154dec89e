#pragma once

#include "engine/accounts/accounts.h"
#include "engine/base/entropy.h"

#include <array>
#include <filesystem>
#include <memory>
#include <semaphore>

// Passwords, codes and small secrets, by libsodium and liboath.
namespace kintsugi::sodium {

// What one argon2id hash may cost. libsodium's "interactive": about 50 ms and 64 MiB.
struct Cost {
  unsigned long long passes = 2;
  std::size_t memory_bytes = std::size_t{64} << 20;
};
inline constexpr int hashes_at_once_max = 4;            // so that sign-ins cannot take the machine's memory
inline constexpr std::size_t password_bytes_max = 256;  // longer is no password
inline constexpr int code_digits = 6;
inline constexpr std::chrono::seconds code_step{30};  // RFC 6238
inline constexpr int code_steps_off_max = 1;          // a code of the step before or after is good too

// The key file is made when it is missing (32 bytes, mode 0600). It belongs into no database and no backup of one:
// without it the sealed TOTP secrets are noise. Any thread.
class Hasher final : public Accounts::Hasher {
 public:
  // Corrupt when the file has another length; Transient when it cannot be read or made.
  static Result<std::unique_ptr<Hasher>> open(const std::filesystem::path& key_file, Cost cost = {});

  std::string hash(std::string_view password) override;
  bool verify(const std::string& stored, std::string_view password) override;
  // `secret` is the raw shared secret. `counter` is the last step that was used; on success it becomes the step of
  // this code, so no code is good twice.
  bool code_matches(const std::string& secret, std::string_view code, Instant at, std::int64_t& counter) override;
  // XSalsa20-Poly1305: nonce, then ciphertext.
  Bytes seal(BytesView secret) override;
  Result<Bytes> open(BytesView sealed) override;

 private:
  using Key = std::array<std::uint8_t, 32>;
  Hasher(const Key& key, Cost cost) : key_(key), cost_(cost) {}

  const Key key_;
  const Cost cost_;
  std::counting_semaphore<hashes_at_once_max> room_{hashes_at_once_max};
};

// The code of a secret at one step; for tests, the demo and whoever enrols a device.
std::string code_of(const std::string& secret, std::int64_t step);
// The step in which an instant lies.
std::int64_t step_of(Instant at);
// The secret in an otpauth:// URI (RFC 4648 base 32). Invalid if there is none.
Result<std::string> secret_of(std::string_view otpauth_uri);

}  // namespace kintsugi::sodium
