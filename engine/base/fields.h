#pragma once

#include "engine/base/bytes.h"
#include "engine/base/id.h"
#include "engine/base/instant.h"

#include <nlohmann/json.hpp>

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Values to JSON and back, from one list of members.
//
// A struct says once what it consists of:
//
//   static constexpr auto fields() { return std::tuple{field("opens", &Window::opens), …}; }
//
// and from that list it is written for the store and the API, read back, and compared in tests. An enumeration
// says its names: `constexpr auto names_of(Priority) { return names<Priority>({{Priority::p1, "p1"}, …}); }`.
//
// Written form: members in the order of the list; a member that equals its default (empty, zero, false, none)
// is left out, so stored files stay short and a new member needs no migration. Reading refuses members that the
// list does not name, unknown enumerators and wrong types: Corrupt, with the path to the place.
namespace kintsugi {

using Json = nlohmann::json;

template <class Owner, class Member>
struct Field {
  std::string_view name;
  Member Owner::*at;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*at) {
  return {name, at};
}

template <class E, std::size_t N>
constexpr std::array<std::pair<E, std::string_view>, N> names(const std::pair<E, std::string_view> (&list)[N]) {
  std::array<std::pair<E, std::string_view>, N> out{};
  for (std::size_t i = 0; i < N; ++i)
    out[i] = list[i];
  return out;
}

// The stored name of an enumerator, and the enumerator of a name.
template <class E>
constexpr std::string_view name_of(E value) {
  for (const auto& [one, name] : names_of(E{}))
    if (one == value) return name;
  return "?";
}
template <class E>
constexpr std::optional<E> from_name(std::string_view name) {
  for (const auto& [one, known] : names_of(E{}))
    if (known == name) return one;
  return std::nullopt;
}

namespace fields_detail {

template <class T>
concept HasFields = requires {
  T::fields();
};
template <class T>
concept HasNames = std::is_enum_v<T> && requires {
  names_of(T{});
};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class T>
struct is_id<Id<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

// Is a member as a new owner has it? Not "is it zero": a priority is p2 until somebody says otherwise.
template <class T>
bool is_as_new(const T& value, const T& fresh) {
  if constexpr (is_vector<T>::value) {
    if (value.size() != fresh.size()) return false;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (!is_as_new<typename T::value_type>(value[i], fresh[i])) return false;
    return true;
  } else if constexpr (is_map<T>::value) {
    return value.empty() && fresh.empty();
  } else if constexpr (is_optional<T>::value) {
    return !value.has_value() && !fresh.has_value();
  } else if constexpr (HasFields<T>) {
    return std::apply([&](const auto&... one) { return (is_as_new(value.*(one.at), fresh.*(one.at)) && ...); },
                      T::fields());
  } else {
    return value == fresh;
  }
}

// Is this whole number one of T's? JSON knows numbers up to 2^64.
template <class T>
bool fits(const Json& number) {
  return number.is_number_unsigned() ? std::in_range<T>(number.get<std::uint64_t>())
                                     : std::in_range<T>(number.get<std::int64_t>());
}

void append_string(std::string& out, std::string_view text);
// A member's name and its colon, with a comma before it unless it is the first. It has nothing to escape.
void append_name(std::string& out, std::string_view name, bool first);
tl::unexpected<Error> wrong(const std::string& path, std::string_view expected);

}  // namespace fields_detail

// Appends the JSON of a value. Strings must be UTF-8.
template <class T>
void write_json(std::string& out, const T& value) {
  using namespace fields_detail;
  if constexpr (std::is_same_v<T, std::string>) {
    append_string(out, value);
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (HasNames<T>) {
    append_string(out, name_of(value));
  } else if constexpr (std::is_integral_v<T>) {
    out += std::to_string(value);
  } else if constexpr (std::is_same_v<T, Instant>) {
    out += '"';
    append_text(out, value);
    out += '"';
  } else if constexpr (std::is_same_v<T, Duration>) {
    out += std::to_string(value.count());
  } else if constexpr (std::is_same_v<T, Digest>) {
    append_string(out, to_base64(value));
  } else if constexpr (std::is_same_v<T, Json>) {
    out += value.dump();
  } else if constexpr (is_id<T>::value) {
    append_string(out, value.text());
  } else if constexpr (is_optional<T>::value) {
    if (value)
      write_json(out, *value);
    else
      out += "null";
  } else if constexpr (is_vector<T>::value) {
    out += '[';
    bool first = true;
    for (const auto& one : value) {
      if (!std::exchange(first, false)) out += ',';
      write_json(out, one);
    }
    out += ']';
  } else if constexpr (is_map<T>::value) {
    out += '{';
    bool first = true;
    for (const auto& [key, one] : value) {
      if (!std::exchange(first, false)) out += ',';
      append_string(out, key);
      out += ':';
      write_json(out, one);
    }
    out += '}';
  } else {
    out += '{';
    bool first = true;
    static const T fresh{};
    const auto member = [&](const auto& one) {
      const auto& part = value.*(one.at);
      if (is_as_new(part, fresh.*(one.at))) return;
      append_name(out, one.name, std::exchange(first, false));
      write_json(out, part);
    };
    std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
    out += '}';
  }
}

template <class T>
std::string to_json_text(const T& value) {
  std::string out;
  write_json(out, value);
  return out;
}

// Fills `out` from parsed JSON; `path` is a JSON pointer to the place, for the error.
template <class T>
Result<> read_json(const Json& json, T& out, const std::string& path = "") {
  using namespace fields_detail;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) return wrong(path, "a string");
    out = json.get_ref<const std::string&>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) return wrong(path, "true or false");
    out = json.get<bool>();
  } else if constexpr (HasNames<T>) {
    if (!json.is_string()) return wrong(path, "a name");
    const auto known = from_name<T>(json.get_ref<const std::string&>());
    if (!known) return wrong(path, "a known name");
    out = *known;
  } else if constexpr (std::is_integral_v<T>) {
    if (!json.is_number_integer()) return wrong(path, "a whole number");
    if (!fits<T>(json))
      return wrong(path, "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                             std::to_string(std::numeric_limits<T>::max()));
    out = json.get<T>();
  } else if constexpr (std::is_same_v<T, Instant>) {
    if (!json.is_string()) return wrong(path, "a time");
    const auto at = instant_from(json.get_ref<const std::string&>());
    if (!at) return wrong(path, "a time like 2026-03-04T09:35:05Z");
    out = *at;
  } else if constexpr (std::is_same_v<T, Duration>) {
    if (!json.is_number_integer() || !fits<Duration::rep>(json)) return wrong(path, "microseconds");
    out = Duration{json.get<std::int64_t>()};
  } else if constexpr (std::is_same_v<T, Digest>) {
    if (!json.is_string()) return wrong(path, "base64 of 32 bytes");
    const auto bytes = from_base64(json.get_ref<const std::string&>());
    if (!bytes || bytes->size() != out.size()) return wrong(path, "base64 of 32 bytes");
    std::copy(bytes->begin(), bytes->end(), out.begin());
  } else if constexpr (std::is_same_v<T, Json>) {
    out = json;
  } else if constexpr (is_id<T>::value) {
    if (!json.is_string()) return wrong(path, "an id");
    out = T{json.get<std::string>()};
  } else if constexpr (is_optional<T>::value) {
    if (json.is_null()) return {};
    out.emplace();
    return read_json(json, *out, path);
  } else if constexpr (is_vector<T>::value) {
    if (!json.is_array()) return wrong(path, "a list");
    out.clear();
    out.reserve(json.size());
    for (const auto& one : json) {
      out.emplace_back();
      if (auto done = read_json(one, out.back(), path + "/" + std::to_string(out.size() - 1)); !done) return done;
    }
  } else if constexpr (is_map<T>::value) {
    if (!json.is_object()) return wrong(path, "an object");
    out.clear();
    for (const auto& [key, one] : json.items())
      if (auto done = read_json(one, out[key], path + "/" + key); !done) return done;
  } else {
    if (!json.is_object()) return wrong(path, "an object");
    Result<> done;
    std::size_t known = 0;
    const auto member = [&](const auto& one) {
      if (!done) return;
      const auto found = json.find(one.name);
      if (found == json.end()) return;
      ++known;
      done = read_json(*found, out.*(one.at), path + "/" + std::string(one.name));
    };
    std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
    if (done && known != json.size()) return wrong(path, "no other members than its own");
    return done;
  }
  return {};
}

// Parses text and fills a value; text that is no JSON is Corrupt too.
template <class T>
Result<T> from_json_text(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(Errc::Corrupt, "not JSON");
  T out{};
  if (auto done = read_json(json, out); !done) return pass(done);
  return out;
}

}  // namespace kintsugi
