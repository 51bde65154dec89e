#include "programs/server/home.h"

#include "engine/base/bytes.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <unistd.h>

namespace kintsugi {
namespace {

namespace fs = std::filesystem;

constexpr long certificate_days = 730;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* one) const { X509_free(one); }
  void operator()(X509_EXTENSION* one) const { X509_EXTENSION_free(one); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<std::FILE> create_private(const fs::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return Owned<std::FILE>(file < 0 ? nullptr : ::fdopen(file, "w"));
}

bool extend(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> one(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return one && X509_add_ext(certificate, one.get(), -1) == 1;
}

}  // namespace

Result<> make_certificate(const fs::path& certificate_path, const fs::path& key_path) {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate(X509_new());
  if (!key || !certificate) return fail(Errc::Transient, "OpenSSL made no key");
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint8_t serial[16];
  SystemEntropy().fill(serial);
  serial[0] &= 0x7F;
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial, sizeof serial, nullptr), BN_free);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), certificate_days, 0, nullptr);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), name);
  if (!extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") ||
      !extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
    return fail(Errc::Transient, "OpenSSL made no certificate");

  const Owned<std::FILE> key_file = create_private(key_path);
  const Owned<std::FILE> certificate_file = create_private(certificate_path);
  if (!key_file || !certificate_file ||
      PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_X509(certificate_file.get(), certificate.get()) != 1)
    return fail(Errc::Transient, "cannot write " + certificate_path.string());
  return {};
}

Result<Home> make_home(const fs::path& directory, std::string log_base, Entropy& entropy) {
  const bool is_name = std::ranges::all_of(
      log_base, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == '/'; });
  if (!is_name)
    return fail(Errc::Invalid,
                "a log's name is a host name, as audit.example.jp, and perhaps a path behind it: " + log_base);
  const fs::path identity = directory / "identity.json";
  std::error_code error;
  if (fs::exists(identity, error)) return fail(Errc::Conflict, directory.string() + " is an installation already");
  for (const char* inside : {"", "tls", "signer"}) {
    const fs::path one = directory / inside;
    fs::create_directories(one, error);
    fs::permissions(one, fs::perms::owner_all, error);
    if (error) return fail(Errc::Refused, "cannot make " + one.string() + ": " + error.message());
  }
  Home home{.directory = directory, .node = {}, .log_base = std::move(log_base)};
  const Digest chance = entropy.digest();
  home.node = "engine-" + to_hex(BytesView(chance).first(4));
  if (home.log_base.empty()) home.log_base = "kintsugi.invalid/" + to_hex(BytesView(chance).subspan(4, 8));
  if (auto made = make_certificate(home.certificate(), home.certificate_key()); !made) return pass(made);

  // The identity comes last and at once: a directory without one is not an installation and can be made again.
  const fs::path draft = directory / "identity.json.new";
  {
    const Owned<std::FILE> file(std::fopen(draft.c_str(), "we"));
    const std::string text = to_json_text(home) + "\n";
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
        std::fflush(file.get()) != 0 || ::fsync(::fileno(file.get())) != 0)
      return fail(Errc::Transient, "cannot write " + draft.string());
  }
  fs::rename(draft, identity, error);
  if (error) return fail(Errc::Transient, "cannot write " + identity.string());
  return home;
}

Result<Home> open_home(const fs::path& directory) {
  std::ifstream file(directory / "identity.json");
  if (!file) return fail(Errc::NotFound, directory.string() + " is no installation; make one with kintsugi init");
  std::ostringstream text;
  text << file.rdbuf();
  auto home = from_json_text<Home>(text.str());
  if (!home) return fail(Errc::Corrupt, (directory / "identity.json").string() + ": " + home.error().what);
  home->directory = directory;
  return home;
}

}  // namespace kintsugi
