#include "adapters/access_point/http_controller.h"
#include "adapters/access_point/simulator.h"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <thread>

namespace kintsugi::access_point {

namespace {

const Instant nine = *instant_from("2026-03-04T09:00:00Z");
const DeviceId scanner{"device_ct1"};
const GrantId grant{"grant_one"};

// The simulated site, reached without a line.
struct InProcess {
  ManualClock clock{nine};
  SimulatedSite core{clock};
  SimulatedController controller{core, 50ms};

  InProcess() { core.install(scanner, "SN-1"); }
  template <class F>
  auto site(F f) {
    return f(core);
  }
};

// The same site behind HTTP on loopback.
struct OverHttp {
  ManualClock clock{nine};
  SimulatedSite core{clock};
  Simulator simulator{core, with_token()};
  std::unique_ptr<HttpController> held;
  HttpController& controller;

  OverHttp() : held(connected()), controller(*held) { core.install(scanner, "SN-1"); }
  template <class F>
  auto site(F f) {
    return simulator.with(f);
  }

 private:
  static Simulator::Config with_token() {
    Simulator::Config config;
    config.token = "token-of-the-door";
    return config;
  }
  std::unique_ptr<HttpController> connected() {
    if (!simulator.start()) throw std::runtime_error("the simulator does not start");
    HttpController::Config config;
    config.url = simulator.url();
    config.token = "token-of-the-door";
    config.limit = 3s;  // a sanitizer takes a second to start the threads of the other side
    return std::make_unique<HttpController>(config);
  }
};

Order order(OrderKind kind, Hop hop, std::int64_t generation = 1) {
  Order one;
  one.order = kind;
  one.hop = hop;
  one.grant = grant;
  one.generation = generation;
  one.at = AccessPointId{"ap_ward"};
  one.device = scanner;
  one.window = {nine, nine + 2h};
  one.workers = {PersonId{"person_worker"}};
  return one;
}

HopAnswer ask(Controller& controller, const Order& one) {
  const auto answers = controller.carry_out(one, "effect_1");
  INFO((answers ? std::string() : answers.error().what));
  REQUIRE(answers);
  REQUIRE(answers->size() == 1);
  CHECK(answers->front().hop == one.hop);
  return answers->front();
}

void open_everything(Controller& controller, std::int64_t generation = 1) {
  for (const Hop hop : {Hop::exit, Hop::access_point}) {
    REQUIRE(ask(controller, order(OrderKind::arm, hop, generation)).state == HopState::armed);
    REQUIRE(ask(controller, order(OrderKind::open, hop, generation)).state == HopState::open);
  }
  REQUIRE(ask(controller, order(OrderKind::open, Hop::route, generation)).state == HopState::open);
}

using Rule = SimulatedSite::Violation::Rule;

}  // namespace

TEMPLATE_TEST_CASE("Controller: a grant is armed, opened, used and closed in reverse, and the probe proves it",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  CHECK(ask(world.controller, order(OrderKind::check, Hop::access_point)).state == HopState::closed);
  open_everything(world.controller);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::probe)).state == HopState::reachable);

  REQUIRE(world.site([](SimulatedSite& site) { return site.connect(grant).has_value(); }));
  const HopAnswer during = ask(world.controller, order(OrderKind::check, Hop::access_point));
  CHECK(during.state == HopState::open);
  CHECK(during.sessions == 1);

  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit}) {
    const HopAnswer closed = ask(world.controller, order(OrderKind::close, hop));
    CHECK(closed.state == HopState::closed);
    CHECK(closed.sessions == 0);
    CHECK(closed.generation == 1);
  }
  CHECK(ask(world.controller, order(OrderKind::check, Hop::probe)).state == HopState::closed);
  CHECK(world.site([](SimulatedSite& site) { return site.sessions(grant); }) == 0);
  CHECK(world.site([](SimulatedSite& site) { return site.violations().empty(); }));
}

