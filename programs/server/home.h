#pragma once

#include "engine/base/entropy.h"
#include "engine/base/fields.h"

#include <filesystem>
#include <string>

namespace kintsugi {

// The directory that is one installation: everything lasting is in it, and only its owner may look inside.
//
//   identity.json   node and log base, chosen once: they stand in every audit record
//   kintsugi.db     cases, outbox, audit rows, masters       journal   closings whose commit failed
//   slots, kek      wrapped case keys and what wraps them    signer/   the log's signing key and its memory
//   secrets.key     seals TOTP secrets                       log.vkey  the log's public key
//   intake/         mails of devices that wait to be taken, and which were
//   webhooks/       keys that what goes to webhooks is signed with
//   backup.json     when a backup was last verified
//   operator.sock   the operator's way into the server that runs here
//   kintsugi.toml   configuration, if there is one           tls/      certificate and key of the API
struct Home {
  std::filesystem::path directory;
  std::string node;
  std::string log_base;

  static constexpr auto fields() {
    return std::tuple{field("node", &Home::node), field("log_base", &Home::log_base)};
  }

  std::filesystem::path database() const { return directory / "kintsugi.db"; }
  std::filesystem::path journal() const { return directory / "journal"; }
  std::filesystem::path slots() const { return directory / "slots"; }
  std::filesystem::path kek() const { return directory / "kek"; }
  std::filesystem::path log_key() const { return directory / "log.vkey"; }
  std::filesystem::path signer() const { return directory / "signer"; }
  std::filesystem::path secrets_key() const { return directory / "secrets.key"; }
  std::filesystem::path certificate() const { return directory / "tls" / "certificate.pem"; }
  std::filesystem::path certificate_key() const { return directory / "tls" / "key.pem"; }
  // What stands after the @ of our own message ids.
  std::string mail_domain() const { return log_base.substr(0, log_base.find('/')); }
  std::filesystem::path backup_note() const { return directory / "backup.json"; }
  std::filesystem::path webhook_keys() const { return directory / "webhooks"; }
  std::filesystem::path operator_door() const { return directory / "operator.sock"; }
  std::filesystem::path intake() const { return directory / "intake"; }
  std::filesystem::path config() const { return directory / "kintsugi.toml"; }
};

// Makes the directory (0700) with an identity and a self-signed certificate. Conflict if it holds one already.
// An empty log base gets a name nobody else has.
Result<Home> make_home(const std::filesystem::path& directory, std::string log_base, Entropy& entropy);
// NotFound if `kintsugi init` has not been there.
Result<Home> open_home(const std::filesystem::path& directory);

// Writes a P-256 key and a certificate for localhost, 127.0.0.1 and ::1, good for two years.
Result<> make_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key);

}  // namespace kintsugi
