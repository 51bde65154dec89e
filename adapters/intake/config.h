#pragma once

#include "adapters/intake/template.h"
#include "engine/base/instant.h"
#include "engine/domain/directory.h"

#include <map>
#include <string>
#include <vector>

namespace kintsugi::intake {

// A mailbox that is emptied by IMAP (RFC 3501, 4315, 6851).
struct Mailbox {
  enum class Tls { implicit, starttls, off };  // off: a server on the same machine only
  std::string host;
  int port = 993;  // TCP
  Tls tls = Tls::implicit;
  std::string ca_file;  // PEM; empty: the machine's own authorities
  std::string user;
  std::string password;  // never in an error or a log
  std::string folder = "INBOX";
  std::string taken_folder = "Taken";  // where a mail goes once its case is durable; empty: it is deleted
  Duration look_every = 30s;
  Duration connect_limit = 10s;
  Duration total_limit = 60s;  // one command with its answer
};

// How the mails of devices are taken.
struct Config {
  OrganisationId hospital;  // whose queue gets what nobody can assign
  std::string authserv_id;  // the name of the mail server whose Authentication-Results we believe
  std::vector<std::string> accepted_methods = {"dmarc", "dkim", "spf", "auth"};
  std::map<std::string, std::vector<DeviceId>> senders;  // registered addresses, lower case, of which devices
  std::vector<Template> templates;
  std::vector<std::string> own_addresses;  // lower case: what we write from
  std::string own_list_id;
  std::string mail_domain;  // of the message ids that we make
  std::vector<Mailbox> mailboxes;
};

// Every mistake in a configuration, in words for the operator; empty when there is none.
std::vector<std::string> mistakes_in(const Config& config);
// Those that only the masters show. While the hospital does not exist mails wait; those of a device that does not
// exist go to a person. Without addresses, for the log.
std::vector<std::string> mistakes_in(const Config& config, const Directory& directory);

}  // namespace kintsugi::intake
