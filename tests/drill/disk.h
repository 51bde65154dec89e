#pragma once

#include "tests/drill/dice.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kintsugi::drill {

// What can go wrong with a write, in per cent.
struct DiskFaults {
  int error = 0;  // EIO, of a write or a sync
  int full = 0;   // ENOSPC
  int torn = 0;   // half of it is written, then ENOSPC
};

// A disk of files in memory, as SQLite's default VFS of this process. It remembers what was synced: a power cut keeps
// that, and of everything later each write, or half of it, by chance. A killed process leaves what it has written.
// One thread.
class Disk {
 public:
  struct Op {
    bool cut = false;  // a truncation to `at`
    std::int64_t at = 0;
    std::string bytes;
  };
  struct File {
    std::string bytes;    // as a reader sees it
    std::string durable;  // as of the last sync
    std::vector<Op> since;
    std::vector<std::unique_ptr<std::string>> shared;  // the memory that connections of WAL share
    std::vector<void*> opened;                         // the handles
    void sync();
  };

  // The one disk of the process; the first call registers it.
  static Disk& the();

  std::shared_ptr<File> find(const std::string& name);
  std::shared_ptr<File> make(const std::string& name);
  void remove(const std::string& name) { files_.erase(name); }
  void remove_all() { files_.clear(); }

  // From here on nobody reads or writes any more: the process is dead, and does not know it.
  void freeze() { frozen_ = true; }
  bool is_frozen() const { return frozen_; }
  // After every handle was closed. `power_cut`: what was not synced is in doubt.
  void thaw(bool power_cut, Dice& dice);

  // 0: goes well; otherwise SQLite's code. `half`: write half of it all the same.
  int fate_of_write(bool& half);
  int fate_of_sync();

  DiskFaults faults;
  Dice* dice = nullptr;  // null: nothing goes wrong
  std::int64_t faults_met = 0;

 private:
  Disk() = default;
  std::map<std::string, std::shared_ptr<File>> files_;
  bool frozen_ = false;
};

void write_at(std::string& bytes, std::int64_t at, const char* from, std::size_t count);

}  // namespace kintsugi::drill
