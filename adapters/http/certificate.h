#pragma once

#include "engine/accounts/accounts.h"

#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>

namespace kintsugi::http {

// Makes the server ask every client for a certificate of one of these authorities (PEM). One that is shown must be
// good, or the handshake fails; who has none may come in all the same and sign in. Sessions are not resumed, so that
// every connection is verified afresh. Invalid when the file cannot be used.
Result<> ask_for_certificates(SSL_CTX& context, const std::string& ca_file);

// What this connection's client has shown and the library has verified.
std::optional<ClientCertificate> certificate_of(const SSL* connection);

// The first certificate of a PEM text.
Result<ClientCertificate> read_certificate(std::string_view pem);

}  // namespace kintsugi::http
