#include "engine/audit/canonical.h"
#include "engine/audit/record.h"
#include "engine/audit/record_schema.h"
#include "tests/support/audit_log.h"
#include "tests/support/places.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

namespace kintsugi::audit {
namespace {

using namespace test;

// A record that uses every member.
Record full_record() {
  Record r = step_record("take_data", 3, 2, "connected", "connected");
  r.objects = {{"text", sha256("one"), 12}, {"phi", sha256("two"), std::nullopt}};
  r.outcome = 4;
  r.x = {{"item", "i-" + id26(4)}, {"class", "log"}, {"received", Json::array({"i-" + id26(4)})}, {"size", 99}};
  return r;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

template <class E>
std::string all_names(bool with_first) {
  std::string out;
  for (const auto& [value, name] : names_of(E{}))
    if (with_first || value != E{}) out += (out.empty() ? "" : " ") + std::string(name);
  return out;
}

const char* form_name(Form form) {
  switch (form) {
    case Form::choice: return "choice";
    case Form::word: return "word";
    case Form::row: return "row";
    case Form::id: return "id";
    case Form::ids: return "ids";
    case Form::count: return "count";
    case Form::number: return "number";
    case Form::time: return "time";
    case Form::digest: return "digest";
    case Form::yes: return "yes";
    case Form::vkey: return "vkey";
  }
  return "?";
}

std::string documentation() {
  std::ifstream in(std::string(testing::source_directory) + "/docs/audit-record.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a record is written in one way, and reads back", "[audit][record]") {
  const std::string body = encode(full_record());
  CHECK(body == R"({"act":{"id":"u-01ARZ3NDEKTSV4RRFFQ69G0001","kind":"person","org":"rsc","role":"rsc_svc"},)"
                R"("auth":{"m":"pwd+otp","s":")" +
                    sign_in_mark("a sign-in") +
                    R"("},)"
                    R"("case":"c-01ARZ3NDEKTSV4RRFFQ69G0003","cn":2,"ev":"take_data","from":"connected",)"
                    R"("log":"audit.rsc.example/hcf/3bx13b12f7","node":{"id":"e1","n":1,"run":"5f0c2a11"},)"
                    R"("obj":[{"c":")" +
                    to_base64(sha256("one")) + R"(","k":"text","len":12},{"c":")" + to_base64(sha256("two")) +
                    R"(","k":"phi"}],)"
                    R"("out":4,"t":"2026-03-04T09:00:00.000000Z","to":"connected","v":1,)"
                    R"("wf":{"id":"fault_response","rev":")" +
                    to_base64(sha256("table")) +
                    R"("},)"
                    R"("x":{"class":"log","item":"i-01ARZ3NDEKTSV4RRFFQ69G0004",)"
                    R"("received":["i-01ARZ3NDEKTSV4RRFFQ69G0004"],"size":99}})");
  CHECK(check_canonical(body));
  CHECK(canonical(Json::parse(body)).value() == body);

  const auto view = read_record(body, events());
  REQUIRE(view);
  CHECK(view->log == origin);
  CHECK(view->event == "take_data");
  CHECK(view->actor == "u-" + id26(1));
  CHECK(view->case_id == "c-" + id26(3));
  CHECK(view->cn == 2);
  CHECK(view->from == "connected");
  CHECK(view->received == "\"i-" + id26(4) + "\"");
  CHECK(view->settled.empty());
}

TEST_CASE("whatever the schema lets through is canonical, and nothing shorter is let through", "[audit][record]") {
  const std::string body = encode(full_record());
  for (std::size_t i = 0; i < body.size(); ++i) {
    CHECK_FALSE(check_record(body.substr(0, i), events()));
    for (const char c : {'"', '\\', ' ', '0', 'A', '}', '\x01', '\x80'}) {
      std::string changed = body;
      changed[i] = c;
      if (check_record(changed, events())) CHECK(check_canonical(changed));
    }
  }
}

