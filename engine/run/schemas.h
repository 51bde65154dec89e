#pragma once

#include "engine/domain/workflow.h"
#include "engine/run/outcome.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kintsugi {

// What the payload schemas of a workflow say, compiled once: whether a payload is well formed, and which of its
// members are texts that must become documents. Immutable after construction; any thread.
//
// A string with `contentEncoding: base64` must be that, and as a document it is kept as the bytes that it stands for.
//
// Three words of our own in a schema: `x-document` on a string (its value names the key, `care` or `evidence`, or is
// an object `{key, label}`) makes it a document; `x-hash: true` beside `properties` makes the whole payload a
// request whose hash is what approvers approve (I6); `x-origin: true` keeps the address from which it was sent (I13).
class Schemas {
 public:
  explicit Schemas(const Workflow& workflow);
  ~Schemas();

  // A text in the payload that becomes a document. A step `*` of the path stands for every item of a list.
  struct Place {
    std::vector<std::string> path;
    KeyClass key = KeyClass::care;
    std::string label;
    bool base64 = false;
  };
  struct Compiled;

  // Null when the workflow has no such event.
  const Compiled* of(std::string_view event) const;

  // What is wrong with a payload; empty when nothing is. Details name the rule, not the value.
  static std::vector<InputError> mistakes(const Compiled& schema, const Json& payload);
  static const std::vector<Place>& places(const Compiled& schema);
  static bool is_hashed(const Compiled& schema);
  static bool keeps_origin(const Compiled& schema);
  static const EventInfo& info(const Compiled& schema);

 private:
  std::map<std::string, std::unique_ptr<const Compiled>, std::less<>> by_event_;
};

}  // namespace kintsugi
