#include "adapters/http/doorkeeper.h"

#include "engine/base/log.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace kintsugi::http {
namespace {

constexpr Duration nobody_there = std::chrono::hours(1);  // whoever comes rings
constexpr std::size_t crowd = clients_max + threads_reserve;

struct Waiting {
  std::chrono::steady_clock::time_point since;
  ino_t socket = 0;
  const Connection* connection = nullptr;
};
// Of those that were seen for the first time in one look, the kernel numbered the later ones higher: whoever comes
// last in a crowd is not taken for one of its first.
bool came_before(const Waiting& a, const Waiting& b) {
  return std::tie(a.since, a.socket) < std::tie(b.since, b.socket);
}

}  // namespace

class Doorkeeper::Threads final : public httplib::TaskQueue {
 public:
  Threads(Doorkeeper& keeper, std::size_t count) : keeper_(keeper), pool_(count) {}
  void enqueue(std::function<void()> connection) override {
    keeper_.came();
    pool_.enqueue([this, connection = std::move(connection)] {
      connection();
      keeper_.went();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  Doorkeeper& keeper_;
  httplib::ThreadPool pool_;
};

httplib::TaskQueue* Doorkeeper::threads(std::size_t count) {
  return new Threads(*this, count);
}

void Doorkeeper::start(int port) {
  port_ = port;
  thread_ = std::thread([this] {
    Bell::Heard heard = 0;
    while (bell_.wait(heard, open_ > 0 ? Duration(door_look_every) : nobody_there))
      look();
  });
}

void Doorkeeper::stop() {
  bell_.stop();
  if (thread_.joinable()) thread_.join();
}

// The first is looked at from now on; one too many is not left standing until the next look.
void Doorkeeper::came() {
  const std::size_t before = open_++;
  if (before == 0 || before >= crowd) bell_.ring();
}

std::shared_ptr<void> Doorkeeper::answering(const std::string& address, int port) {
  std::string peer = peer_name(address, port);
  const std::scoped_lock lock(mutex_);
  Line& line = lines_[peer];
  ++line.answers;
  return {&line, [this, peer = std::move(peer)](void*) {
            const std::scoped_lock held(mutex_);
            Line& done = lines_[peer];
            --done.answers;
            done.since = std::chrono::steady_clock::now();
            done.measured = false;
          }};
}

void Doorkeeper::look() {
  const auto connections = connections_to(port_);
  const Moment now = std::chrono::steady_clock::now();
  std::vector<Waiting> waiting;
  std::vector<const Connection*> leaving;

  const std::scoped_lock lock(mutex_);
  for (auto& [peer, line] : lines_)
    line.seen = false;
  for (const Connection& one : connections) {
    Line& line = lines_[one.peer];
    if (line.socket != one.socket && line.answers == 0) {
      const bool is_new = line.socket != 0 || line.since == Moment{};
      line.socket = one.socket;
      if (is_new) line = {.socket = one.socket, .since = now, .before = 0, .measured = true};
    }
    line.seen = true;
    if (line.answers > 0 || line.cut) continue;
    if (!std::exchange(line.measured, true)) line.before = one.received;
    if (now - line.since > turn_max || one.received - line.before > request_bytes_max)
      leaving.push_back(&one);
    else
      waiting.push_back({.since = line.since, .socket = one.socket, .connection = &one});
  }
  std::erase_if(lines_, [](const auto& one) { return !one.second.seen && one.second.answers == 0; });

  if (waiting.size() > crowd) {
    const auto too_many = static_cast<std::ptrdiff_t>(waiting.size() - clients_max);
    std::ranges::nth_element(waiting, waiting.begin() + too_many, came_before);
    for (auto one = waiting.begin(); one != waiting.begin() + too_many; ++one)
      leaving.push_back(one->connection);
    log::http().warn("{} connections wait, the {} that have waited longest are cut off", waiting.size(), too_many);
  }
  for (const Connection* one : leaving) {
    cut_off(*one);
    lines_[one->peer].cut = true;
  }
  cut_ += leaving.size();
}

}  // namespace kintsugi::http
