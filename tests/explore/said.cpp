#include "tests/explore/variants.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <set>

namespace kintsugi::explore {
namespace {

const Writers& writers() {
  static const Writers all = [] {
    Writers out;
    add_notice_and_request(out);
    add_connection(out);
    add_data_and_sign_off(out);
    return out;
  }();
  return all;
}

bool asks_for_second_factor(const std::string& event) {
  static const auto all = [] {
    std::set<std::string> out{"start_connection"};
    for (const EventInfo& one : fault_response::fault_response().events)
      if (one.needs_step_up) out.insert(one.name);
    return out;
  }();
  return all.contains(event);
}

}  // namespace

std::vector<Move> said(const Moment& moment, const std::string& event, const std::string& who) {
  const auto writer = writers().find(event);
  Variants some{{"", Json::object()}};
  if (writer != writers().end()) some = writer->second(moment, who);
  std::vector<Move> out;
  for (Variant& one : some)
    out.push_back({.who = who, .event = event, .with = std::move(one.with), .payload = std::move(one.payload)});
  if (asks_for_second_factor(event) && actor_of(who).kind == Role::none) {
    Move bare = out.front();
    bare.step_up = false;
    out.push_back(std::move(bare));
  }
  return out;
}

}  // namespace kintsugi::explore
