#pragma once

#include "engine/base/bytes.h"
#include "engine/base/result.h"

#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace kintsugi::sqlite {

// Rows found by a digest, kept until anything of their kind changes: who is behind a token is asked by every request
// and changes a few times an hour. That there is no such row is kept too. What was read while something changed is
// not kept, so that a row never outlives the commit that ended it. Any thread.
template <class Row>
class Recent {
 public:
  static constexpr std::size_t rows_max = 4096;  // beyond it all are forgotten

  // `read` is asked when nothing is known.
  template <class Read>
  Result<std::optional<Row>> find(const Digest& digest, Read read) {
    std::uint64_t seen = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (const auto known = rows_.find(digest); known != rows_.end()) return known->second;
      seen = changes_;
    }
    Result<std::optional<Row>> row = read();
    const std::scoped_lock lock(mutex_);
    if (!row || changes_ != seen) return row;
    if (rows_.size() >= rows_max) rows_.clear();
    rows_.emplace(digest, *row);
    return row;
  }

  // After a commit that may have changed one, and before it is answered.
  void forget() {
    const std::scoped_lock lock(mutex_);
    ++changes_;
    rows_.clear();
  }

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t out = 0;
      std::memcpy(&out, digest.data(), sizeof out);
      return out;
    }
  };
  std::mutex mutex_;
  std::uint64_t changes_ = 0;
  std::unordered_map<Digest, std::optional<Row>, Hash> rows_;
};

}  // namespace kintsugi::sqlite
