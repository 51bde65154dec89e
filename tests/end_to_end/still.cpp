#include "tests/end_to_end/still.h"

#include "engine/base/digest.h"

#include <stdexcept>

namespace kintsugi::testing {
namespace {

std::vector<Stranger> strangers() {
  using enum Role;
  std::vector<Stranger> out;
  const auto add = [&](std::string at, Role role) {
    const std::string nick = "new_" + at + "_" + std::string(name_of(role));
    out.push_back({nick, role, at, at == hospital || at == centre});
  };
  for (const char* at : {"sakura", "fuji"})
    for (const Role role : {hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty, auditor})
      add(at, role);
  for (const char* at : {"hikari", "kumo"})
    for (const Role role : {rsc_svc, rsc_l2, rsc_mgr, rsc_netadm})
      add(at, role);
  return out;
}

Directory world_with(const std::vector<Stranger>& people, const Workflow& workflow) {
  Directory out = small_world();
  for (const Stranger& one : people) {
    Person who = *out.person(person("sysadm"));
    who.id = person(one.nick);
    who.name = {one.nick, one.nick};
    who.mail = one.nick + "@" + one.at + ".example";
    who.employer = organisation(one.at);
    who.roles.front().role = one.role;
    who.roles.front().at = who.employer;
    out.put(std::move(who));
  }
  // One device for each state, so that no two cases are twins.
  Contract contract = *out.contract(id_of<ContractId>("contract", "mr1"));
  for (const StateInfo& state : workflow.states) {
    Device one = *out.device(device("mr1"));
    one.id = device("mr_" + state.name);
    one.serial = "SN-" + state.name;
    contract.devices.push_back(one.id);
    out.put(std::move(one));
  }
  out.put(std::move(contract));
  // Kumo serves nobody here.
  Contract other = *out.contract(id_of<ContractId>("contract", "ct1"));
  other.rsc = organisation(centre);
  out.put(std::move(other));
  return out;
}

template <class Id, class T>
void add(std::vector<Master>& out, const char* kind, const std::map<Id, T>& all, OrganisationId T::*owner) {
  for (const auto& [id, one] : all)
    out.push_back({.kind = kind, .id = id.text(), .tenant = (one.*owner).text(), .body = to_json_text(one)});
}

std::vector<Master> masters_of(const Directory& directory) {
  std::vector<Master> out;
  add(out, "organisation", directory.organisations(), &Organisation::id);
  add(out, "person", directory.people(), &Person::employer);
  add(out, "access_point", directory.access_points(), &AccessPoint::owner);
  add(out, "device", directory.devices(), &Device::tenant);
  add(out, "contract", directory.contracts(), &Contract::tenant);
  return out;
}

}  // namespace

void demand(const Result<>& done) {
  if (!done) throw std::runtime_error(done.error().what);
}

Still::Still() : people(strangers()), directory(world_with(people, workflow)) {
  const auto home = make_home(place_.path("data"), "test.kintsugi.invalid", entropy_);
  REQUIRE(home);
  auto wired = Engine::wire(*home, {}, clock, entropy_);
  REQUIRE(wired);
  engine_ = std::move(*wired);
  REQUIRE(engine_->open());
  engine_->conductor->start();
  REQUIRE(engine_->conductor->put_masters(masters_of(directory)));
  for (const Stranger& one : people)
    sign_in(one);
  http::Listening listening;
  listening.port = 0;
  server_ = std::make_unique<http::Server>(engine_->desk(), listening);
  REQUIRE(server_->start());
}

Still::~Still() {
  server_->stop();
  engine_->conductor->stop();
}

CaseFile Still::paste(const Play& play) {
  CaseFile file = play.file;
  file.id = CaseId{new_id_text("case", clock.now(), entropy_.digest(), 0)};
  file.number = case_number(2026, ++number_);
  file.device = device("mr_" + file.state);
  keep(file, true);
  return file;
}

void Still::take_away(CaseFile file) {
  file.state = "closed";
  file.grants.clear();  // the device is free for the next one
  keep(file, false);
}

std::string Still::step_up(const Stranger& who, const CaseId& id, const std::string& event, const Json& payload) {
  const std::string token = to_base64(entropy_.digest());
  StoredStepUp proof;
  proof.token = sha256(token);
  proof.person = person(who.nick);
  proof.case_id = id;
  proof.event = event;
  if (const auto named = payload.find("request_hash"); named != payload.end())
    demand(read_json(*named, proof.request_hash));
  proof.created = clock.now();
  proof.expires = clock.now() + 2min;
  demand(conductor().chore([&](Batch& batch) { return batch.put_step_up(proof); }));
  return token;
}

void Still::sign_in(const Stranger& who) {
  SignIn row;
  row.id = SignInId{new_id_text("signin", clock.now(), entropy_.digest(), 0)};
  row.person = person(who.nick);
  row.token = sha256(token_of(who));
  row.created = clock.now();
  row.expires = clock.now() + 8h;
  row.with_code = true;
  demand(conductor().chore([&](Batch& batch) { return batch.put_sign_in(row); }));
}

void Still::keep(const CaseFile& file, bool is_new) {
  const bool open = workflow.is_open(file.state);
  demand(engine_->vault->create_keys(file.id));
  const auto kept = conductor().chore([&](Batch& batch) -> Result<> {
    LapWrites lap;
    lap.files.push_back({.file = &file, .is_new = is_new, .open = open});
    return batch.write(lap);
  });
  demand(kept);
}

}  // namespace kintsugi::testing
