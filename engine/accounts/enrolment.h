#pragma once

#include "engine/base/bytes.h"

#include <string>
#include <string_view>

namespace kintsugi {

// What a code generator reads as a QR code: the secret of a person's one-time codes (RFC 6238: SHA-1, 6 digits, 30 s)
// in the form of otpauth URIs. It is itself a secret.
std::string enrolment_uri(std::string_view mail, BytesView secret);

}  // namespace kintsugi
