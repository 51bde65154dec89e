#pragma once

#include "engine/base/bytes.h"
#include "engine/ports/records.h"

#include <algorithm>
#include <array>
#include <string>

// What the sources of this room share.
namespace kintsugi::accounts {

inline constexpr std::array machine_kinds{CredentialKind::device_token, CredentialKind::gate_token,
                                          CredentialKind::certificate_key, CredentialKind::certificate_subject};
inline constexpr std::array personal_kinds{CredentialKind::password,      CredentialKind::totp,
                                           CredentialKind::totp_pending,  CredentialKind::recovery_code,
                                           CredentialKind::one_time_code, CredentialKind::known_client};

// One text for every cause, so that none can be told from another.
inline tl::unexpected<Error> not_signed_in() {
  return fail(Errc::Refused, "mail address, password or code is wrong, or there were too many attempts");
}

inline std::string base64url(BytesView bytes) {
  std::string out = to_base64(bytes);
  for (char& c : out)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

}  // namespace kintsugi::accounts
