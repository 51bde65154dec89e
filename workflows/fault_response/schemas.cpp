#include "workflows/fault_response/schemas.h"

#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response {
namespace {

const schema::Catalogue& catalogue() {
  static const schema::Catalogue all = [] {
    schema::Catalogue out;
    schema::add_fault(out);
    schema::add_connection(out);
    schema::add_data(out);
    schema::add_sign_off(out);
    schema::add_engine(out);
    for (auto& [name, one] : out)
      one["$schema"] = "http://json-schema.org/draft-07/schema#";
    return out;
  }();
  return all;
}

}  // namespace

const Json& payload_schema(std::string_view event) {
  static const Json nothing{{"not", Json::object()}};
  const auto found = catalogue().find(event);
  return found == catalogue().end() ? nothing : found->second;
}

std::vector<std::string_view> events() {
  std::vector<std::string_view> out;
  for (const auto& [name, one] : catalogue())
    out.emplace_back(name);
  return out;
}

}  // namespace kintsugi::fault_response
