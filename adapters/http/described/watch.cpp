#include "adapters/http/described/described.h"
#include "engine/run/health.h"

namespace kintsugi::http::described {

Description show_health() {
  Json status = name_in<Condition>();
  Json of_check = status;
  of_check["enum"].push_back("unknown");
  return {
      .id = "show_health",
      .tag = "operation",
      .summary = {"サーバーの健康状態", "The server's health"},
      .answers = {{200,
                   {"ひとつずつ、いつから、どうすればよいか", "Each check: since when, and what to do"},
                   object({has("status", status),
                           has("checks", list_of(object({has("name", word()), has("status", of_check),
                                                         may_have("since", time()), may_have("looked_at", time()),
                                                         may_have("found", text()), may_have("do", text())})))})}},
      .text = {"両側のシステムを運用する役割の人だけに見えます。", "For those who run the two sides' systems."},
      .problems = {"not_found"}};
}

Description show_metrics() {
  return {.id = "show_metrics",
          .tag = "operation",
          .summary = {"Prometheus のための測定値", "Measurements for Prometheus"},
          .answers = {{200, {"測定値", "The measurements"}, text(), {}, "text/plain"}},
          .text = {"専用のトークンで。トークンなしではこのマシンからだけ。",
                   "With a token of its own; without one from this machine only."},
          .problems = {"unauthenticated"}};
}

}  // namespace kintsugi::http::described
