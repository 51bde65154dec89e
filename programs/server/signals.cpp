#include "programs/server/signals.h"

#include <atomic>
#include <chrono>
#include <signal.h>
#include <thread>

namespace kintsugi {
namespace {

std::atomic<bool> asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_signal(int) {
  asked = true;
}

}  // namespace

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool stop_asked() {
  return asked;
}

void wait_for_stop() {
  while (!asked)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace kintsugi
