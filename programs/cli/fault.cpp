#include "engine/base/clock.h"
#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

struct FaultOptions {
  VisitOptions visit;
  std::string action = "trigger";
  std::string code, dedup_key, details, device, serial, json;
  std::vector<std::string> data;
};

int send(const FaultOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  Typed typed{.event = "fault", .data = options.data, .base = Json::object()};
  if (!options.json.empty()) {
    const auto text = whole_file(say, options.json);
    if (!text) return report(text.error());
    typed.base = json_from(*text);
    if (typed.base.is_discarded()) return report({Errc::Invalid, say("data.json", options.json)});
  }
  const auto also = [&](const char* name, const std::string& value) {
    if (!value.empty()) typed.data.push_back(std::string(name) + "=" + value);
  };
  also("code", options.code);
  also("details", options.details);
  also("device", options.device);
  also("serial", options.serial);
  also("dedup_key", options.dedup_key);
  const Reply schema = visit->api.get("/api/v1/events/fault/schema");
  if (!schema.good()) return visit->refuse(schema);
  const Instant now = SystemClock().now();
  auto payload = payload_of(typed, schema.json, now, say);
  if (!payload) return report(payload.error());
  const auto by_default = [&](const char* name, const std::string& value) {
    if (!payload->contains(name) && !value.empty()) (*payload)[name] = value;
  };
  by_default("action", options.action);
  by_default("occurred_at", kintsugi::to_text(now));
  by_default("dedup_key", text_of(*payload, "code"));

  if (text_of(*payload, "dedup_key").empty()) return report({Errc::Invalid, say("fault.no_code")});
  const Reply reply = visit->api.submit("/api/v1/faults", *payload);
  if (!reply.good()) return visit->refuse(reply, {.server = {}, .case_ref = {}, .event = "fault"});
  const auto times = number_of(reply.json, "occurrences");
  const bool again = flag_of(reply.json, "deduplicated") && times > 1;
  visit->show(reply, text_of(reply.json, "number") + "  " + text_of(reply.json, "case_id") + "  " +
                         text_of(reply.json, "state") + (again ? "  " + say("case.times", times) : "") + "\n");
  const bool names_a_device = visit->by_machine || payload->contains("device") || payload->contains("serial");
  if (!names_a_device) fmt::print(stderr, "kintsugi: {}\n", say("fault.no_device"));
  return ok;
}

}  // namespace

void add_fault(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("fault", "notices of faults")->require_subcommand(1);
  auto options = std::make_shared<FaultOptions>();
  CLI::App* one = noun->add_subcommand("send", "report a fault, as a device or as a person of the hospital");
  add_profile(*one, options->visit);
  add_output(*one, options->visit);
  add_server(*one, options->visit);
  add_token_file(*one, options->visit);
  one->add_option("--action", options->action, "trigger, or resolve when the device is normal again")
      ->check(CLI::IsMember({"trigger", "resolve"}));
  one->add_option("--code", options->code, "the device's fault code");
  one->add_option("--device", options->device, "device_…, if a person reports; or --serial");
  one->add_option("--serial", options->serial, "the device's serial number");
  one->add_option("--details", options->details, "what the notice says; sealed under the key of the case");
  one->add_option("--dedup-key", options->dedup_key, "tells a repeat from a new fault; the fault code if not given");
  one->add_option("-d,--data", options->data, "name=value of its payload; again for each (see case form)")
      ->allow_extra_args(false);
  one->add_option("--json", options->json, "file with the payload as JSON, or - for standard input");
  one->callback([options, &exit, say] { exit = send(*options, say); });
}

}  // namespace kintsugi::cli