TEST_CASE("a record that breaks the schema is refused", "[audit][record]") {
  const std::string body = encode(full_record());
  const auto refused = [&](std::string_view what, std::string_view with) {
    INFO(what << " -> " << with);
    const auto checked = check_record(replaced(body, what, with), events());
    CHECK_FALSE(checked);
    if (!checked) CHECK(checked.error().code == Errc::Invalid);
  };
  REQUIRE(check_record(body, events()));
  refused(R"("v":1)", R"("v":2)");
  refused(R"("v":1)", R"("v":1,"note":"she is ill")");
  refused(R"("kind":"person")", R"("kind":"robot")");
  refused(R"("u-01ARZ)", R"("s-01ARZ)");  // a service's id for a person
  refused(R"("u-01ARZ)", R"("u-81ARZ)");  // more than 128 bits
  refused(R"("org":"rsc")", R"("org":"isp")");
  refused(R"("role":"rsc_svc")", R"("role":"doctor")");
  refused(R"("m":"pwd+otp")", R"("m":"voice")");
  refused(R"("cn":2)", R"("cn":-2)");
  refused(R"("cn":2)", R"("cn":0)");  // 0 opens a case and has no `from`
  refused(R"("cn":2)", R"("cn":9007199254740992)");
  refused(R"("cn":2,)", "");
  refused(R"("ev":"take_data")", R"("ev":"take_all")");
  refused(R"("ev":"take_data")", R"("ev":"acknowledge")");  // its x is another's
  refused(R"("from":"connected",)", "");
  refused(R"("from":"connected")", R"("from":"")");
  refused(R"("to":"connected")", R"("to":"Connected")");
  refused(R"("run":"5f0c2a11")", R"("run":"5F0C2A11")");
  refused(R"("k":"text")", R"("k":"photo")");
  refused(R"(,"len":12)", R"(,"len":12.0)");
  refused(R"("out":4)", R"("out":5)");
  refused("2026-03-04T09", "2026-02-30T09");
  refused("09:00:00.000000Z", "09:00:00Z");
  refused("09:00:00.000000Z", "24:00:00.000000Z");
  refused(R"("class":"log")", R"("class":"Yamada Taro")");
  refused(R"("class":"log")", R"("class":"yamada_taro")");
  refused(R"("size":99)", R"("size":"99")");
  refused(R"("size":99)", R"("size":99,"size":99)");
  refused(R"("size":99)", R"("size":99,"text":"hello")");
  refused(R"("size":99)", R"("size":99,"until":"2026-03-04T09:00:00.000000Z")");  // known, but not of this event
  refused(R"({"class":"log",)", R"({"size":1,"class":"log",)");
  refused(R"(["i-01ARZ3NDEKTSV4RRFFQ69G0004"])", "[]");
  refused(R"(["i-01ARZ3NDEKTSV4RRFFQ69G0004"])",
          R"(["i-01ARZ3NDEKTSV4RRFFQ69G0004","i-01ARZ3NDEKTSV4RRFFQ69G0004"])");
  refused(R"(["i-01ARZ3NDEKTSV4RRFFQ69G0004"])", R"(["c-01ARZ3NDEKTSV4RRFFQ69G0004"])");
  CHECK_FALSE(check_record(body + " ", events()));
  CHECK_FALSE(check_record(body + body, events()));
  CHECK_FALSE(check_record("", events()));
  CHECK_FALSE(check_record("[]", events()));
}

TEST_CASE("a text that somebody typed gets into no member", "[audit][record]") {
  for (const char* typed : {"山田太郎", "Yamada Taro", "O'Neill", "\"},\"x\":{", "192.168.0.1 down", ""}) {
    INFO(typed);
    const auto refused = [&](auto change) {
      Record r = full_record();
      change(r);
      CHECK_FALSE(check_record(encode(r), events()));
    };
    refused([&](Record& r) { r.log = typed; });
    refused([&](Record& r) { r.event = typed; });
    refused([&](Record& r) { r.act.id = typed; });
    refused([&](Record& r) { r.auth = typed; });
    refused([&](Record& r) { r.step->from = typed; });
    refused([&](Record& r) { r.step->to = typed; });
    refused([&](Record& r) { r.node.id = typed; });
    refused([&](Record& r) { r.node.run = typed; });
    refused([&](Record& r) { r.objects[0].kind = typed; });
    refused([&](Record& r) { r.workflow->id = typed; });
    if (*typed != '\0') refused([&](Record& r) { r.sign_in = typed; });
    if (*typed != '\0') refused([&](Record& r) { r.case_id = typed; });
    EventMembers everything = events();
    for (const Member& one : members()) {
      everything["take_data"] = {std::string(one.name)};
      Record r = full_record();
      r.x = {{std::string(one.name), typed}};
      CHECK_FALSE(check_record(encode(r), everything));
    }
  }
}

