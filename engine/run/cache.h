#pragma once

#include "engine/domain/case_file.h"

#include <list>
#include <memory>
#include <unordered_map>

namespace kintsugi {

// The case files that were used last, as they are committed; at most `max` of them. Files are shared and never
// changed, so that a lap can go on with one while the cache forgets it. One thread.
class CaseCache {
 public:
  using File = std::shared_ptr<const CaseFile>;

  explicit CaseCache(std::size_t max) : max_(max) {}

  File find(const CaseId& id) {
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    files_.splice(files_.begin(), files_, found->second);
    return files_.front();
  }

  void put(File file) {
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
    places_.clear();
    files_.clear();
  }

  std::size_t size() const { return files_.size(); }

 private:
  std::size_t max_;
  std::list<File> files_;  // last used first
  std::unordered_map<CaseId, std::list<File>::iterator> places_;
};

}  // namespace kintsugi
