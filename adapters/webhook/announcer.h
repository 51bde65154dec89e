#pragma once

#include "adapters/webhook/keys.h"
#include "engine/ports/announcer.h"

#include <string>
#include <vector>

namespace kintsugi::webhook {

// Posts announcements (docs/api/webhooks.md): a CloudEvent in JSON under the headers of Standard Webhooks.
//
// It goes where the subscription says or nowhere: no redirect is followed, no proxy of the environment is used, and
// an address that is not public is refused at the moment of connecting, whatever the name resolved to before.
// 2xx is taken; 410 is gone; everything else may come right. Any thread, several at a time.
class Announcer final : public kintsugi::Announcer {
 public:
  struct Config {
    std::vector<std::string> private_hosts;  // hosts, as URLs name them, that may lie on private networks
    std::string ca_file;                     // PEM; empty: the machine's own authorities
    std::chrono::milliseconds limit = std::chrono::seconds(10);  // for the whole exchange
  };
  static std::vector<std::string> mistakes_in(const Config& config);

  // `source` names the installation in what is posted. The keys must outlive it.
  Announcer(Config config, const Keys& keys, std::string source);
  ~Announcer() override;

  Announced announce(const Webhook& to, const Effect& effect, Instant now) override;
  std::vector<std::string> mistakes_in_url(const std::string& url) const override;
  Announced ask(const Webhook& to, const std::string& id, Instant now) override;

 private:
  Announced post(const Webhook& to, const std::string& id, const std::string& body, Instant now) const;

  const Config config_;
  const Keys& keys_;
  const std::string source_;
};

}  // namespace kintsugi::webhook
