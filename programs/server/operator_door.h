#pragma once

#include "engine/base/fields.h"
#include "engine/base/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kintsugi {

// The operator's way into a server that runs: a socket in the installation's directory (`operator.sock`, 0600 in a
// directory of 0700). Whoever can open it can read every key beside it, so it asks for nothing else. One order is one
// JSON object each way and one connection; orders are carried out one after another.
class OperatorDoor {
 public:
  // Called in the door's own thread.
  using CarryOut = std::function<Result<Json>(const std::string& order, const Json& with)>;

  // Opens it, in place of one that a killed server has left. Transient when the socket cannot be made.
  static Result<std::unique_ptr<OperatorDoor>> open(const std::filesystem::path& socket, CarryOut carry_out);
  // What was begun is answered; the socket is gone.
  ~OperatorDoor();

  // Gives an order to the server behind this socket, from another process. Empty when none listens there.
  static Result<std::optional<Json>> order(const std::filesystem::path& socket, const std::string& order,
                                           const Json& with);

 private:
  class Listener;
  explicit OperatorDoor(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace kintsugi
