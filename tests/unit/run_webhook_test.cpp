#include "engine/base/digest.h"
#include "engine/run/courier.h"
#include "engine/run/webhooks.h"
#include "tests/support/toy_engine.h"
#include "tests/support/wait.h"

#include <atomic>
#include <future>

namespace kintsugi::toy {
namespace {

const WebhookId hospitals_webhook{id("webhook", 1)};
const WebhookId strangers_webhook{id("webhook", 2)};
const WebhookId centres_webhook{id("webhook", 3)};

struct FakeAnnouncer final : Announcer {
  std::vector<Effect> told;
  Announced answer{.end = Announced::End::taken, .status = 204};
  Announced announce(const Webhook&, const Effect& effect, Instant) override {
    told.push_back(effect);
    return answer;
  }
  std::vector<std::string> mistakes_in_url(const std::string&) const override { return {}; }
  Announced ask(const Webhook&, const std::string&, Instant) override { return answer; }
};

Announced later(int status = 503, Duration retry_after = {}) {
  return {.end = Announced::End::later,
          .status = status,
          .retry_after = retry_after,
          .sent = sha256(std::string_view("body")),
          .error = "it answered " + std::to_string(status)};
}

struct Post {
  World world;
  FakeAnnouncer announcer;
  Post() {
    put({.id = hospitals_webhook, .owner = hospital, .url = "https://desk.hospital.example/in"});
    put({.id = strangers_webhook, .owner = other_hospital, .url = "https://desk.other.example/in"});
  }
  void put(const Webhook& one) {
    REQUIRE(world.conductor->put_masters({master("webhook", one.id.text(), one.owner, one)}));
  }
  Webhook webhook() { return *world.conductor->directory()->webhook(hospitals_webhook); }
  Courier::Parts parts() {
    return {.conductor = *world.conductor,
            .store = world.store,
            .vault = world.vault,
            .workflow = world.workflow,
            .clock = world.clock,
            .entropy = world.entropy,
            .controller = {},
            .announcer = &announcer,
            .console_url = {},
            .mail_domain = {}};
  }
  std::vector<Effect> announcements() {
    std::vector<Effect> out;
    const auto rows = world.store.outbox({});
    REQUIRE(rows);
    for (const OutboxRow& row : *rows)
      if (row.effect.announcement) out.insert(out.begin(), row.effect);
    return out;
  }
  OutboxRow row(const EffectId& effect) { return world.store.outbox({.state = {}, .id = effect}).value().at(0); }
  std::vector<WebhookAttempt> log() { return world.store.webhook_attempts({.webhook = hospitals_webhook}).value(); }
};

}  // namespace

TEST_CASE("a lap announces itself in its own commit, to those who see its case and to nobody else",
          "[run][webhook]") {
  Post post;
  const int before = post.world.store.commits;
  const CaseId opened = post.world.open_case();
  CHECK(post.world.store.commits == before + 1);
  const auto told = post.announcements();
  REQUIRE(told.size() == 1);
  CHECK(told[0].lane == "webhook:" + hospitals_webhook.text());
  CHECK(told[0].case_id == opened);
  CHECK(told[0].announcement->change == CaseChange::opened);
  CHECK(told[0].announcement->state == "waiting");
  CHECK(told[0].announcement->from.empty());
  CHECK(told[0].announcement->version == 1);

  SECTION("and once for each further lap, with where it came from") {
    REQUIRE(post.world.conductor->submit(post.world.on(opened, "start")).kind == Outcome::Kind::moved);
    const auto both = post.announcements();
    REQUIRE(both.size() == 2);
    CHECK(both[1].announcement->from == "waiting");
    CHECK(both[1].announcement->state == "working");
    CHECK(both[1].announcement->version == 2);
    CHECK(both[1].id != both[0].id);
  }
  SECTION("to both sides, when both want it") {
    post.put({.id = centres_webhook, .owner = centre, .url = "https://desk.centre.example/in"});
    REQUIRE(post.world.conductor->submit(post.world.on(opened, "start")).kind == Outcome::Kind::moved);
    CHECK(post.announcements().size() == 3);
  }
  SECTION("not when this change is not wanted, or nothing is") {
    Webhook quiet = post.webhook();
    quiet.changes = {CaseChange::closed};
    post.put(quiet);
    REQUIRE(post.world.conductor->submit(post.world.on(opened, "start")).kind == Outcome::Kind::moved);
    quiet.changes = {};
    quiet.enabled = false;
    post.put(quiet);
    post.world.open_case(2);
    CHECK(post.announcements().size() == 1);
  }
}

TEST_CASE("a commit that fails announces nothing", "[run][webhook]") {
  Post post;
  post.world.store.commits_to_fail = 1;
  CHECK(post.world.conductor->submit(post.world.fault()).kind == Outcome::Kind::transient);
  CHECK(post.announcements().empty());
}

TEST_CASE("an announcement that is taken is delivered, and the log says when and what", "[run][webhook]") {
  Post post;
  post.world.open_case();
  post.announcer.answer.sent = sha256(std::string_view("body"));
  Courier courier(post.parts());
  courier.step();
  REQUIRE(post.announcer.told.size() == 1);
  const auto row = post.row(post.announcer.told[0].id);
  CHECK(row.state == EffectState::delivered);
  CHECK(row.sent == sha256(std::string_view("body")));
  const auto log = post.log();
  REQUIRE(log.size() == 1);
  CHECK(log[0].effect == post.announcer.told[0].id);
  CHECK(log[0].attempt == 1);
  CHECK(log[0].status == 204);
  CHECK(log[0].at == post.world.clock.now());
  CHECK(log[0].error.empty());
}

TEST_CASE("what an end point did not take comes again later, and not before it asked for it", "[run][webhook]") {
  Post post;
  post.world.open_case();
  post.announcer.answer = later(503, 10min);
  Courier courier(post.parts());
  courier.step();
  REQUIRE(post.announcer.told.size() == 1);
  const auto waiting = post.row(post.announcer.told[0].id);
  CHECK(waiting.state == EffectState::waiting);
  CHECK(waiting.due >= post.world.clock.now() + 10min);
  CHECK(post.log().at(0).status == 503);

  post.world.clock.advance(11min);
  post.announcer.answer = {.end = Announced::End::taken, .status = 200};
  courier.step();
  REQUIRE(post.announcer.told.size() == 2);
  CHECK(post.announcer.told[1].id == post.announcer.told[0].id);  // the same key, so that a repeat is known
  CHECK(post.row(post.announcer.told[0].id).state == EffectState::delivered);
  CHECK(post.log().size() == 2);
  CHECK(post.log().at(0).attempt == 2);
}

TEST_CASE("an end point that is dead is asked once and not for every case", "[run][webhook]") {
  Post post;
  for (unsigned n = 1; n <= 4; ++n)
    post.world.open_case(n);
  post.announcer.answer = later(0);
  Courier courier(post.parts());
  courier.step();
  CHECK(post.announcer.told.size() == 1);
  int tried = 0;
  for (const Effect& one : post.announcements()) {
    CHECK(post.row(one.id).state == EffectState::waiting);
    tried += post.row(one.id).attempts;
  }
  CHECK(tried == 1);  // who waited behind it has lost nothing of its patience
}

TEST_CASE("announcements of one case to one end point keep their order", "[run][webhook]") {
  Post post;
  const CaseId opened = post.world.open_case();
  REQUIRE(post.world.conductor->submit(post.world.on(opened, "start")).kind == Outcome::Kind::moved);
  Courier courier(post.parts());
  post.announcer.answer = later();
  courier.step();
  post.announcer.answer = {.end = Announced::End::taken, .status = 200};
  post.world.clock.advance(1h);
  courier.step();
  REQUIRE(post.announcer.told.size() == 3);
  CHECK(post.announcer.told[1].announcement->version == 1);
  CHECK(post.announcer.told[2].announcement->version == 2);
}

TEST_CASE("an end point that says Gone is disabled, and that stands in its owner's log", "[run][webhook]") {
  Post post;
  post.world.open_case();
  post.announcer.answer = {.end = Announced::End::gone, .status = 410, .error = "it answered 410"};
  Courier courier(post.parts());
  courier.step();
  CHECK(post.webhook().gone_at == post.world.clock.now());
  CHECK(post.row(post.announcer.told.at(0).id).state == EffectState::gave_up);
  int changed = 0;
  int gave_up = 0;
  for (const std::string& body : post.world.records(post.world.hospital_log())) {
    const Json record = Json::parse(body);
    changed += record.at("ev") == "config.changed" && record.at("x").at("master") == "webhook" ? 1 : 0;
    gave_up += record.at("ev") == "effect.gave_up" && record.at("x").at("effect") == "webhook" ? 1 : 0;
  }
  CHECK(changed == 1);
  CHECK(gave_up == 1);
  post.world.open_case(2);
  CHECK(post.announcements().size() == 1);  // nothing new is announced

  SECTION("and what was given up goes out when a person enables it and sends it again") {
    Webhook again = post.webhook();
    again.gone_at = {};
    post.put(again);
    post.announcer.answer = {.end = Announced::End::taken, .status = 200};
    REQUIRE(post.world.conductor->redrive(post.announcer.told[0].id, person(), Role::hcf_sysadm));
    courier.step();
    CHECK(post.row(post.announcer.told[0].id).state == EffectState::delivered);
  }
}

TEST_CASE("an announcement is given up loudly when its patience ends", "[run][webhook]") {
  Post post;
  post.world.open_case();
  auto parts = post.parts();
  parts.webhook_attempts_max = 2;
  post.announcer.answer = later(500);
  Courier courier(parts);
  courier.step();
  post.world.clock.advance(1h);
  courier.step();
  REQUIRE(post.announcer.told.size() == 2);
  CHECK(post.row(post.announcer.told[0].id).state == EffectState::gave_up);
}

TEST_CASE("a webhook that hangs holds up no mail", "[run][webhook]") {
  struct Hanging final : Announcer {
    std::promise<void> may_end;
    std::shared_future<void> end = may_end.get_future().share();
    std::atomic<int> asked{0};
    Announced announce(const Webhook&, const Effect&, Instant) override {
      ++asked;
      end.wait_for(10s);
      return {.end = Announced::End::taken, .status = 200};
    }
    std::vector<std::string> mistakes_in_url(const std::string&) const override { return {}; }
    Announced ask(const Webhook&, const std::string&, Instant) override { return {}; }
  };
  struct CountingMailer final : Mailer {
    std::atomic<int> sent{0};
    Result<Posted> post(const Letter&, Instant) override {
      ++sent;
      return Posted{};
    }
  };
  Post post;
  Hanging hanging;
  CountingMailer mailer;
  auto parts = post.parts();
  parts.announcer = &hanging;
  parts.mailer = &mailer;
  parts.workers = 1;
  post.world.conductor->start();
  Courier courier(parts);
  courier.start();
  for (unsigned n = 1; n <= 4; ++n)
    post.world.open_case(n);
  courier.wake();
  CHECK(wait_until([&] { return hanging.asked > 0 && mailer.sent == 4; }, 10s));
  hanging.may_end.set_value();
  courier.stop();
  post.world.conductor->stop();
}

}  // namespace kintsugi::toy
