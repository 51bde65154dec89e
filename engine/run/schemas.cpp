#include "engine/run/schemas.h"

#include "engine/base/ensure.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <exception>
#include <mutex>
#include <span>

namespace kintsugi {

// How long a string or a list of one place may be.
struct Bound {
  std::vector<std::string> path;  // as Place::path
  std::size_t most = 0;           // characters, or entries
};

struct Schemas::Compiled {
  const EventInfo* info = nullptr;
  valijson::Schema schema;
  std::vector<Bound> bounds;
  std::vector<std::vector<std::string>> times;  // where a time must stand, as in Place::path
  std::vector<Place> places;
  bool hashed = false;
  bool keeps_origin = false;
};

namespace {

constexpr std::size_t errors_max = 32;  // in one answer

Schemas::Place place_of(const Json& mark, std::vector<std::string> path) {
  Schemas::Place out{.path = std::move(path), .key = KeyClass::care, .label = "text", .base64 = false};
  const Json& key = mark.is_object() && mark.contains("key") ? mark.at("key") : mark;
  if (key.is_string())
    if (const auto known = from_name<KeyClass>(key.get_ref<const std::string&>())) out.key = *known;
  if (mark.is_object() && mark.contains("label") && mark.at("label").is_string())
    out.label = mark.at("label").get<std::string>();
  return out;
}

void find_places(const Json& schema, std::vector<std::string>& path, std::vector<Schemas::Place>& out) {
  if (!schema.is_object()) return;
  if (const auto mark = schema.find("x-document"); mark != schema.end()) {
    out.push_back(place_of(*mark, path));
    out.back().base64 = schema.value("contentEncoding", "") == "base64";
  }
  const auto into = [&](std::string step, const Json& part) {
    path.push_back(std::move(step));
    find_places(part, path, out);
    path.pop_back();
  };
  if (const auto members = schema.find("properties"); members != schema.end())
    for (const auto& [name, part] : members->items())
      into(name, part);
  if (const auto items = schema.find("items"); items != schema.end()) into("*", *items);
}

// Takes `format: date-time` out of a schema and says where it stood. valijson compiles a regular expression for it at
// every check, which costs more than all the rest of a lap; our own reading of times is stricter besides.
void take_times(Json& schema, std::vector<std::string>& path, std::vector<std::vector<std::string>>& out) {
  if (!schema.is_object()) return;
  if (const auto format = schema.find("format"); format != schema.end() && *format == "date-time") {
    schema.erase(format);
    out.push_back(path);
  }
  const auto into = [&](std::string step, Json& part) {
    path.push_back(std::move(step));
    take_times(part, path, out);
    path.pop_back();
  };
  if (const auto members = schema.find("properties"); members != schema.end())
    for (const auto& [name, part] : members->items())
      into(name, part);
  if (const auto items = schema.find("items"); items != schema.end()) into("*", *items);
}

void find_bounds(const Json& schema, std::vector<std::string>& path, std::vector<Bound>& out) {
  if (!schema.is_object()) return;
  for (const char* word : {"maxLength", "maxItems"})
    if (const auto most = schema.find(word); most != schema.end()) out.push_back({path, most->get<std::size_t>()});
  const auto into = [&](std::string step, const Json& part) {
    path.push_back(std::move(step));
    find_bounds(part, path, out);
    path.pop_back();
  };
  if (const auto members = schema.find("properties"); members != schema.end())
    for (const auto& [name, part] : members->items())
      into(name, part);
  if (const auto items = schema.find("items"); items != schema.end()) into("*", *items);
}

// A rule for the strings of one place, which says what each must be.
struct Form {
  bool (*holds)(const std::string&);
  const char* detail;
};
const Form is_time{[](const std::string& text) { return instant_from(text).has_value(); },
                   "must be a time like 2026-03-04T09:35:05Z"};
const Form is_base64{[](const std::string& text) { return from_base64(text).has_value(); },
                     "must be base64 (RFC 4648)"};

// Calls for each part of the payload that stands at a path, with its pointer.
template <class Each>
void for_each_at(const Json& part, std::span<const std::string> path, const std::string& pointer, const Each& each) {
  if (path.empty()) return each(part, pointer);
  if (path.front() == "*" && part.is_array()) {
    for (std::size_t i = 0; i < part.size(); ++i)
      for_each_at(part[i], path.subspan(1), pointer + "/" + std::to_string(i), each);
  } else if (part.is_object()) {
    if (const auto found = part.find(path.front()); found != part.end())
      for_each_at(*found, path.subspan(1), pointer + "/" + path.front(), each);
  }
}

void check_form(const Form& form, const Json& payload, const std::vector<std::string>& path,
                std::vector<InputError>& out) {
  for_each_at(payload, path, "", [&](const Json& part, const std::string& pointer) {
    // What is no string has been told already.
    if (part.is_string() && !form.holds(part.get_ref<const std::string&>()))
      out.push_back({.pointer = pointer, .detail = form.detail});
  });
}

// What is far too long is told, in valijson's words, before anything else looks at it: a regular expression of the
// standard library takes a stack frame for each character, and a list is compared with itself, each entry with every
// other.
std::vector<InputError> too_long(const std::vector<Bound>& bounds, const Json& payload) {
  constexpr std::size_t utf8_bytes_max = 4;  // of one character
  std::vector<InputError> out;
  for (const Bound& bound : bounds)
    for_each_at(payload, bound.path, "", [&](const Json& part, const std::string& pointer) {
      if (out.size() == errors_max) return;
      const std::string most = std::to_string(bound.most);
      if (part.is_string() && part.get_ref<const std::string&>().size() > utf8_bytes_max * bound.most)
        out.push_back({pointer, "String should be no more than " + most + " characters in length."});
      if (part.is_array() && part.size() > bound.most)
        out.push_back({pointer, "Array should contain no more than " + most + " elements."});
    });
  return out;
}

// A validator keeps the regular expressions it has met, and making one costs about as much as a commit. So there are
// as many as were ever at work at once, and not one for each of the hundreds of threads that come by.
class Validators {
 public:
  using One = std::unique_ptr<valijson::Validator>;
  One take() {
    const std::scoped_lock lock(mutex_);
    if (free_.empty()) return std::make_unique<valijson::Validator>();
    One out = std::move(free_.back());
    free_.pop_back();
    return out;
  }
  void give_back(One one) {
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(one));
  }