TEMPLATE_TEST_CASE("Controller: the route names the device it reaches, and a wrong one is told as it is",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  CHECK(ask(world.controller, order(OrderKind::open, Hop::route)).identity == "SN-1");
  world.site([](SimulatedSite& site) { site.faults(Hop::route).identity = "SN-OF-THE-NEIGHBOUR"; });
  CHECK(ask(world.controller, order(OrderKind::check, Hop::route)).identity == "SN-OF-THE-NEIGHBOUR");
}

TEMPLATE_TEST_CASE("Controller: a late opening delivered after the closing is refused by its generation",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route}) {
    ask(world.controller, order(OrderKind::close, hop, 2));
    for (const std::int64_t old : {1, 2}) {
      const HopAnswer late = ask(world.controller, order(OrderKind::open, hop, old));
      CHECK(late.state == HopState::refused);
      CHECK(late.generation == 2);
    }
    CHECK(ask(world.controller, order(OrderKind::open, hop, 3)).state == HopState::open);
  }
}

TEMPLATE_TEST_CASE("Controller: a late closing of an older generation does not cut the newer one, an emergency does",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  open_everything(world.controller, 2);
  const HopAnswer late = ask(world.controller, order(OrderKind::close, Hop::access_point, 1));
  CHECK(late.state == HopState::refused);
  CHECK(late.generation == 2);
  CHECK(ask(world.controller, order(OrderKind::kill, Hop::access_point, 1)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::open, Hop::access_point, 2)).state == HopState::refused);
}

TEMPLATE_TEST_CASE("Controller: the same order again is answered with success and changes nothing",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  open_everything(world.controller);
  CHECK(ask(world.controller, order(OrderKind::arm, Hop::access_point)).state == HopState::open);
  CHECK(ask(world.controller, order(OrderKind::open, Hop::access_point)).state == HopState::open);
  CHECK(ask(world.controller, order(OrderKind::close, Hop::access_point)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::close, Hop::access_point)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::kill, Hop::access_point)).state == HopState::closed);
}

TEMPLATE_TEST_CASE("Controller: nothing opens before its window or after it", "[contract][controller]", InProcess,
                   OverHttp) {
  TestType world;
  Order later = order(OrderKind::arm, Hop::access_point);
  later.window = {nine + 1h, nine + 2h};
  CHECK(ask(world.controller, later).state == HopState::armed);
  later.order = OrderKind::open;
  CHECK(ask(world.controller, later).state == HopState::refused);
  world.clock.advance(1h);
  CHECK(ask(world.controller, later).state == HopState::open);
  later.generation = 2;
  world.clock.advance(1h);
  CHECK(ask(world.controller, later).state == HopState::refused);
}

TEMPLATE_TEST_CASE("Controller: with no engine, every hop closes by its own clock at its not-after (I9)",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  open_everything(world.controller);
  REQUIRE(world.site([](SimulatedSite& site) { return site.connect(grant).has_value(); }));
  world.clock.advance(2h - 1us);
  CHECK(world.site([](SimulatedSite& site) { return site.is_open(Hop::access_point, grant); }));
  world.clock.advance(1us);
  CHECK_FALSE(world.site([](SimulatedSite& site) { return site.is_open(Hop::probe, grant); }));
  CHECK(world.site([](SimulatedSite& site) { return site.sessions(grant); }) == 0);
  CHECK(world.site([](SimulatedSite& site) { return site.reports().size(); }) == 3);

  Order extended = order(OrderKind::open, Hop::access_point);
  extended.window.closes = nine + 4h;
  CHECK(ask(world.controller, extended).state == HopState::refused);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::access_point)).state == HopState::closed);
}

TEMPLATE_TEST_CASE("Controller: a window can be made longer before it ends", "[contract][controller]", InProcess,
                   OverHttp) {
  TestType world;
  open_everything(world.controller);
  Order extended = order(OrderKind::open, Hop::access_point);
  extended.window.closes = nine + 3h;
  CHECK(ask(world.controller, extended).state == HopState::open);
  world.clock.advance(2h);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::access_point)).state == HopState::open);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::exit)).state == HopState::closed);
}

