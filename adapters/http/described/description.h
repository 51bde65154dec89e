#pragma once

#include "engine/base/fields.h"
#include "engine/domain/directory.h"

#include <string>
#include <string_view>
#include <vector>

// What the OpenAPI document says about one route. Every route of the table (adapters/http/routes.cpp) carries one;
// members without a default must be given, so a route cannot be added undescribed. Texts are in both languages: the
// document is served in the reader's.
namespace kintsugi::http {

// Something in the path, in the query or in the headers.
struct Parameter {
  std::string name;
  Text text;
  Json schema;
  bool needed = false;
  Json example{};
};

// One way in which a route succeeds.
struct Answer {
  int status;
  Text text;
  Json schema;  // of the body; null: there is none
  std::vector<std::string> headers{};
  std::string media = "application/json";
};

struct Description {
  std::string id;   // operationId: the function's name in a generated client; for ever
  std::string tag;  // which part of the API: sign-ins, cases …
  Text summary;
  std::vector<Answer> answers;
  Text text{};
  std::vector<Parameter> path{};   // one for each `{}` of the route, in order
  std::vector<Parameter> query{};  // a list's own come from paged()
  // Names of headers(): Idempotency-Key, If-Match, If-None-Match, Step-Up, Last-Event-ID.
  std::vector<std::string> headers{};
  Json body{};                               // schema of the body; null: it takes none
  std::vector<std::string_view> problems{};  // beside those that follow from what the route takes
  bool for_each_event = false;  // stands for one operation for each event of the workflow, with its payload
};

// The headers that requests may carry.
std::vector<Parameter> headers();

// What every list takes: page_size, page_token, and the filter and orders that are given in words.
std::vector<Parameter> paged(const Text& filter, const std::vector<std::string>& orders);
std::vector<Parameter> paged_and(std::vector<Parameter> more, const Text& filter = {},
                                 const std::vector<std::string>& orders = {});

}  // namespace kintsugi::http
