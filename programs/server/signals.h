#pragma once

namespace kintsugi {

// SIGINT and SIGTERM become a wish to stop instead of an end. Call before any thread is started.
void catch_signals();
bool stop_asked();
void wait_for_stop();

}  // namespace kintsugi
