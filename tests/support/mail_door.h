#pragma once

#include "adapters/intake/limits.h"
#include "adapters/intake/taker.h"
#include "adapters/memory/store.h"
#include "tests/support/device_mails.h"
#include "tests/support/memory_vault.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/world.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>

// The way in for mails without a mail server: the taker, and the real workflow on a store in memory.
namespace kintsugi::testing {

inline const Instant mail_door_opens = *instant_from("2026-03-04T09:36:00Z");

inline intake::Config door_config() {
  intake::Config out;
  out.hospital = organisation("midori");
  out.authserv_id = mail_server_name;
  out.senders[ct_address] = {device("ct-1")};
  intake::Template ct;
  ct.product_line = "ct";
  ct.lines = {"エラーコード: {code}", "発生日時: {occurred_at}", "製造番号: {serial}"};
  ct.recovery = {"状態: 復旧"};
  out.templates = {ct};
  out.own_addresses = {"kintsugi@hospital.example"};
  out.mail_domain = "kintsugi.example";
  return out;
}

// An engine with its door for mails. open() again is a restart.
struct MailDoor {
  MailDoor() {
    open();
    REQUIRE(conductor->put_masters(world()));
  }
  void open() {
    taker.reset();
    conductor.reset();
    conductor = std::make_unique<Conductor>(Conductor::Parts{.workflow = fault_response::fault_response(),
                                                             .store = store,
                                                             .vault = vault,
                                                             .clock = clock,
                                                             .entropy = entropy,
                                                             .node = "node-1",
                                                             .log_base = "test.kintsugi.invalid"});
    REQUIRE(conductor->open());
    open_taker();
  }
  void open_taker() {
    REQUIRE(spool.prepare(clock.now()));
    auto ledger = intake::Ledger::open(directory.path("ledger"));
    REQUIRE(ledger);
    taker = std::make_unique<intake::Taker>(intake::Taker::Parts{.conductor = *conductor,
                                                                 .clock = clock,
                                                                 .config = door_config(),
                                                                 .spool = spool,
                                                                 .ledger = std::move(*ledger),
                                                                 .node = "node-1-mail"});
  }
  intake::Taken take(const std::string& bytes) {
    const auto taken = taker->take(bytes);
    INFO((taken ? "" : taken.error().what));
    REQUIRE(taken);
    return *taken;
  }
  CaseFile file(const CaseId& id) { return *store.read_case(id); }
  std::size_t cases() { return store.list_cases({})->size(); }
  std::string text_of(const DocumentId& id) {
    const auto opened = vault.open(*store.read_document(id));
    REQUIRE(opened);
    return std::string(kintsugi::text_of(*opened));
  }
  std::size_t kept_aside(const std::string& kind) const {
    std::size_t out = 0;
    for (const auto& one : std::filesystem::directory_iterator(directory.path("quarantine")))
      if (one.path().filename().string().starts_with(kind)) ++out;
    return out;
  }
  Actor person(const char* nick, const char* org) const {
    return {.id = testing::person(nick).text(),
            .kind = Role::none,
            .person = testing::person(nick),
            .org = testing::organisation(org),
            .auth = "pwd"};
  }

  TemporaryDirectory directory;
  intake::Spool spool{directory.path()};
  ManualClock clock{mail_door_opens};
  SeededEntropy entropy{7};
  memory::Store store;
  MemoryVault vault;
  std::unique_ptr<Conductor> conductor;
  std::unique_ptr<intake::Taker> taker;
};

inline MailParts numbered_mail(int n) {
  MailParts out;
  out.message_id = std::to_string(n) + "@ct-1.devices.midori.example";
  return out;
}

inline MailParts mail_from_stranger(int n, const std::string& address = "unknown@elsewhere.example") {
  MailParts out = numbered_mail(n);
  out.from = address;
  out.on_top.clear();
  return out;
}

}  // namespace kintsugi::testing