TEST_CASE("a record longer than 4096 bytes is refused", "[audit][record]") {
  Record r = full_record();
  r.objects.assign(40, {"text", sha256("one"), 12});
  CHECK(check_record(encode(r), events()));
  r.objects.assign(64, {"text", sha256("one"), 12});
  REQUIRE(encode(r).size() > record_bytes_max);
  CHECK_FALSE(check_record(encode(r), events()));
}

TEST_CASE("what must stand together does", "[audit][record]") {
  SECTION("a record that opens a case comes from nowhere") {
    CHECK(check_record(encode(step_record("fault", 1, 0, "", "notified")), events()));
    CHECK_FALSE(check_record(encode(step_record("fault", 1, 0, "closed", "notified")), events()));
    CHECK_FALSE(check_record(encode(step_record("fault", 1, 1, "", "notified")), events()));
  }
  SECTION("a workflow's event is a step of a case, under a workflow") {
    Record r = step_record("acknowledge", 1, 1, "notified", "acknowledged");
    CHECK(check_record(encode(r), events()));
    r.workflow.reset();
    CHECK_FALSE(check_record(encode(r), events()));
    CHECK_FALSE(check_record(encode(plain_record("acknowledge")), events()));
  }
  SECTION("a refusal names event and check, may name a case, and is no step") {
    Record r = plain_record("refused");
    r.x = {{"event", "approve"}, {"check", "not_the_requester"}};
    CHECK(check_record(encode(r), events()));
    r.case_id = "c-" + id26(1);
    CHECK(check_record(encode(r), events()));
    r.x.erase("check");
    CHECK_FALSE(check_record(encode(r), events()));
    r = step_record("refused", 1, 1, "notified", "notified");
    r.x = {{"event", "approve"}, {"check", "not_the_requester"}};
    CHECK_FALSE(check_record(encode(r), events()));
  }
  SECTION("the engine's own events belong to no case") {
    Record r = plain_record("user.login");
    CHECK(check_record(encode(r), events()));
    r.case_id = "c-" + id26(1);
    CHECK_FALSE(check_record(encode(r), events()));
  }
}

TEST_CASE("every form of a member has its values", "[audit][record]") {
  const auto accepts = [](const char* name, const Json& value) {
    Record r = step_record("take_data", 3, 2, "connected", "connected");
    r.x = {{name, value}};
    return check_record(encode(r), {{"take_data", {name}}}).has_value();
  };
  CHECK(accepts("row", "F15"));
  CHECK_FALSE(accepts("row", "f15"));
  CHECK(accepts("offset", -12));
  CHECK_FALSE(accepts("size", -12));
  CHECK(accepts("until", "2026-03-04T09:00:00.000000Z"));
  CHECK(accepts("request", to_base64(sha256("x"))));
  CHECK_FALSE(accepts("request", to_base64(sha256("x")).substr(1)));
  CHECK(accepts("by_hand", true));
  CHECK_FALSE(accepts("by_hand", false));
  CHECK(accepts("workers", Json::array({"u-" + id26(1), "u-" + id26(2)})));
  CHECK_FALSE(accepts("workers", Json::array({"u-" + id26(2), "u-" + id26(1)})));
  CHECK(accepts("vkey", format_vkey(TestKey(1).open)));
  CHECK_FALSE(accepts("vkey", "a+00000000+AQ=="));
  CHECK(accepts("grant", "g-" + id26(1)));
  CHECK_FALSE(accepts("grant", "i-" + id26(1)));
  CHECK_FALSE(accepts("size", 1.5));
}

