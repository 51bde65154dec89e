#include "adapters/webhook/announcer.h"
#include "adapters/webhook/message.h"
#include "adapters/webhook/signature.h"
#include "adapters/webhook/target.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>
#include <sodium.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace kintsugi::webhook {
namespace {

const Instant noon = *instant_from("2026-03-04T12:00:00Z");
const WebhookId some_id{new_id_text("webhook", noon, Digest{}, 1)};

bool is_public(const std::string& address) {
  sockaddr_storage out{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&out, &v4, sizeof v4);
  } else {
    REQUIRE(inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    std::memcpy(&out, &v6, sizeof v6);
  }
  return webhook::is_public(reinterpret_cast<const sockaddr&>(out));
}

Effect news() {
  Effect out;
  out.id = EffectId{new_id_text("effect", noon, Digest{}, 1)};
  out.case_id = CaseId{new_id_text("case", noon, Digest{}, 1)};
  out.tenant = OrganisationId{new_id_text("org", noon, Digest{}, 1)};
  out.at = noon;
  out.announcement = Announcement{.webhook = some_id,
                                  .change = CaseChange::moved,
                                  .number = "K26-0000001-8",
                                  .rsc = OrganisationId{new_id_text("org", noon, Digest{}, 2)},
                                  .device = DeviceId{new_id_text("device", noon, Digest{}, 1)},
                                  .state = "acknowledged",
                                  .from = "notified",
                                  .version = 2,
                                  .priority = Priority::p1,
                                  .opened_at = noon - 1min,
                                  .state_since = noon};
  return out;
}

}  // namespace

TEST_CASE("a webhook points to https, or to this machine", "[webhook]") {
  for (const char* good : {"https://desk.example", "https://desk.example/", "https://desk.example:8443/in?x=1",
                           "https://[2001:db8::1]/in", "http://localhost:8080/in", "http://127.0.0.1/in"}) {
    CAPTURE(good);
    CHECK(target_of(good));
    CHECK(mistakes_in_url(good).empty());
  }
  for (const char* bad : {"", "desk.example", "ftp://desk.example", "http://desk.example/in", "https://",
                          "https://user@desk.example/", "https://desk.example#x", "https://desk.example:0",
                          "https://desk.example:99999", "https://desk.example:8x", "https://desk example/",
                          "https://[::1", "https://desk.example\\@inside/", "http://127.0.0.1.desk.example/"}) {
    CAPTURE(bad);
    CHECK_FALSE(target_of(bad));
    CHECK(mistakes_in_url(bad).size() == 1);
  }
  CHECK(target_of("https://DESK.Example/In")->host == "desk.example");
}

TEST_CASE("neighbours, metadata services and this machine are no public addresses", "[webhook]") {
  for (const char* inside :
       {"127.0.0.1",      "127.8.8.8",         "0.0.0.0",         "10.1.2.3",   "172.16.0.1",
        "172.31.255.255", "192.168.1.1",       "169.254.169.254", "100.64.0.1", "198.18.0.1",
        "224.0.0.1",      "255.255.255.255",   "192.0.2.1",       "::1",        "::",
        "fe80::1",        "fc00::1",           "fd12::1",         "ff02::1",    "::ffff:10.0.0.1",
        "::ffff:8.8.8.8", "2002:0a00:0001::1", "2001:db8::1",     "2001::1",    "64:ff9b::a00:1"}) {
    CAPTURE(inside);
    CHECK_FALSE(is_public(inside));
  }
  for (const char* outside : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "203.0.114.1", "2606:4700::1111",
                              "2002:0808:0808::1", "2400:cb00::1"}) {
    CAPTURE(outside);
    CHECK(is_public(outside));
  }
}

TEST_CASE("a message is a CloudEvent in ids and names, the same bytes each time", "[webhook]") {
  const Effect effect = news();
  const std::string body = message_of(effect, "audit.example");
  CHECK(body == message_of(effect, "audit.example"));
  const Json json = Json::parse(body);
  CHECK(json.at("specversion") == "1.0");
  CHECK(json.at("id") == effect.id.text());
  CHECK(json.at("type") == "kintsugi.case.moved");
  CHECK(json.at("source") == "urn:kintsugi:audit.example");
  CHECK(json.at("subject") == effect.case_id.text());
  CHECK(json.at("time") == "2026-03-04T12:00:00.000000Z");
  const Json& data = json.at("data");
  CHECK(data.at("state") == "acknowledged");
  CHECK(data.at("previous_state") == "notified");
  CHECK(data.at("priority") == "p1");
  CHECK(data.at("version") == 2);
  CHECK_FALSE(data.contains("closed_at"));
}

