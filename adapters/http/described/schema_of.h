#pragma once

#include "adapters/http/described/words.h"

#include <algorithm>
#include <array>
#include <string_view>

// JSON Schema from the same list of members by which a value is read: fields().
namespace kintsugi::http {

// The members that a body must have: `static constexpr std::array needed{…}` of its type; without one, none.
template <class T>
constexpr auto needed_of() {
  if constexpr (requires { T::needed; })
    return T::needed;
  else
    return std::array<std::string_view, 0>{};
}

// What read_json() takes.
template <class T>
Json schema_of() {
  using namespace fields_detail;
  using namespace described;
  if constexpr (std::is_same_v<T, std::string>) {
    return text();
  } else if constexpr (std::is_same_v<T, bool>) {
    return yes_or_no();
  } else if constexpr (HasNames<T>) {
    return name_in<T>();
  } else if constexpr (std::is_integral_v<T>) {
    return number();
  } else if constexpr (std::is_same_v<T, Instant>) {
    return time();
  } else if constexpr (std::is_same_v<T, Duration>) {
    return says(number(), {"マイクロ秒", "microseconds"});
  } else if constexpr (std::is_same_v<T, Digest>) {
    return digest();
  } else if constexpr (std::is_same_v<T, Json>) {
    return Json::object();
  } else if constexpr (is_id<T>::value) {
    return text();
  } else if constexpr (is_optional<T>::value) {
    return Json{{"anyOf", {schema_of<typename T::value_type>(), {{"type", "null"}}}}};
  } else if constexpr (is_vector<T>::value) {
    return list_of(schema_of<typename T::value_type>());
  } else if constexpr (is_map<T>::value) {
    return Json{{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}};
  } else {
    Json out{{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
    const auto member = [&]<class Owner, class Of>(const Field<Owner, Of>& one) {
      out["properties"][std::string(one.name)] = schema_of<Of>();
    };
    std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
    for (const std::string_view name : needed_of<T>())
      out["required"].push_back(name);
    return out;
  }
}

}  // namespace kintsugi::http
