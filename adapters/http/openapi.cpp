#include "adapters/http/openapi.h"

#include "adapters/http/limits.h"
#include "adapters/http/openapi_words.h"
#include "adapters/http/problem.h"
#include "adapters/http/routes.h"

#include <algorithm>
#include <map>
#include <set>

namespace kintsugi::http {
namespace {

using Names = std::vector<std::string_view>;

// Every `x-text` becomes a description in the reader's language beside it; `$schema` is the document's own affair.
void translate(Json& schema, Language language) {
  if (schema.is_object()) {
    schema.erase("$schema");
    if (const auto text = schema.find("x-text"); text != schema.end() && !schema.contains("description"))
      schema["description"] = text->value(std::string(tag_of(language)), std::string());
    for (auto& [name, part] : schema.items())
      translate(part, language);
  } else if (schema.is_array()) {
    for (Json& part : schema)
      translate(part, language);
  }
}

// What can go wrong besides what the route says itself.
Names problems_of(const Route& route, const Description& description) {
  Names out = description.problems;
  out.insert(out.end(), {"malformed_request", "invalid", "rate_limited", "internal", "unavailable"});
  if (route.caller != Caller::anyone) out.push_back("unauthenticated");
  if (route.caller == Caller::person) out.push_back("forbidden");
  if (!description.body.is_null())
    out.insert(out.end(), {"malformed_body", "unsupported_media_type", "too_large", "not_writable"});
  return out;
}

class Document {
 public:
  Document(const Workflow& workflow, Language language) : workflow_(workflow), language_(language) {}

  Json made() {
    for (const Route& route : routes())
      add(route);
    Json schemas = described::components();
    schemas["Problem"] = problem_schema();
    Json out = {{"openapi", "3.1.0"},
                {"info", info(workflow_, language_)},
                {"servers", {{{"url", "/"}, {"description", say(this_server)}}}},
                {"tags", tags(used_tags_, language_)},
                {"security", Json::array({Json{{"sign_in", Json::array()}}})},
                {"paths", std::move(paths_)},
                {"components",
                 {{"schemas", std::move(schemas)},
                  {"parameters", std::move(parameters_)},
                  {"headers", reply_headers(used_headers_, language_)},
                  {"responses", std::move(responses_)},
                  {"securitySchemes", security_schemes(language_)}}}};
    translate(out, language_);
    return out;
  }

 private:
  std::string say(const Text& text) const { return in(language_, text); }

  void add(const Route& route) {
    const Description description = whole_description(route);
    if (!description.for_each_event) return add(route, description, path_of(route, description, ""));
    for (const EventInfo& event : workflow_.events)
      if (event.by_people || event.name == gates_event)
        add(route, of_event(description, event), path_of(route, description, event.name));
  }

  void add(const Route& route, const Description& description, const std::string& path) {
    Json& item = paths_[path];
    if (item.is_null()) item["parameters"] = Json::array({parameter("header", accept_language())});
    std::string method(route.method);
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    item[method] = operation(route, description);
    used_tags_.insert(description.tag);
  }

  // `{}` gets the name of the parameter that stands there; the event of an event's own operation stands for itself.
  static std::string path_of(const Route& route, const Description& description, const std::string& event) {
    std::string out;
    std::size_t part = 0;
    for (std::size_t i = 0; i < route.path.size(); ++i) {
      if (route.path.substr(i, 2) != "{}") {
        out += route.path[i];
        continue;
      }
      const std::string& name = description.path.at(part++).name;
      out += !event.empty() && name == "event" ? event : "{" + name + "}";
      ++i;
    }
    return out;
  }

  static Description of_event(Description out, const EventInfo& event) {
    out.id = "submit_" + event.name;
    out.summary = event.label;
    out.body = event.schema;
    std::erase_if(out.path, [](const Parameter& one) { return one.name == "event"; });
    if (!fenced_by_version(event)) std::erase(out.headers, "If-Match");
    if (!event.needs_step_up) std::erase(out.headers, "Step-Up");
    if (event.closing) out.text = closes;
    return out;
  }