TEST_CASE("a message is signed with both algorithms and every key that is in force", "[webhook]") {
  testing::TemporaryDirectory place;
  SeededEntropy entropy{3};
  auto keys = Keys::open(place.path("webhooks"), entropy);
  REQUIRE(keys);
  REQUIRE((*keys)->renew(some_id, noon, 0s));
  const auto first = (*keys)->of(some_id, noon);
  REQUIRE(first);
  const std::string header = signature_header(*first, "effect_1", 1'772'625'600, "{}");
  REQUIRE(header.starts_with("v1a,"));
  const auto space = header.find(' ');
  REQUIRE(header.substr(space + 1, 3) == "v1,");
  const auto signature = from_base64(header.substr(4, space - 4));
  REQUIRE(signature);
  const std::string message = "effect_1.1772625600.{}";
  CHECK(crypto_sign_verify_detached(signature->data(), bytes_of(message).data(), message.size(),
                                    public_half(first->front().seed).data()) == 0);
  const std::string other = "effect_1.1772625600.{ }";
  CHECK(crypto_sign_verify_detached(signature->data(), bytes_of(other).data(), other.size(),
                                    public_half(first->front().seed).data()) != 0);

  SECTION("so that a new key and the old one sign beside each other until the overlap has passed") {
    const auto renewed = (*keys)->renew(some_id, noon + 1h, 24h);
    REQUIRE(renewed);
    CHECK(renewed->secret.starts_with("whsec_"));
    CHECK(renewed->public_key.starts_with("whpk_"));
    const auto both = (*keys)->of(some_id, noon + 2h);
    REQUIRE(both->size() == 2);
    CHECK(both->front().until == Instant{});
    CHECK(both->back().until == noon + 25h);
    CHECK((*keys)->of(some_id, noon + 25h)->size() == 1);
    const auto shown = (*keys)->shown(some_id, noon + 2h);
    REQUIRE(shown->size() == 2);
    CHECK(shown->front().secret.empty());  // shown once, when it was made
    CHECK(shown->front().public_key == renewed->public_key);
  }
}

TEST_CASE("keys are the engine's alone, and an id that is none names no file", "[webhook]") {
  testing::TemporaryDirectory place;
  SeededEntropy entropy{3};
  auto keys = Keys::open(place.path("webhooks"), entropy);
  REQUIRE((*keys)->renew(some_id, noon, 0s));
  struct stat seen {};
  REQUIRE(::stat((place.path("webhooks") + "/" + some_id.text() + ".json").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777) == 0600);
  REQUIRE(::stat(place.path("webhooks").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777) == 0700);
  CHECK((*keys)->renew(WebhookId{"webhook_../../x"}, noon, 0s).error().code == Errc::Invalid);
  CHECK((*keys)->of(WebhookId{new_id_text("webhook", noon, Digest{}, 9)}, noon).error().code == Errc::NotFound);
}

TEST_CASE("nothing is posted to a private address that no setting names", "[webhook]") {
  testing::TemporaryDirectory place;
  SeededEntropy entropy{3};
  auto keys = Keys::open(place.path("webhooks"), entropy);
  REQUIRE((*keys)->renew(some_id, noon, 0s));
  Announcer announcer({}, **keys, "audit.example");
  const Webhook inside{.id = some_id, .owner = {}, .url = "http://127.0.0.1:9/in"};
  const Announced refused = announcer.announce(inside, news(), noon);
  CHECK(refused.end == Announced::End::refused);
  CHECK(refused.error.find("not public") != std::string::npos);
  Announcer allowed({.private_hosts = {"127.0.0.1"}}, **keys, "audit.example");
  CHECK(allowed.announce(inside, news(), noon).end == Announced::End::later);  // nobody listens there
}

}  // namespace kintsugi::webhook
