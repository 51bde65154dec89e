#pragma once

#include "engine/base/fields.h"

#include <string>
#include <utility>
#include <vector>

namespace kintsugi::cli {

enum class Verdict { good, attention, wrong };
constexpr auto names_of(Verdict) {
  return names<Verdict>({{Verdict::good, "ok"}, {Verdict::attention, "attention"}, {Verdict::wrong, "wrong"}});
}

// One thing that was looked at: its name is for ever, what was found and what to do are for the person.
struct Finding {
  std::string name;
  Verdict verdict = Verdict::good;
  std::string found;
  std::string todo;  // empty when nothing is to be done
};

// What a look over an installation or a server brought, in the order of the looking.
class Findings {
 public:
  void good(std::string name, std::string found) { put({std::move(name), Verdict::good, std::move(found), {}}); }
  void attention(std::string name, std::string found, std::string todo) {
    put({std::move(name), Verdict::attention, std::move(found), std::move(todo)});
  }
  void wrong(std::string name, std::string found, std::string todo) {
    put({std::move(name), Verdict::wrong, std::move(found), std::move(todo)});
  }
  const std::vector<Finding>& all() const { return all_; }

 private:
  void put(Finding finding) { all_.push_back(std::move(finding)); }
  std::vector<Finding> all_;
};

}  // namespace kintsugi::cli
