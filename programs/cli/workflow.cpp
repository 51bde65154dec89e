#include "workflows/fault_response/workflow.h"

#include "engine/machine/print.h"
#include "engine/machine/structure.h"
#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"
#include "workflows/fault_response/passages.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

int check(bool json, const Tongue& say) {
  const auto findings = structure_findings(fault_response::fault_response(), fault_response::structure_rules());
  if (json) {
    Json list = Json::array();
    for (const Finding& one : findings)
      list.push_back({{"rule", one.rule}, {"what", one.what}, {"path", one.path}});
    fmt::print("{}\n", Json{{"findings", std::move(list)}}.dump());
  } else {
    for (const Finding& one : findings)
      fmt::print("{}\n", to_text(one));
    fmt::print("{}\n", say("workflow.findings", findings.size()));
  }
  return findings.empty() ? ok : not_verified;
}

}  // namespace

void add_workflow(CLI::App& app, int& exit, const Tongue& say) {
  auto form = std::make_shared<std::string>("table");
  CLI::App* noun = app.add_subcommand("workflow", "the workflow as this build knows it")->require_subcommand(1);
  noun->add_subcommand("diagram", "Mermaid")->callback([&exit] {
    fmt::print("{}", to_mermaid(fault_response::fault_response()));
    exit = ok;
  });
  CLI::App* table = noun->add_subcommand("table", "states and rows");
  table->add_option("-o,--output", *form, "table or json")->check(CLI::IsMember({"table", "json"}));
  table->callback([form, &exit] {
    const Workflow& workflow = fault_response::fault_response();
    fmt::print("{}", *form == "json" ? to_table_json(workflow) + "\n" : to_markdown(workflow));
    exit = ok;
  });
  CLI::App* prove = noun->add_subcommand("check", "prove what can be proved about the table");
  prove->add_option("-o,--output", *form, "table or json")->check(CLI::IsMember({"table", "json"}));
  prove->callback([form, &exit, say] { exit = check(*form == "json", say); });
}

}  // namespace kintsugi::cli
