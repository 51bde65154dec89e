#include "tests/support/authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace kintsugi::testing {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

constexpr std::chrono::hours begun{-48};

void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

Key new_key() {
  Key out(EVP_EC_gen("P-256"), EVP_PKEY_free);
  demand(out != nullptr, "OpenSSL makes no key");
  return out;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> one(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), X509_EXTENSION_free);
  demand(one && X509_add_ext(certificate, one.get(), -1) == 1, "OpenSSL takes no extension");
}

Certificate begin(const std::string& name, EVP_PKEY* key, long serial, std::chrono::hours end) {
  Certificate out(X509_new(), X509_free);
  demand(out != nullptr, "OpenSSL makes no certificate");
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), std::chrono::seconds(begun).count());
  X509_gmtime_adj(X509_getm_notAfter(out.get()), std::chrono::seconds(end).count());
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return out;
}

template <class Write>
std::string write_pem(const std::filesystem::path& path, Write write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "we"), std::fclose);
  demand(file && write(file.get()) == 1, "cannot write a PEM file");
  return path.string();
}

}  // namespace

Authority::Authority(std::filesystem::path directory, const std::string& name)
    : directory_(std::move(directory)), key_(new_key()) {
  std::filesystem::create_directories(directory_);
  certificate_ = begin(name, key_.get(), ++issued_, std::chrono::hours(24));
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  demand(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) != 0, "OpenSSL signs nothing");
  file_ = write_pem(directory_ / (name + ".pem"),
                    [&](std::FILE* file) { return PEM_write_X509(file, certificate_.get()); });
}

Authority::~Authority() = default;

Authority::Issued Authority::issue(const std::string& name, const std::string& who, std::chrono::hours end) {
  const Key key = new_key();
  const Certificate one = begin(name, key.get(), ++issued_, end);
  X509_set_issuer_name(one.get(), X509_get_subject_name(certificate_.get()));
  extend(one.get(), certificate_.get(), NID_subject_alt_name, who);
  extend(one.get(), certificate_.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  demand(X509_sign(one.get(), key_.get(), EVP_sha256()) != 0, "OpenSSL signs nothing");
  return {write_pem(directory_ / (name + ".pem"), [&](std::FILE* file) { return PEM_write_X509(file, one.get()); }),
          write_pem(directory_ / (name + ".key"), [&](std::FILE* file) {
            return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace kintsugi::testing
