#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace kintsugi {

// A name that cannot be mistaken for another kind of name: explicit in, explicit out. Its text is
// `prefix_` + 26 characters (entropy.h); an empty id means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

}  // namespace kintsugi

template <class Tag>
struct std::hash<kintsugi::Id<Tag>> {
  std::size_t operator()(const kintsugi::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