TEMPLATE_TEST_CASE("Controller: an access point that is closed only in words is found by the probe",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  world.site([](SimulatedSite& site) { site.faults(Hop::access_point).closes_in_words = true; });
  open_everything(world.controller);
  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit})
    CHECK(ask(world.controller, order(OrderKind::close, hop)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::access_point)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::probe)).state == HopState::reachable);
  CHECK(world.site([](SimulatedSite& site) { return site.violations(); }) ==
        std::vector<SimulatedSite::Violation>{{Rule::closed_only_in_words, Hop::access_point, grant, 1, nine}});

  world.site([](SimulatedSite& site) { site.press_button(); });
  CHECK(ask(world.controller, order(OrderKind::check, Hop::probe)).state == HopState::closed);
}

TEMPLATE_TEST_CASE("Controller: a hop that forgets its closings is caught by the ledger", "[contract][controller]",
                   InProcess, OverHttp) {
  TestType world;
  world.site([](SimulatedSite& site) { site.faults(Hop::exit).forgets = true; });
  ask(world.controller, order(OrderKind::close, Hop::exit, 2));
  CHECK(ask(world.controller, order(OrderKind::open, Hop::exit, 1)).state == HopState::open);
  const auto violations = world.site([](SimulatedSite& site) { return site.violations(); });
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].rule == Rule::opened_after_fence);
}

TEMPLATE_TEST_CASE("Controller: a hop without a dead-man is caught by the ledger", "[contract][controller]",
                   InProcess, OverHttp) {
  TestType world;
  world.site([](SimulatedSite& site) { site.faults(Hop::route).ignores_not_after = true; });
  open_everything(world.controller);
  world.clock.advance(3h);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::probe)).state == HopState::reachable);
  CHECK(world.site([](SimulatedSite& site) { return site.violations(); }) ==
        std::vector<SimulatedSite::Violation>{{Rule::open_after_not_after, Hop::route, grant, 1, nine + 2h}});
}

TEMPLATE_TEST_CASE("Controller: a refusal to open and a wrong generation are told as they were answered",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  world.site([](SimulatedSite& site) { site.faults(Hop::exit).refuses_to_open = true; });
  CHECK(ask(world.controller, order(OrderKind::open, Hop::exit)).state == HopState::refused);
  world.site([](SimulatedSite& site) { site.faults(Hop::access_point).generation_off = -1; });
  CHECK(ask(world.controller, order(OrderKind::open, Hop::access_point, 2)).generation == 1);
}

TEMPLATE_TEST_CASE("Controller: silence is an unknown state, not a failed one", "[contract][controller]", InProcess,
                   OverHttp) {
  TestType world;
  SECTION("a dead hop did nothing") {
    world.site([](SimulatedSite& site) { site.faults(Hop::access_point).dead = true; });
    const auto heard = world.controller.carry_out(order(OrderKind::open, Hop::access_point), "effect_1");
    REQUIRE_FALSE(heard);
    CHECK(heard.error().code == Errc::Transient);
    CHECK_FALSE(world.site([](SimulatedSite& site) { return site.is_open(Hop::access_point, grant); }));
    // The others go on.
    CHECK(ask(world.controller, order(OrderKind::open, Hop::exit)).state == HopState::open);
  }
  SECTION("a late one may have obeyed") {
    world.site([](SimulatedSite& site) { site.faults(Hop::access_point).late = 6s; });
    const auto heard = world.controller.carry_out(order(OrderKind::open, Hop::access_point), "effect_1");
    REQUIRE_FALSE(heard);
    CHECK(heard.error().code == Errc::Transient);
    CHECK(world.site([](SimulatedSite& site) { return site.is_open(Hop::access_point, grant); }));
    world.site([](SimulatedSite& site) { site.faults(Hop::access_point).late = 0s; });
    CHECK(ask(world.controller, order(OrderKind::open, Hop::access_point)).state == HopState::open);
  }
}

