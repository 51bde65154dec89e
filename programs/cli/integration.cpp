#include "engine/domain/directory.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"
#include "programs/cli/machines.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

// Systems that report faults for the devices of a hospital; docs/api/compat.md.
namespace kintsugi::cli {
namespace {

constexpr const char* path = "/api/v1/integrations";

struct IntegrationOptions {
  VisitOptions visit;
  std::string id, hospital, name, name_en;
  Integration labels;
};

std::string path_of(const IntegrationOptions& options, const char* verb = "") {
  return std::string(path) + "/" + escaped(options.id) + verb;
}

std::string name_in(const Json& one, const Tongue& say) {
  return text_of(object_of(one, "name"), std::string(tag_of(say.language())).c_str());
}

std::string state_text(const Json& one, const Tongue& say) {
  return flag_of(one, "enabled") ? say("credential.live") : say("credential.over");
}

int list(const IntegrationOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get_all(path, "integrations");
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "integrations"))
    rows.push_back({text_of(one, "id"), name_in(one, say), text_of(one, "tenant"), state_text(one, say)});
  visit->show_list(reply, "integrations",
                   to_table({say("head.id"), say("head.name"), say("head.hospital"), say("head.state")}, rows,
                            visit->page().paint));
  return ok;
}

int show(const IntegrationOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(path_of(options));
  if (!reply.good()) return visit->refuse(reply);
  std::string text = name_in(reply.json, say) + "  " + state_text(reply.json, say) + "\n";
  for (const char* label : {"device_label", "serial_label", "code_label", "severity_label"})
    text += fmt::format("{} = {}\n", label, text_of(reply.json, label));
  visit->show(reply, text);
  return ok;
}

// Its id, and on the next line its token: shown this once.
int add(const IntegrationOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  Json body{{"name", {{"ja", options.name}, {"en", options.name_en.empty() ? options.name : options.name_en}}},
            {"device_label", options.labels.device_label},
            {"serial_label", options.labels.serial_label},
            {"code_label", options.labels.code_label},
            {"severity_label", options.labels.severity_label}};
  if (!options.hospital.empty()) body["tenant"] = options.hospital;
  const Reply made = visit->api.submit(path, body);
  if (!made.good()) return visit->refuse(made);
  const std::string id = text_of(made.json, "id");
  Reply token = visit->api.submit(std::string(path) + "/" + escaped(id) + "/tokens", {{"overlap_hours", 0}});
  if (!token.good()) {
    fmt::print("{}\n", id);
    return visit->refuse(token);
  }
  visit->show(token, id + "\n" + text_of(token.json, "token") + "\n");
  return ok;
}

int retire(const IntegrationOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit(path_of(options, "/retire"), Json::object());
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, say("credential.ended") + "\n");
  return ok;
}

}  // namespace

void add_integration(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("integration", "other systems that report faults")->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what, bool of_one,
                        int (*run)(const IntegrationOptions&, const Tongue&)) {
    auto options = std::make_shared<IntegrationOptions>();
    CLI::App* one = noun->add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    add_server(*one, options->visit);
    if (of_one) one->add_option("id", options->id, "integration_…")->required();
    one->callback([options, run, &exit, say] { exit = run(*options, say); });
    return std::pair{one, options};
  };
  verb("list", "those of the hospitals that you look after", false, list);
  verb("show", "what it is called, and the labels that it is read by", true, show);
  {
    auto [one, options] = verb("add", "a new one of a hospital, with its token; shown once", false, add);
    one->add_option("--hospital", options->hospital, "whose devices it reports for: org_…; your own if left out");
    one->add_option("--name", options->name, "what people call it")->required();
    one->add_option("--name-en", options->name_en, "the same in English; as --name if left out");
    one->add_option("--device-label", options->labels.device_label, "label of an alert that is a device's id");
    one->add_option("--serial-label", options->labels.serial_label, "label of an alert that is a serial number");
    one->add_option("--code-label", options->labels.code_label, "label of an alert that is the fault code");
    one->add_option("--severity-label", options->labels.severity_label, "label of an alert that is the severity");
  }
  verb("retire", "it reports nothing any more; its tokens end at once", true, retire);
  add_credential_verbs(*noun, exit, say,
                       {.list = "integrations", .id = "integration_…", .shows_certificates = false});
}

}  // namespace kintsugi::cli