TEST_CASE("ids are written with one letter, and only random ids are", "[audit][record]") {
  const std::string tail = id26(1);
  for (const auto& [ours, theirs] : {std::pair{"case_", "c-"},
                                     {"person_", "u-"},
                                     {"device_", "d-"},
                                     {"ap_", "a-"},
                                     {"grant_", "g-"},
                                     {"item_", "i-"},
                                     {"incident_", "n-"},
                                     {"effect_", "e-"}}) {
    CHECK(record_id(ours + tail) == theirs + tail);
    CHECK(id_of_record(theirs + tail) == ours + tail);
  }
  CHECK(record_id("person_taro").empty());
  CHECK(record_id("patient_" + tail).empty());
  CHECK(id_of_record("z-" + tail).empty());
  CHECK(id_of_record("c-").empty());
  CHECK(service_id("e1") == service_id("e1"));
  CHECK(service_id("e1") != service_id("e2"));
  CHECK(is_crockford(service_id("e1").substr(2)));
}

TEST_CASE("an actor acts for the side of his role, things for where they stand", "[audit][record]") {
  Actor person;
  person.kind = Role::none;
  person.person = PersonId("person_" + id26(1));
  CHECK(act_of(person, Role::hcf_sysadm).org == Side::hcf);
  CHECK(act_of(person, Role::rsc_svc).id == "u-" + id26(1));
  CHECK(act_of(person, Role::rsc_svc).person);
  Actor device;
  device.kind = Role::device;
  device.id = "device_" + id26(2);
  CHECK(act_of(device, Role::none).org == Side::hcf);
  CHECK(act_of(device, Role::none).role == Role::device);
  Actor engine;
  engine.id = "e1";
  CHECK(act_of(engine, Role::none).id == service_id("e1"));
  CHECK_FALSE(act_of(engine, Role::none).person);
}

TEST_CASE("the words of a choice are the domain's own", "[audit][record]") {
  const auto choices = [](const char* name) { return std::string(member(name)->choices); };
  CHECK(choices("care") == all_names<CareEffect>(true));
  CHECK(choices("channel") == all_names<Channel>(true));
  CHECK(choices("class") == all_names<ItemClass>(true));
  CHECK(choices("end") == all_names<GrantEnd>(false));
  CHECK(choices("hop") == all_names<Hop>(true));
  CHECK(choices("hop_state") == all_names<HopState>(true));
  CHECK(choices("item_state") == all_names<ItemState>(true));
  CHECK(choices("level") == all_names<AccessLevel>(true));
  CHECK(choices("link_kind") == all_names<LinkKind>(true));
  CHECK(choices("obligation") == all_names<ObligationKind>(true));
  CHECK(choices("phi") == all_names<Phi>(true));
  CHECK(choices("priority") == all_names<Priority>(true));
}

TEST_CASE("the list of members is sorted, and events name only what is in it", "[audit][record]") {
  for (std::size_t i = 1; i < members().size(); ++i)
    CHECK(members()[i - 1].name < members()[i].name);
  for (const EngineEvent& event : engine_events())
    for (const std::string_view name : event.x) {
      INFO(event.name << " " << name);
      CHECK(member(name) != nullptr);
    }
  CHECK(check_event_members(events()));
  CHECK_FALSE(check_event_members({{"fault", {"patient_name"}}}));
  CHECK_FALSE(check_event_members({{"refused", {}}}));
}

TEST_CASE("docs/audit-record.md lists the members and events of the code, and no others", "[audit][record]") {
  std::set<std::string> expected;
  for (const Member& one : members()) {
    std::string form = form_name(one.form);
    if (!one.choices.empty()) form += fmt::format(": {}", one.choices);
    expected.insert(fmt::format("| `{}` | {} | {} |", one.name, form, one.meaning));
  }
  for (const EngineEvent& event : engine_events()) {
    using enum EngineEvent::Place;
    std::string x;
    for (const auto name : event.x)
      x += fmt::format("{}`{}`", x.empty() ? "" : " ", name);
    expected.insert(fmt::format("| `{}` | {} | {} | {} |", event.name,
                                event.place == outside ? "no case"
                                : event.place == about ? "may name one"
                                                       : "a step",
                                x, event.meaning));
  }
  std::set<std::string> written;
  std::string text = documentation();
  text.erase(0, text.find("## Members of `x`"));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with("| `")) written.insert(line);
    at = end + 1;
  }
  CHECK(written == expected);
}

}  // namespace kintsugi::audit
