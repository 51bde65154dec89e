#pragma once

#include "engine/base/result.h"

#include <memory>
#include <string>

namespace kintsugi::sqlite {

// Names inside a data directory.
constexpr auto database_file = "kintsugi.db";
constexpr auto slots_file = "slots";  // the vault's, taken along by a backup
constexpr auto lock_file = "lock";

// A data directory that is ours alone. Two servers on one directory would each believe in their own counters, so
// the second is turned away; the lock ends with the process, however that ends.
class DirectoryLock {
 public:
  // Makes the directory (mode 0700) if there is none. Refused, naming the process that has it, when it is taken.
  static Result<DirectoryLock> take(const std::string& directory);

 private:
  class Descriptor {
   public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    int get() const { return descriptor_; }

   private:
    int descriptor_;
  };
  explicit DirectoryLock(std::unique_ptr<Descriptor> held) : held_(std::move(held)) {}
  std::unique_ptr<Descriptor> held_;
};

}  // namespace kintsugi::sqlite
