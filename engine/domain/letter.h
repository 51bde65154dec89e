#pragma once

#include <string>
#include <vector>

namespace kintsugi {

// A letter ready to be put into an envelope: words rendered, addresses known. UTF-8 throughout.
struct Letter {
  std::string message_id;       // stable: made from the effect's id, so a repeat can be recognised
  std::string thread_id;        // message id of the case's thread root; equal to message_id in the first letter
  std::vector<std::string> to;  // addresses, each once
  std::string subject;
  std::string body;  // plain text, Japanese first, then English
};

}  // namespace kintsugi
