#pragma once

#include "adapters/http/server.h"
#include "adapters/memory/store.h"
#include "engine/accounts/accounts.h"
#include "engine/run/integrations.h"
#include "engine/run/webhooks.h"
#include "tests/support/memory_vault.h"

#include <string>
#include <string_view>

namespace kintsugi::fuzz {

// The API over an engine in memory that nobody has started: requests are handed to it in the caller's thread. The
// people and devices of tests/support/world.h, each signed in with his nickname as the token, and one case of ct-1
// that abe has taken.
class ApiOnStage {
 public:
  ApiOnStage();
  http::Server& server() { return *server_; }
  const std::string& case_id() const { return case_id_; }

 private:
  // Passwords and codes are themselves: what a library hashes is not looked at here.
  class PlainHasher final : public Accounts::Hasher {
   public:
    std::string hash(std::string_view password) override { return std::string(password); }
    bool verify(const std::string& stored, std::string_view password) override { return stored == password; }
    bool code_matches(const std::string& secret, std::string_view code, Instant, std::int64_t&) override {
      return secret == code;
    }
    Bytes seal(BytesView secret) override { return {secret.begin(), secret.end()}; }
    Result<Bytes> open(BytesView sealed) override { return Bytes(sealed.begin(), sealed.end()); }
  };
  void let_in();
  void open_case();

  ManualClock clock_;
  SeededEntropy entropy_{7};
  memory::Store store_;
  testing::MemoryVault vault_;
  PlainHasher hasher_;
  Conductor conductor_;
  Accounts accounts_;
  Webhooks webhooks_;
  Integrations integrations_;
  std::unique_ptr<http::Server> server_;
  std::string case_id_;
};

}  // namespace kintsugi::fuzz