 private:
  std::mutex mutex_;
  std::vector<One> free_;  // last used last, so that the warm ones are used first
};

Validators& validators() {
  static Validators all;
  return all;
}

// valijson names a place `<root>`, `[member]`, `[0]`; RFC 6901 wants `/member/0`.
std::string pointer_of(const std::vector<std::string>& context) {
  Json::json_pointer out;
  for (std::string_view step : context) {
    if (step == "<root>") continue;
    if (step.starts_with('[') && step.ends_with(']')) step = step.substr(1, step.size() - 2);
    out.push_back(std::string(step));
  }
  return out.to_string();
}

}  // namespace

Schemas::Schemas(const Workflow& workflow) {
  for (const EventInfo& event : workflow.events) {
    auto made = std::make_unique<Compiled>();
    made->info = &event;
    const Json& text = event.schema.is_object() ? event.schema : Json::object();
    try {
      Json without_times = text;
      std::vector<std::string> at;
      take_times(without_times, at, made->times);
      valijson::SchemaParser parser;
      const valijson::adapters::NlohmannJsonAdapter adapter(without_times);
      parser.populateSchema(adapter, made->schema);
    } catch (const std::exception& wrong) {
      ensure(false, "the schema of event " + event.name + " is no JSON Schema: " + wrong.what());
    }
    std::vector<std::string> path;
    find_places(text, path, made->places);
    find_bounds(text, path, made->bounds);
    made->hashed = text.value("x-hash", false);
    made->keeps_origin = text.value("x-origin", false);
    by_event_.emplace(event.name, std::move(made));
  }
}

Schemas::~Schemas() = default;

const Schemas::Compiled* Schemas::of(std::string_view event) const {
  const auto found = by_event_.find(event);
  return found == by_event_.end() ? nullptr : found->second.get();
}

std::vector<InputError> Schemas::mistakes(const Compiled& schema, const Json& payload) {
  if (!payload.is_object()) return {{.pointer = "", .detail = "the payload must be an object"}};
  std::vector<InputError> out = too_long(schema.bounds, payload);
  if (!out.empty()) return out;
  const valijson::adapters::NlohmannJsonAdapter adapter(payload);
  auto validator = validators().take();
  try {
    if (!validator->validate(schema.schema, adapter, nullptr)) {
      valijson::ValidationResults results;
      validator->validate(schema.schema, adapter, &results);
      for (const auto& one : results) {
        if (out.size() == errors_max) break;
        out.push_back({.pointer = pointer_of(one.context), .detail = one.description});
      }
      if (out.empty()) out.push_back({.pointer = "", .detail = "the payload breaks its schema"});
    }
  } catch (const std::exception& wrong) {
    out.push_back({.pointer = "", .detail = wrong.what()});
  }
  validators().give_back(std::move(validator));
  for (const auto& path : schema.times)
    check_form(is_time, payload, path, out);
  for (const Place& place : schema.places)
    if (place.base64) check_form(is_base64, payload, place.path, out);
  if (out.size() > errors_max) out.resize(errors_max);
  return out;
}

const std::vector<Schemas::Place>& Schemas::places(const Compiled& schema) {
  return schema.places;
}
bool Schemas::is_hashed(const Compiled& schema) {
  return schema.hashed;
}
bool Schemas::keeps_origin(const Compiled& schema) {
  return schema.keeps_origin;
}
const EventInfo& Schemas::info(const Compiled& schema) {
  return *schema.info;
}

}  // namespace kintsugi
