#pragma once

#include "engine/domain/case_file.h"

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace kintsugi {

// The case files that were used last, as they are committed; at most `max` of them. Files are shared and never
// changed, so that a lap can go on with one while the cache forgets it. Whoever does the step changes it; peek() may
// be called from any.
class CaseCache {
 public:
  using File = std::shared_ptr<const CaseFile>;

  explicit CaseCache(std::size_t max) : max_(max) {}

  File find(const CaseId& id) {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    files_.splice(files_.begin(), files_, found->second);
    return files_.front();
  }

  // Does not count as a use. Null says only that the store must be asked: a reader must not put() what it read there,
  // it may have been overtaken by a commit.
  File peek(const CaseId& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : *found->second;
  }

  void put(File file) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = places_.find(file->id); found != places_.end()) {
      *found->second = std::move(file);
      files_.splice(files_.begin(), files_, found->second);
      return;
    }
    files_.push_front(std::move(file));
    places_.emplace(files_.front()->id, files_.begin());
    if (files_.size() > max_) {
      places_.erase(files_.back()->id);
      files_.pop_back();
    }
  }

  void clear() {
    const std::scoped_lock lock(mutex_);
    places_.clear();
    files_.clear();
  }

 private:
  const std::size_t max_;
  mutable std::mutex mutex_;
  std::list<File> files_;  // last used first
  std::unordered_map<CaseId, std::list<File>::iterator> places_;
};

}  // namespace kintsugi
