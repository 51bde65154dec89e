#pragma once

#include <cstddef>
#include <string>

namespace kintsugi::testing {

// A disk of its own for one test, small enough to be filled: a tmpfs, with TMPDIR on it, so that everything that the
// test makes from now on lies there. Whoever is not root becomes it in a name space of his own; that must come before
// the test has a second thread.
class Disk {
 public:
  explicit Disk(std::size_t mebibytes);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void fill();                 // to the last byte
  void make_room();            // takes that back
  void be_read_only(bool on);  // nothing on it may be open for writing

 private:
  std::string path_;
  std::string temporary_before_;
};

}  // namespace kintsugi::testing
