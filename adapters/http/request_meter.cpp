#include "adapters/http/request_meter.h"

#include "adapters/http/routes.h"

#include <algorithm>
#include <string>

namespace kintsugi::http {
namespace {

constexpr std::string_view sign_in_path = "/api/v1/sign-ins";

struct Name {
  std::string_view method = "any";
  std::string_view path = "none";
};
Name name_of_route(std::size_t route) {
  if (route >= routes().size()) return {};
  return {routes()[route].method, routes()[route].path};
}

}  // namespace

RequestMeter::RequestMeter() {
  for (std::size_t i = 0; i <= routes().size(); ++i)
    rows_.push_back(std::make_unique<Row>());
}

void RequestMeter::answered(std::size_t route, int status, std::uint64_t micros) {
  Row& row = *rows_[std::min(route, rows_.size() - 1)];
  const int place = std::clamp(status - status_first, 0, status_count - 1);
  row.by_status[static_cast<std::size_t>(place)].fetch_add(1, std::memory_order_relaxed);
  row.took.observe(micros);
}

void RequestMeter::write(Exposition& out) const {
  std::uint64_t refused_sign_ins = 0;
  out.counter("kintsugi_http_requests_total", "Requests answered, by route of the API and status.");
  for (std::size_t i = 0; i < rows_.size(); ++i)
    for (int status = 0; status < status_count; ++status) {
      const auto count = rows_[i]->by_status[static_cast<std::size_t>(status)].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const Name name = name_of_route(i);
      if (name.path == sign_in_path && name.method == "POST" && status + status_first >= 400)
        refused_sign_ins += count;
      out.sample(static_cast<double>(count),
                 {{"method", name.method}, {"route", name.path}, {"status", std::to_string(status + status_first)}});
    }
  out.histogram("kintsugi_http_request_seconds", "Time to answer a request, by route of the API.");
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i]->took.upto(Histogram::bounds.size()) == 0) continue;
    const Name name = name_of_route(i);
    out.sample(rows_[i]->took, {{"method", name.method}, {"route", name.path}});
  }
  out.counter("kintsugi_sign_in_failures_total", "Sign-ins that were refused.");
  out.sample(static_cast<double>(refused_sign_ins));
}

}  // namespace kintsugi::http
