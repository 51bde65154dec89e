#pragma once

#include "engine/base/fields.h"

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::cli {

// One block of a stream of server-sent events. A block without data is only a sign of life; it may say how far the
// server has got.
struct Happening {
  std::string id;     // of this block, else of the last one that had one
  std::string event;  // empty: none
  Json data;          // discarded when it is none
};

// Puts blocks together from bytes as they come (WHATWG HTML 9.2.6): a block ends with an empty line, lines end with
// LF or CRLF, what has no known name is passed over. Pure.
class EventReader {
 public:
  std::vector<Happening> take(std::string_view bytes);

 private:
  void line(std::string_view text, std::vector<Happening>& out);

  std::string rest_;  // a line that has not ended
  std::string id_, event_, data_;
  bool has_lines_ = false;
};

}  // namespace kintsugi::cli
