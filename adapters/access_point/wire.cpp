#include "adapters/access_point/wire.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::access_point {

namespace {

// Names in URLs have hyphens.
std::string_view in_path(Hop hop) {
  return hop == Hop::access_point ? "access-point" : name_of(hop);
}
std::optional<Hop> hop_from(std::string_view text) {
  for (const auto& [hop, name] : names_of(Hop{}))
    if (in_path(hop) == text) return hop;
  return std::nullopt;
}

constexpr std::string_view emergency = "emergency-close";

bool is_id(std::string_view text) {
  constexpr std::size_t id_max = 64;  // bytes
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= id_max && std::ranges::all_of(text, plain);
}

bool knows(Hop hop, OrderKind order) {
  if (order == OrderKind::check) return true;
  if (hop == Hop::probe) return false;
  return hop != Hop::route || order != OrderKind::arm;
}

std::string_view method_for(OrderKind order) {
  switch (order) {
    case OrderKind::arm:
    case OrderKind::open: return "PUT";
    case OrderKind::close: return "DELETE";
    case OrderKind::kill: return "POST";
    case OrderKind::check: return "GET";
  }
  return "";
}

tl::unexpected<Error> unclear(Hop hop, std::string_view why) {
  return fail(Errc::Transient, std::string(name_of(hop)) + ": " + std::string(why) + "; its state is unknown");
}

template <class T>
bool take(const Json& json, const char* name, T& out) {
  const auto found = json.find(name);
  return found != json.end() && read_json(*found, out).has_value();
}

Result<> read_grant(std::string_view body, Order& order) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(Errc::Invalid, "the body must be a JSON object");
  std::string state;
  if (!take(json, "state", state) || (state != "armed" && state != "open"))
    return fail(Errc::Invalid, "/state must be \"armed\" or \"open\"");
  order.order = state == "open" ? OrderKind::open : OrderKind::arm;
  if (!take(json, "device", order.device) || order.device.empty())
    return fail(Errc::Invalid, "/device must be an id");
  if (!take(json, "not_before", order.window.opens)) return fail(Errc::Invalid, "/not_before must be a time");
  if (!take(json, "not_after", order.window.closes)) return fail(Errc::Invalid, "/not_after must be a time");
  if (!take(json, "workers", order.workers)) return fail(Errc::Invalid, "/workers must be a list of ids");
  if (json.contains("case") && !take(json, "case", order.case_id)) return fail(Errc::Invalid, "/case must be an id");
  if (json.contains("level") && !take(json, "level", order.level))
    return fail(Errc::Invalid, "/level must be \"view\", \"control\", \"file\" or \"service_mode\"");
  return {};
}

}  // namespace

Result<Call> call_for(const Order& order) {
  if (!is_id(order.grant.text())) return fail(Errc::Invalid, "order: the grant is no id");
  if (order.generation < 1) return fail(Errc::Invalid, "order: generations count from 1");
  if (!knows(order.hop, order.order))
    return fail(Errc::Invalid,
                "order: " + std::string(name_of(order.hop)) + " knows no " + std::string(name_of(order.order)));
  Call call{std::string(method_for(order.order)),
            "/v1/" + std::string(in_path(order.hop)) + "/grants/" + order.grant.text(), ""};
  if (order.order == OrderKind::kill) call.path += "/" + std::string(emergency);
  call.path += "?generation=" + std::to_string(order.generation);
  if (call.method == "PUT") {
    Json body{{"state", order.order == OrderKind::open ? "open" : "armed"},
              {"case", order.case_id.text()},
              {"device", order.device.text()},
              {"level", name_of(order.level)},
              {"not_before", to_text(order.window.opens)},
              {"not_after", to_text(order.window.closes)},
              {"workers", Json::array()}};
    for (const PersonId& worker : order.workers)
      body["workers"].push_back(worker.text());
    call.body = body.dump();
  }
  return call;
}

Result<Order> order_from(std::string_view method, std::string_view path, std::string_view generation,
                         std::string_view body) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 1; from <= path.size();) {
    const std::size_t until = std::min(path.find('/', from), path.size());
    parts.push_back(path.substr(from, until - from));
    from = until + 1;
  }
  const bool ends_in_emergency = parts.size() == 5 && parts[4] == emergency;
  if ((parts.size() != 4 && !ends_in_emergency) || parts[0] != "v1" || parts[2] != "grants" || !is_id(parts[3]))
    return fail(Errc::Invalid, "no such path");

  Order order;
  const auto hop = hop_from(parts[1]);
  if (!hop) return fail(Errc::Invalid, "no such hop");
  order.hop = *hop;
  order.grant = GrantId{std::string(parts[3])};
  const auto [end, wrong] =
      std::from_chars(generation.data(), generation.data() + generation.size(), order.generation);
  if (wrong != std::errc{} || end != generation.data() + generation.size() || order.generation < 1)
    return fail(Errc::Invalid, "generation must be a whole number from 1");

  if (ends_in_emergency) {
    order.order = OrderKind::kill;
  } else if (method == "DELETE") {
    order.order = OrderKind::close;
  } else if (method == "GET") {
    order.order = OrderKind::check;
  } else if (auto read = read_grant(body, order); !read) {
    return pass(read);
  }
  if (method != method_for(order.order) || !knows(order.hop, order.order))
    return fail(Errc::Invalid, "this hop knows no such order");
  return order;
}

Reply reply_for(const HopAnswer& answer, bool fenced) {
  Json body{{"hop", name_of(answer.hop)},
            {"state", name_of(answer.state)},
            {"generation", answer.generation},
            {"sessions", answer.sessions}};
  if (!answer.identity.empty()) body["identity"] = answer.identity;
  const int refusal = fenced ? 412 : 409;
  return {answer.state == HopState::refused ? refusal : 200, body.dump()};
}

Result<HopAnswer> answer_from(const Order& order, int status, std::string_view body) {
  if (status == 401 || status == 403) return unclear(order.hop, "it does not accept our credentials");
  const bool refusal = status == 409 || status == 412;
  if (status != 200 && !refusal) return unclear(order.hop, "it answered " + std::to_string(status));
  if (body.size() > body_max) return unclear(order.hop, "its answer is too long");

  const Json json = Json::parse(body, nullptr, false);
  HopAnswer answer;
  if (!json.is_object() || !take(json, "hop", answer.hop) || !take(json, "state", answer.state) ||
      !take(json, "generation", answer.generation))
    return unclear(order.hop, "its answer does not name hop, state and generation");
  if (json.contains("sessions") && !take(json, "sessions", answer.sessions))
    return unclear(order.hop, "its answer has no number of sessions");
  if (json.contains("identity") && !take(json, "identity", answer.identity))
    return unclear(order.hop, "its answer has no readable identity");
  if (answer.hop != order.hop) return unclear(order.hop, "another hop answered");
  if (refusal != (answer.state == HopState::refused))
    return unclear(order.hop, "its answer and its status contradict each other");
  const bool of_probe = answer.state == HopState::reachable || answer.state == HopState::closed;
  const bool possible = order.hop == Hop::probe ? of_probe : answer.state != HopState::reachable;
  if (!possible || answer.state == HopState::unknown) return unclear(order.hop, "it does not say a state");
  return answer;
}

bool is_key(std::string_view text) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7f && c != '"'; };
  return !text.empty() && text.size() <= idempotency_key_max && std::ranges::all_of(text, visible);
}

}  // namespace kintsugi::access_point
