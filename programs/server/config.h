#pragma once

#include "adapters/access_point/http_controller.h"
#include "adapters/http/server.h"
#include "adapters/intake/config.h"
#include "adapters/smtp/config.h"
#include "adapters/webhook/announcer.h"
#include "engine/domain/ids.h"
#include "engine/run/bundling.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

// What an operator may set. Weakest first: defaults, kintsugi.toml, KINTSUGI_* of the environment, flags.
//
//   [listen]   address "127.0.0.1:8443", certificate, key, client_ca, plain_http false, behind_proxy false,
//              requests_per_s, burst
//   [mail]     host, port, starttls "required", user, password, password_file, from, from_name, reply_to, ca_file
//     [mail.storm]          alone 10, within_s 300, gather_s 60, letter_max 500
//   [intake]   hospital "org_…", authserv_id "mx.example.jp", accept ["dmarc", "dkim", "spf", "auth"]
//     [intake.senders]      "ct2@devices.example.jp" = "device_…" or ["device_…", …]
//     [[intake.template]]   product_line, subject […], lines […], zone "Asia/Tokyo", severity {"重大" = "critical"},
//                           recovery ["復旧"]
//     [[intake.mailbox]]    host, port 993, tls "implicit", ca_file, user, password, password_file, folder "INBOX",
//                           taken_folder "Taken", look_every_s 30
//   [controller."ap_…"]  url, token, ca_file, certificate, key     one for each access point and exit
//   [webhooks] private_hosts ["cmms.hospital.example"], ca_file      what goes out to other systems
//   [metrics]  token_file           who shows this token may read /metrics; without one only this machine
//   [log]      level "info"
//   console_url "https://…"
//
// Environment: KINTSUGI_LISTEN, KINTSUGI_CONSOLE_URL, KINTSUGI_LOG_LEVEL, KINTSUGI_MAIL_PASSWORD.
struct Config {
  http::Listening listening;
  bool plain_http = false;
  std::optional<smtp::Config> mail;      // none: mails wait in the outbox
  Tempo tempo;                           // of mails to the same people
  std::optional<intake::Config> intake;  // none: mails wait in the spool
  std::map<AccessPointId, access_point::HttpController::Config> controllers;
  webhook::Announcer::Config webhooks;
  std::string metrics_token;  // empty: /metrics is for this machine only
  std::string console_url;    // empty: the address of the API
  std::string log_level = "info";
};

// Reads the file (if there is one), then the environment. Every mistake is in `mistakes`, not only the first.
struct ConfigRead {
  Config config;
  std::vector<std::string> mistakes;
};
ConfigRead read_config(const std::filesystem::path& file, bool must_exist);

// `host:port` into a listening address; false if it is none.
bool set_address(http::Listening& listening, const std::string& text);

}  // namespace kintsugi
