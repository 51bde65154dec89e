#include "programs/cli/opened.h"

#include "programs/server/operator_orders.h"

namespace kintsugi::cli {

Result<std::unique_ptr<Server>> opened(const std::string& data, const Clock& clock, Entropy& entropy) {
  auto home = open_home(data);
  if (!home) return pass(home);
  return Server::open(std::move(*home), Config{}, clock, entropy);
}

Result<Json> carried_out(const std::string& data, const std::string& order, const Json& with) {
  const auto home = open_home(data);
  if (!home) return pass(home);
  auto done = OperatorDoor::order(home->operator_door(), order, with);
  if (!done) return pass(done);
  if (*done) return std::move(**done);
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(data, clock, entropy);
  if (!server) return pass(server);
  return carry_out(**server, clock, entropy, order, with);
}

}  // namespace kintsugi::cli
