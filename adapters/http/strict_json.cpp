#include "adapters/http/strict_json.h"

#include "engine/base/bytes.h"

#include <vector>

namespace kintsugi::http {
namespace {

class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(int depth_max) : depth_max_(static_cast<std::size_t>(depth_max)) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return enter(Json::object()); }
  bool start_array(std::size_t) override { return enter(Json::array()); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    Level& top = open_.back();
    if (top.value->contains(name)) {
      top.key = name;
      return stop(JsonFault::Kind::duplicate_member);
    }
    top.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    fault.byte = position;
    return stop(JsonFault::Kind::not_json);
  }

  Json root;
  JsonFault fault;

 private:
  struct Level {
    Json* value;
    std::string key;  // of the member being read
  };

  template <class T>
  Json* place(T&& value) {
    if (open_.empty()) {
      root = std::forward<T>(value);
      return &root;
    }
    Level& top = open_.back();
    if (top.value->is_array()) return &top.value->emplace_back(std::forward<T>(value));
    return &((*top.value)[top.key] = std::forward<T>(value));
  }
  template <class T>
  bool put(T&& value) {
    place(std::forward<T>(value));
    return true;
  }
  bool enter(Json value) {
    if (open_.size() >= depth_max_) return stop(JsonFault::Kind::too_deep);
    open_.push_back({place(std::move(value)), {}});
    return true;
  }
  bool leave() {
    open_.pop_back();
    return true;
  }
  bool stop(JsonFault::Kind kind) {
    fault.kind = kind;
    Json::json_pointer where;
    for (const Level& level : open_)
      where.push_back(level.value->is_array() ? std::to_string(level.value->size()) : level.key);
    fault.pointer = where.to_string();
    return false;
  }

  std::size_t depth_max_;
  std::vector<Level> open_;
};

}  // namespace

tl::expected<Json, JsonFault> read_strict(std::string_view text, int depth_max) {
  if (!is_utf8(text)) return tl::make_unexpected(JsonFault{JsonFault::Kind::not_utf8, "", 0});
  Builder builder(depth_max);
  if (!Json::sax_parse(text, &builder)) return tl::make_unexpected(std::move(builder.fault));
  return std::move(builder.root);
}

}  // namespace kintsugi::http
