#include "adapters/sodium/hasher.h"

#include "engine/base/bytes.h"
#include "engine/base/ensure.h"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <liboath/oath.h>
#include <unistd.h>

namespace kintsugi::sodium {
namespace {

static_assert(crypto_secretbox_KEYBYTES == 32);

// An open file that closes itself.
class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

bool read_all(int file, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::read(file, out.data() + done, out.size() - done);
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  std::uint8_t more = 0;
  return ::read(file, &more, 1) == 0;
}

class Turn {
 public:
  explicit Turn(std::counting_semaphore<hashes_at_once_max>& room) : room_(room) { room_.acquire(); }
  ~Turn() { room_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<hashes_at_once_max>& room_;
};

}  // namespace

Result<std::unique_ptr<Hasher>> Hasher::open(const std::filesystem::path& key_file, Cost cost) {
  if (sodium_init() < 0 || oath_init() != OATH_OK) return fail(Errc::Transient, "the libraries cannot start");
  Key key{};
  const File present(::open(key_file.c_str(), O_RDONLY | O_CLOEXEC));
  if (present) {
    if (!read_all(present.number(), key)) return fail(Errc::Corrupt, key_file.string() + " is not a key of 32 bytes");
  } else if (errno == ENOENT) {
    randombytes_buf(key.data(), key.size());
    const File made(::open(key_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool written = made && ::write(made.number(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(made.number()) == 0;
    if (!written) return fail(Errc::Transient, "cannot write " + key_file.string());
  } else {
    return fail(Errc::Transient, "cannot read " + key_file.string());
  }
  return std::unique_ptr<Hasher>(new Hasher(key, cost));
}

std::string Hasher::hash(std::string_view password) {
  const Turn turn(room_);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const int done = crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost_.passes,
                                         cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  ensure(done == 0, "there is memory for one argon2id hash");
  return out.data();
}

bool Hasher::verify(const std::string& stored, std::string_view password) {
  if (password.size() > password_bytes_max) return false;
  const Turn turn(room_);
  return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

bool Hasher::code_matches(const std::string& secret, std::string_view code, Instant at, std::int64_t& counter) {
  if (code.size() != code_digits || !std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; }))
    return false;
  const std::int64_t now = step_of(at);
  std::int64_t matched = -1;
  // All steps are tried, so that the time taken does not tell which one it was.
  for (std::int64_t step = now - code_steps_off_max; step <= now + code_steps_off_max; ++step)
    if (equal_in_constant_time(bytes_of(code_of(secret, step)), bytes_of(code)) && step > counter && matched < 0)
      matched = step;
  if (matched < 0) return false;
  counter = matched;
  return true;
}

Bytes Hasher::seal(BytesView secret) {
  Bytes out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + secret.size());
  randombytes_buf(out.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(out.data() + crypto_secretbox_NONCEBYTES, secret.data(), secret.size(), out.data(),
                        key_.data());
  return out;
}

Result<Bytes> Hasher::open(BytesView sealed) {
  constexpr std::size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < around) return fail(Errc::Corrupt, "sealed secret is too short");
  Bytes out(sealed.size() - around);
  if (crypto_secretbox_open_easy(out.data(), sealed.data() + crypto_secretbox_NONCEBYTES,
                                 sealed.size() - crypto_secretbox_NONCEBYTES, sealed.data(), key_.data()) != 0)
    return fail(Errc::Corrupt, "sealed secret does not fit the key");
  return out;
}

std::string code_of(const std::string& secret, std::int64_t step) {
  std::array<char, code_digits + 1> out{};
  const int done = oath_hotp_generate(secret.data(), secret.size(), static_cast<std::uint64_t>(step), code_digits,
                                      false, OATH_HOTP_DYNAMIC_TRUNCATION, out.data());
  ensure(done == OATH_OK, "a code can be made from any secret");
  return out.data();
}

std::int64_t step_of(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / code_step;
}

Result<std::string> secret_of(std::string_view uri) {
  constexpr std::string_view name = "secret=";
  const auto at = uri.find(name);
  if (at == std::string_view::npos) return fail(Errc::Invalid, "no secret in the URI");
  const std::string_view text = uri.substr(at + name.size(), uri.find('&', at) - at - name.size());
  char* secret = nullptr;
  std::size_t length = 0;
  if (oath_base32_decode(text.data(), text.size(), &secret, &length) != OATH_OK)
    return fail(Errc::Invalid, "the secret is not base 32");
  std::string out(secret, length);
  ::free(secret);
  return out;
}

}  // namespace kintsugi::sodium
