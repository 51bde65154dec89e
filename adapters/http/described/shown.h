#pragma once

#include "adapters/http/described/words.h"

// The schema of a value as a reader sees it (case_view.cpp, shown()): every name, number and yes or no is said, what
// there is not is left out, and people and organisations come with their names.
namespace kintsugi::http::described {

template <class T>
bool always_shown() {
  using namespace fields_detail;
  return !(std::is_same_v<T, std::string> || std::is_same_v<T, Instant> || std::is_same_v<T, Digest> ||
           is_id<T>::value || is_optional<T>::value);
}

template <class T>
Json shown_schema() {
  using namespace fields_detail;
  if constexpr (std::is_same_v<T, PersonId>) {
    return ref("Person");
  } else if constexpr (std::is_same_v<T, OrganisationId>) {
    return ref("Organisation");
  } else if constexpr (std::is_same_v<T, std::string> || is_id<T>::value) {
    return text();
  } else if constexpr (std::is_same_v<T, bool>) {
    return yes_or_no();
  } else if constexpr (HasNames<T>) {
    return name_in<T>();
  } else if constexpr (std::is_same_v<T, Instant>) {
    return time();
  } else if constexpr (std::is_same_v<T, Duration>) {
    return says(number(), {"マイクロ秒", "microseconds"});
  } else if constexpr (std::is_integral_v<T>) {
    return number();
  } else if constexpr (std::is_same_v<T, Digest>) {
    return digest();
  } else if constexpr (is_optional<T>::value) {
    return shown_schema<typename T::value_type>();
  } else if constexpr (is_vector<T>::value) {
    return list_of(shown_schema<typename T::value_type>());
  } else {
    Json out = object({});
    const auto member = [&]<class Owner, class Of>(const Field<Owner, Of>& one) {
      out["properties"][std::string(one.name)] = shown_schema<Of>();
      if (always_shown<Of>()) out["required"].push_back(one.name);
    };
    std::apply([&](const auto&... one) { (member(one), ...); }, T::fields());
    return out;
  }
}

}  // namespace kintsugi::http::described