TEMPLATE_TEST_CASE("Controller: the button closes without anybody's leave and is reported afterwards, in order",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  open_everything(world.controller);
  REQUIRE(world.site([](SimulatedSite& site) { return site.connect(grant).has_value(); }));
  world.clock.advance(5min);
  world.site([](SimulatedSite& site) { site.press_button(); });
  CHECK(world.site([](SimulatedSite& site) { return site.sessions(grant); }) == 0);
  CHECK(ask(world.controller, order(OrderKind::check, Hop::access_point)).state == HopState::closed);
  CHECK(ask(world.controller, order(OrderKind::open, Hop::access_point)).state == HopState::refused);

  world.clock.advance(2h);  // the exit follows by its own clock
  const auto reports = world.site([](SimulatedSite& site) { return site.reports(); });
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].cause == SimulatedSite::Report::Cause::button);
  CHECK(reports[0].at == nine + 5min);
  CHECK(reports[2].answer.hop == Hop::exit);
  CHECK(reports[2].cause == SimulatedSite::Report::Cause::not_after);
}

TEMPLATE_TEST_CASE("Controller: an order that the contract does not know is the caller's mistake",
                   "[contract][controller]", InProcess, OverHttp) {
  TestType world;
  for (const Order& wrong : {order(OrderKind::open, Hop::probe), order(OrderKind::arm, Hop::route),
                             order(OrderKind::check, Hop::exit, 0)}) {
    const auto heard = world.controller.carry_out(wrong, "effect_1");
    REQUIRE_FALSE(heard);
    CHECK(heard.error().code == Errc::Invalid);
  }
}

TEST_CASE("reports reach the engine when the line is up again, each once", "[contract][controller]") {
  OverHttp world;
  open_everything(world.controller);
  world.site([](SimulatedSite& site) { site.press_button(); });
  CHECK_FALSE(world.simulator.deliver_reports("http://127.0.0.1:1/reports", "t"));

  std::vector<std::string> heard;
  httplib::Server engine;
  engine.Post("/reports",
              [&](const httplib::Request& request, httplib::Response&) { heard.push_back(request.body); });
  const int port = engine.bind_to_any_port("127.0.0.1");
  std::thread listening([&] { engine.listen_after_bind(); });
  while (!engine.is_running())
    std::this_thread::yield();
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/reports";
  const auto first = world.simulator.deliver_reports(url, "t");
  const auto second = world.simulator.deliver_reports(url, "t");
  engine.stop();
  listening.join();

  REQUIRE(first);
  CHECK(*first == 2);
  CHECK(*second == 0);
  REQUIRE(heard.size() == 2);
  const Json report = Json::parse(heard[0]);
  CHECK(report.at("cause") == "button");
  CHECK(report.at("state") == "closed");
  CHECK(report.at("grant") == grant.text());
}

TEST_CASE("a controller that is gone, or does not know us, leaves the state unknown", "[contract][controller]") {
  OverHttp world;
  HttpController::Config config;
  config.url = world.simulator.url();
  config.token = "wrong-token";
  const auto stranger = HttpController(config).carry_out(order(OrderKind::open, Hop::exit), "effect_1");
  REQUIRE_FALSE(stranger);
  CHECK(stranger.error().code == Errc::Transient);
  CHECK(stranger.error().what.find("wrong-token") == std::string::npos);

  world.simulator.stop();
  const auto gone = world.controller.carry_out(order(OrderKind::open, Hop::exit), "effect_1");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == Errc::Transient);
  REQUIRE(world.simulator.start());
  CHECK(ask(world.controller, order(OrderKind::open, Hop::exit)).state == HopState::open);
}

}  // namespace kintsugi::access_point
