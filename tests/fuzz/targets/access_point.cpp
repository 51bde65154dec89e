#include "adapters/access_point/wire.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <charconv>

// Both ends of the line to an access point. First line: hop, order and status of an answer to us, `0 1 200`; second
// line: a call to an access point, `PUT /v1/exit/grants/grant_1 7`; the rest is the body of both.
namespace kintsugi::fuzz {
namespace {

std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}
unsigned take_number(std::string_view& line) {
  const std::string_view word = take_word(line);
  unsigned out = 0;
  std::from_chars(word.data(), word.data() + word.size(), out);
  return out;
}
template <class E>
E one_of(unsigned n) {
  const auto all = names_of(E{});
  return all[n % all.size()].first;
}

void look_at_answer(std::string_view line, std::string_view body) {
  Order order;
  order.hop = one_of<Hop>(take_number(line));
  order.order = one_of<OrderKind>(take_number(line));
  order.grant = GrantId{"grant_1"};
  order.generation = 7;
  const auto answer = access_point::answer_from(order, static_cast<int>(take_number(line) % 1000), body);
  if (!answer) return must(!answer.error().what.empty(), "what is unclear is said");
  must(body.size() <= access_point::body_max, "a long answer is none");
  must(answer->hop == order.hop && answer->state != HopState::unknown, "an answer is of its hop and says a state");
  must(answer->generation >= 0 && answer->sessions >= 0, "nothing is counted below zero");
  const auto reply = access_point::reply_for(*answer, false);
  const auto again = access_point::answer_from(order, reply.status, reply.body);
  must(again && again->state == answer->state && again->generation == answer->generation &&
           again->sessions == answer->sessions && again->identity == answer->identity,
       "an answer that is sent again reads the same");
}

void look_at_call(std::string_view line, std::string_view body) {
  const std::string_view method = take_word(line);
  const std::string_view path = take_word(line);
  const auto order = access_point::order_from(method, path, line, body);
  if (!order) return must(!order.error().what.empty(), "what is wrong is said");
  const auto call = access_point::call_for(*order);
  must(call.has_value(), "an order that was taken can be given");
  const auto query = call->path.find("?generation=");
  const auto again =
      access_point::order_from(call->method, call->path.substr(0, query), call->path.substr(query + 12), call->body);
  must(again && again->hop == order->hop && again->order == order->order && again->grant == order->grant &&
           again->generation == order->generation && again->device == order->device &&
           again->window == order->window && again->workers == order->workers && again->level == order->level,
       "an order that is given again reads the same");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view answered = fuzz::take_line(rest);
  const std::string_view called = fuzz::take_line(rest);
  fuzz::look_at_answer(answered, rest);
  fuzz::look_at_call(called, rest);
  std::ignore = access_point::is_key(called);
  return 0;
}
