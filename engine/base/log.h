#pragma once

#include <spdlog/spdlog.h>

#include <memory>
#include <string_view>

// The operator's log: one line a fact, ids as fields (`case=… effect=…`), on standard error.
//
// error: a person must act. warn: we recovered. info: a case moved, a service started. debug: off.
// It may be lost; nothing is ever proved by it. It holds no names, no mail bodies, no secrets and no text that
// anybody typed. Whoever returns an Error does not log it; whoever swallows one does.
// Each logger may be used from any thread.
namespace kintsugi::log {

spdlog::logger& engine();
spdlog::logger& run();
spdlog::logger& courier();
spdlog::logger& audit();
spdlog::logger& store();
spdlog::logger& http();

// "debug", "info", "warn", "error" or "off", for every logger; an unknown word is ignored and false returned.
bool set_level(std::string_view word);

}  // namespace kintsugi::log
