#pragma once

#include "engine/base/result.h"

#include <CLI/CLI.hpp>

#include <string>

// The commands of `kintsugi`, a noun and a verb each. A command adds itself to the application and puts its exit
// code where it was told.
namespace kintsugi::cli {

// What scripts may rely on.
enum Exit : int {
  ok = 0,
  failed = 1,
  usage = 2,
  not_found = 3,
  denied = 4,
  conflict = 5,
  unavailable = 6,
  not_verified = 7,
  timed_out = 8,
};
int exit_of(const Error& error);
// Says what went wrong on standard error and returns the exit code for it.
int report(const Error& error);

void add_installation(CLI::App& app, int& exit);  // init, serve, import, device, gate, version
void add_demo(CLI::App& app, int& exit);
void add_workflow(CLI::App& app, int& exit);
void add_audit(CLI::App& app, int& exit);
void add_database(CLI::App& app, int& exit);
void add_outbox(CLI::App& app, int& exit);
void add_vault(CLI::App& app, int& exit);
void add_intake(CLI::App& app, int& exit);

}  // namespace kintsugi::cli