  Json operation(const Route& route, const Description& description) {
    Json out = {{"operationId", description.id},
                {"tags", {description.tag}},
                {"summary", say(description.summary)},
                {"security", security_of(route.caller)},
                {"responses", replies(route, description)}};
    if (!description.text.en.empty()) out["description"] = say(description.text);
    Json parameters = Json::array();
    for (Parameter one : description.path) {
      one.needed = true;
      parameters.push_back(inlined("path", one));
    }
    for (const Parameter& one : description.query)
      parameters.push_back(inlined("query", one));
    for (const std::string& name : description.headers)
      for (const Parameter& one : headers())
        if (one.name == name) parameters.push_back(parameter("header", one));
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (!description.body.is_null())
      out["requestBody"] = {{"required", true},
                            {"content", {{"application/json", {{"schema", body_of(description)}}}}}};
    return out;
  }

  Json body_of(const Description& description) const {
    const auto named = description.body.find("x-event");
    if (named == description.body.end()) return description.body;
    return workflow_.event(named->get<std::string>())->schema;
  }

  Json inlined(const char* where, const Parameter& one) const {
    Json out = {{"name", one.name}, {"in", where}, {"schema", one.schema}, {"description", say(one.text)}};
    if (one.needed) out["required"] = true;
    if (!one.example.is_null()) out["example"] = one.example;
    return out;
  }
  // The same, once in the components.
  Json parameter(const char* where, const Parameter& one) {
    parameters_[one.name] = inlined(where, one);
    return {{"$ref", "#/components/parameters/" + one.name}};
  }

  Json replies(const Route& route, const Description& description) {
    Json out = Json::object();
    for (const Answer& one : description.answers) {
      Json& reply = out[std::to_string(one.status)] = {{"description", say(one.text)}};
      if (!one.schema.is_null()) reply["content"] = {{one.media, {{"schema", one.schema}}}};
      for (const std::string& name : one.headers)
        reply["headers"][name] = header(name);
    }
    std::map<int, std::set<std::string_view>> by_status;
    for (const std::string_view name : problems_of(route, description))
      by_status[problem_type(name).status].insert(name);
    for (const auto& [status, names] : by_status) {
      Json& reply = out[std::to_string(status)];
      if (reply.is_null())
        reply = problem(status, names);
      else  // a route with an answer of its own for it
        reply["content"]["application/problem+json"] = {{"schema", described::ref("Problem")}};
    }
    return out;
  }

  // One response for each set of problems with one status, named after them.
  Json problem(int status, const std::set<std::string_view>& names) {
    std::string key = std::to_string(status);
    for (const std::string_view name : names)
      key.append(".").append(name);
    if (!responses_.contains(key)) {
      std::string text;
      for (const std::string_view name : names) {
        const ProblemType& type = problem_type(name);
        text += (text.empty() ? "`" : "\n`") + std::string(name) + "`: ";
        text += language_ == Language::ja ? type.title_ja : type.title_en;
      }
      const Json schema = {
          {"allOf",
           {described::ref("Problem"), Json{{"type", "object"}, {"properties", {{"code", {{"enum", names}}}}}}}}};
      Json& reply = responses_[key] = {{"description", text},
                                       {"content", {{"application/problem+json", {{"schema", schema}}}}}};
      if (status == 401) reply["headers"]["WWW-Authenticate"] = header("WWW-Authenticate");
      if (status == 429 || status == 503) reply["headers"]["Retry-After"] = header("Retry-After");
      if (status == 415) reply["headers"]["Accept-Post"] = header("Accept-Post");
    }
    return {{"$ref", "#/components/responses/" + key}};
  }

  Json header(const std::string& name) {
    used_headers_.insert(name);
    return {{"$ref", "#/components/headers/" + name}};
  }

  static constexpr std::string_view gates_event = "report_hop";  // the one event that an access point may post

  const Workflow& workflow_;
  const Language language_;
  Json paths_ = Json::object();
  Json parameters_ = Json::object();
  Json responses_ = Json::object();
  std::set<std::string> used_tags_;
  std::set<std::string> used_headers_;
};

}  // namespace

Json openapi(const Workflow& workflow, Language language) {
  return Document(workflow, language).made();
}

std::string openapi_text(const Workflow& workflow, Language language) {
  return openapi(workflow, language).dump(1) + "\n";
}

}  // namespace kintsugi::http
