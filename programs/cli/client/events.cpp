#include "programs/cli/client/events.h"

#include "programs/cli/client/reading.h"

#include <utility>

namespace kintsugi::cli {

std::vector<Happening> EventReader::take(std::string_view bytes) {
  std::vector<Happening> out;
  rest_ += bytes;
  std::size_t begin = 0;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    std::string_view text = std::string_view(rest_).substr(begin, end - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(text, out);
    begin = end + 1;
  }
  rest_.erase(0, begin);
  return out;
}

void EventReader::line(std::string_view text, std::vector<Happening>& out) {
  if (text.empty()) {
    if (!std::exchange(has_lines_, false)) return;
    out.push_back({.id = id_, .event = std::exchange(event_, {}), .data = json_from(data_)});
    data_.clear();
    return;
  }
  has_lines_ = true;
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "id")
    id_ = value;
  else if (name == "event")
    event_ = value;
  else if (name == "data")
    data_.append(data_.empty() ? "" : "\n").append(value);
}

}  // namespace kintsugi::cli
