#include "programs/cli/opened.h"

namespace kintsugi::cli {

Result<std::unique_ptr<Server>> opened(const std::string& data, const Clock& clock, Entropy& entropy) {
  auto home = open_home(data);
  if (!home) return pass(home);
  return Server::open(std::move(*home), Config{}, clock, entropy);
}

}  // namespace kintsugi::cli
