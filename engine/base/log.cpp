#include "engine/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <string>

namespace kintsugi::log {
namespace {

const std::shared_ptr<spdlog::sinks::sink>& sink() {
  static const std::shared_ptr<spdlog::sinks::sink> one = [] {
    auto made = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %n %v");
    return made;
  }();
  return one;
}

spdlog::level::level_enum& level() {
  static spdlog::level::level_enum one = spdlog::level::info;
  return one;
}

std::shared_ptr<spdlog::logger> make(const char* name) {
  auto made = std::make_shared<spdlog::logger>(name, sink());
  made->set_level(level());
  made->flush_on(spdlog::level::warn);
  spdlog::register_logger(made);
  return made;
}

}  // namespace

spdlog::logger& engine() {
  static const auto one = make("engine");
  return *one;
}
spdlog::logger& run() {
  static const auto one = make("run");
  return *one;
}
spdlog::logger& courier() {
  static const auto one = make("courier");
  return *one;
}
spdlog::logger& audit() {
  static const auto one = make("audit");
  return *one;
}
spdlog::logger& store() {
  static const auto one = make("store");
  return *one;
}
spdlog::logger& http() {
  static const auto one = make("http");
  return *one;
}

bool set_level(std::string_view word) {
  const auto wanted = spdlog::level::from_str(std::string(word));
  if (wanted == spdlog::level::off && word != "off") return false;
  level() = wanted;
  spdlog::apply_all([&](const std::shared_ptr<spdlog::logger>& one) { one->set_level(wanted); });
  return true;
}

}  // namespace kintsugi::log
