#include "adapters/http/certificate.h"

#include "engine/base/digest.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace kintsugi::http {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::optional<Instant> instant_of(const ASN1_TIME* time) {
  std::tm civil{};
  if (ASN1_TIME_to_tm(time, &civil) != 1) return std::nullopt;
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::from_time_t(::timegm(&civil)));
}

std::optional<std::string> subject_of(const X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()), BIO_free);
  if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
    return std::nullopt;
  const char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

std::optional<ClientCertificate> read(const X509* certificate) {
  unsigned char* encoded = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  if (length <= 0) return std::nullopt;
  const Digest key = sha256(BytesView(encoded, static_cast<std::size_t>(length)));
  OPENSSL_free(encoded);
  const auto expires = instant_of(X509_get0_notAfter(certificate));
  const auto subject = subject_of(certificate);
  if (!expires || !subject) return std::nullopt;
  return ClientCertificate{.key = key, .subject = *subject, .expires = *expires};
}

}  // namespace

Result<> ask_for_certificates(SSL_CTX& context, const std::string& ca_file) {
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(ca_file.c_str());
  if (names == nullptr || SSL_CTX_load_verify_locations(&context, ca_file.c_str(), nullptr) != 1)
    return fail(Errc::Invalid, "authorities of client certificates cannot be read: " + ca_file);
  SSL_CTX_set_client_CA_list(&context, names);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  return {};
}

std::optional<ClientCertificate> certificate_of(const SSL* connection) {
  if (connection == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
  const X509* certificate = SSL_get0_peer_certificate(connection);
  return certificate == nullptr ? std::nullopt : read(certificate);
}

Result<ClientCertificate> read_certificate(std::string_view pem) {
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
  const auto out = certificate ? read(certificate.get()) : std::nullopt;
  if (!out) return fail(Errc::Invalid, "no certificate in PEM form");
  return *out;
}

}  // namespace kintsugi::http
