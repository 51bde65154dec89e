#include "programs/server/verification.h"

#include "programs/server/store_log.h"
#include "workflows/fault_response/workflow.h"

#include <fstream>

namespace kintsugi {

Result<> publish_key(const Home& home, const Signer& signer) {
  std::error_code error;
  if (std::filesystem::exists(home.log_key(), error)) return {};
  std::ofstream out(home.log_key());
  out << signer.verifier_key(home.log_base) << "\n";
  out.close();
  if (!out) return fail(Errc::Transient, "cannot write " + home.log_key().string());
  return {};
}

Result<> goes_on_signing(Store& store, const Home& home, const Signer& signer) {
  const auto logs = store.audit_logs();
  if (!logs) return pass(logs);
  for (const std::string& origin : *logs) {
    const auto last = store.last_checkpoint(origin);
    if (!last) return pass(last);
    const auto key = audit::parse_vkey(signer.verifier_key(origin));
    if (!key) return pass(key);
    if (!*last || audit::open_checkpoint((*last)->note, verify_options(*key).trust)) continue;
    return fail(Errc::Refused, home.signer().string() + " does not hold the key that signed " + origin +
                                   ": bring it back from its own safe copy, or close the log and open " + origin +
                                   "/2; nothing was changed");
  }
  return {};
}

Result<audit::VerifierKey> key_of_log(const Home& home, const std::string& origin) {
  std::ifstream in(home.log_key());
  std::string text;
  if (!std::getline(in, text)) return fail(Errc::NotFound, "cannot read " + home.log_key().string());
  auto key = audit::parse_vkey(text);
  if (key) key->name = origin;
  return key;
}

audit::VerifyOptions verify_options(const audit::VerifierKey& key) {
  audit::VerifyOptions out;
  out.trust.log = key;
  out.events = audit::event_members(fault_response::fault_response());
  return out;
}

Result<std::vector<audit::Report>> verify_store(Store& store, const Home& home) {
  const auto logs = store.audit_logs();
  if (!logs) return pass(logs);
  std::vector<audit::Report> out;
  for (const std::string& origin : *logs) {
    const auto key = key_of_log(home, origin);
    if (!key) return pass(key);
    StoreLog log(store, origin);
    out.push_back(audit::verify_log(log, verify_options(*key)));
  }
  return out;
}

}  // namespace kintsugi
