#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

// Catch itself. main() stands in entry.cpp.
namespace Catch {

int run_all(int argc, char* argv[]);
int run_all(int argc, char* argv[]) {
  return Session().run(argc, argv);
}

}  // namespace Catch
