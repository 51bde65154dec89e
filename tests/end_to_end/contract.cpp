#include "tests/end_to_end/contract.h"

#include "adapters/http/openapi.h"
#include "engine/base/ascii.h"
#include "workflows/fault_response/workflow.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>

namespace kintsugi::testing {
namespace {

class Contract {
 public:
  Contract() : document_(http::openapi(fault_response::fault_response(), http::Language::en)) {}

  std::string broken(std::string method, const std::string& path, int status, const std::string& type,
                     const std::string& body) {
    const std::scoped_lock lock(mutex_);
    method = method == "HEAD" ? "get" : lower(method);
    const Json* operation = operation_of(method, path.substr(0, path.find('?')));
    if (operation == nullptr) return against("problem", ref("Problem"), body);
    const std::string name = operation->at("operationId").get<std::string>() + " " + std::to_string(status);
    const Json& replies = operation->at("responses");
    const auto described = replies.find(std::to_string(status));
    if (described == replies.end()) return name + " is not described";
    const Json reply = inlined(*described);
    kept_.insert(name);
    const auto content = reply.find("content");
    if (content == reply.end()) return body.empty() ? "" : name + " has a body that is not described";
    const std::string media = type.substr(0, type.find(';'));
    if (!content->contains(media)) return name + " answers " + (media.empty() ? "nothing" : media);
    if (media != "application/json" && media != "application/problem+json") return "";
    return against(name + " " + media, content->at(media).at("schema"), body);
  }
  std::size_t kept() {
    const std::scoped_lock lock(mutex_);
    return kept_.size();
  }

 private:
  static Json ref(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }

  // The most literal path that fits.
  const Json* operation_of(const std::string& method, const std::string& path) const {
    const Json* best = nullptr;
    std::size_t fewest = std::string::npos;
    for (const auto& [pattern, item] : document_.at("paths").items()) {
      const auto open = static_cast<std::size_t>(std::ranges::count(pattern, '{'));
      if (open >= fewest || !fits(pattern, path) || !item.contains(method)) continue;
      best = &item.at(method);
      fewest = open;
    }
    return best;
  }
  static bool fits(const std::string& pattern, const std::string& path) {
    std::istringstream wanted(pattern), found(path);
    std::string one, other;
    for (;;) {
      const bool more = static_cast<bool>(std::getline(wanted, one, '/'));
      if (more != static_cast<bool>(std::getline(found, other, '/'))) return false;
      if (!more) return true;
      if (one != other && (!one.starts_with('{') || other.empty())) return false;
    }
  }

  // Without references: nothing in the document refers to itself.
  Json inlined(const Json& part) const {
    if (part.is_array()) {
      Json out = Json::array();
      for (const Json& one : part)
        out.push_back(inlined(one));
      return out;
    }
    if (!part.is_object()) return part;
    if (const auto to = part.find("$ref"); to != part.end())
      return inlined(document_.at(Json::json_pointer(to->get<std::string>().substr(1))));
    Json out = Json::object();
    for (const auto& [name, one] : part.items())
      out[name] = inlined(one);
    return out;
  }

  std::string against(const std::string& name, const Json& schema, const std::string& body) {
    const Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded()) return name + " is no JSON: " + body;
    auto& compiled = compiled_[name];
    if (!compiled) {
      compiled = std::make_unique<valijson::Schema>();
      const Json whole = inlined(schema);
      valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(whole), *compiled);
    }
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(*compiled, valijson::adapters::NlohmannJsonAdapter(json), &results)) return "";
    std::string out = name + " is not as described:";
    for (const auto& one : results) {
      for (const std::string& step : one.context)
        out += step;
      out += ": " + one.description + "\n";
    }
    return out + body;
  }

  std::mutex mutex_;
  const Json document_;
  std::map<std::string, std::unique_ptr<valijson::Schema>> compiled_;
  std::set<std::string> kept_;
};

Contract& contract() {
  static Contract only;
  return only;
}

}  // namespace

std::string broken_promise(const std::string& method, const std::string& path, int status, const std::string& type,
                           const std::string& body) {
  return contract().broken(method, path, status, type, body);
}

std::size_t promises_kept() {
  return contract().kept();
}

}  // namespace kintsugi::testing
