#pragma once

#include "tests/end_to_end/api.h"
#include "tests/end_to_end/mail_server.h"

#include <string>
#include <vector>

namespace kintsugi::testing {

// Sends the mails of an Api's engine to this mail server, and lets everybody live in a domain that it takes mail for.
inline void use_mail_server(const MailServer& mails, Config& config, std::vector<Master>& masters) {
  config.mail.emplace();
  config.mail->host = "127.0.0.1";
  config.mail->port = mails.port();
  config.mail->ca_file = mails.ca_file();
  config.mail->user = MailServer::user;
  config.mail->password = MailServer::password;
  config.mail->from = "kintsugi@hospital.example";
  config.mail->from_name = "金継ぎ";
  for (Master& one : masters)
    for (const std::string domain : {"midori.example", "alpha.example", "aoba.example", "beta.example"})
      for (std::size_t at = 0; (at = one.body.find(domain, at)) != std::string::npos;)
        one.body.replace(at, domain.size(), domain[0] == 'm' ? "hospital.example" : "vendor.example");
}

// The same for the program in a process of its own.
inline std::string configuration_of(const MailServer& mails) {
  return "[mail]\nhost = \"127.0.0.1\"\nport = " + std::to_string(mails.port()) + "\nca_file = \"" + mails.ca_file() +
         "\"\nuser = \"" + MailServer::user + "\"\npassword = \"" + MailServer::password +
         "\"\nfrom = \"kintsugi@hospital.example\"\n";
}

}  // namespace kintsugi::testing
