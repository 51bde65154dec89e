#pragma once

#include "engine/ports/controller.h"

#include <string>
#include <string_view>

// docs/api/access-point.md as pure functions, for both ends of the line: orders become calls, answers become replies.
namespace kintsugi::access_point {

constexpr std::size_t body_max = 64 * 1024;       // bytes of a call or a reply
constexpr std::size_t idempotency_key_max = 200;  // bytes of visible ASCII
constexpr std::string_view key_header = "Idempotency-Key";

// One HTTP request, without what every request carries (authority, credentials, key).
struct Call {
  std::string method;
  std::string path;  // with its query
  std::string body;  // JSON, or empty
};
// Invalid: a grant that cannot stand in a path, or an order that this hop does not know (the route and the probe are
// not armed; the probe is only asked).
Result<Call> call_for(const Order& order);

// The receiver's side. `path` is without the query. Invalid: no call of this contract; the text says what is wrong.
Result<Order> order_from(std::string_view method, std::string_view path, std::string_view generation,
                         std::string_view body);

struct Reply {
  int status = 0;
  std::string body;
};
// 200, or for a refusal 412 when the generation is the reason and 409 when anything else is.
Reply reply_for(const HopAnswer& answer, bool fenced);

// What a reply to this order means. Transient for everything that is not clearly an answer of this contract: the
// state of the hop is then unknown.
Result<HopAnswer> answer_from(const Order& order, int status, std::string_view body);

// Visible ASCII without quotes or spaces, within its limit: safe as a header's value.
bool is_key(std::string_view text);

}  // namespace kintsugi::access_point
