// In an object of its own, so that a program with another main() can use what else is here.
namespace Catch {
int run_all(int argc, char* argv[]);
}

int main(int argc, char* argv[]) {
  return Catch::run_all(argc, argv);
}
