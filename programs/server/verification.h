#pragma once

#include "engine/audit/verify.h"
#include "engine/ports/signer.h"
#include "engine/ports/store.h"
#include "programs/server/home.h"

#include <vector>

namespace kintsugi {

// Writes the public key of this installation's logs beside them, once, so that they can be verified while the
// signer is at work.
Result<> publish_key(const Home& home, const Signer& signer);
// Refused when a log was signed with another key than this signer's: somebody has lost or exchanged its directory,
// and what it would sign now nobody who has the key could verify.
Result<> goes_on_signing(Store& store, const Home& home, const Signer& signer);
// That key under the name of one log: all logs of an installation are signed by one key.
Result<audit::VerifierKey> key_of_log(const Home& home, const std::string& origin);

audit::VerifyOptions verify_options(const audit::VerifierKey& key);

// Verifies every log of a live store against the installation's own key. A log of which nothing has been signed yet
// is read and checked all the same.
Result<std::vector<audit::Report>> verify_store(Store& store, const Home& home);

}  // namespace kintsugi
