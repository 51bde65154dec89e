#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/doctor/examine.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace kintsugi::cli {
namespace {

struct DoctorOptions {
  VisitOptions visit;
  std::string data;
  bool in_directory = false;
};

Json to_json(const Finding& one) {
  Json out = {{"name", one.name}, {"verdict", name_of(one.verdict)}, {"found", one.found}};
  if (!one.todo.empty()) out["do"] = one.todo;
  return out;
}

std::string said(Verdict verdict, const Tongue& say) {
  switch (verdict) {
    case Verdict::good: return say("doctor.good");
    case Verdict::attention: return say("doctor.attention");
    default: return say("doctor.wrong");
  }
}

std::string to_text(const Findings& findings, const Tongue& say, const Paint& paint) {
  constexpr std::size_t verdicts = 10;
  std::size_t columns = 14;
  for (const Finding& one : findings.all())
    columns = std::max(columns, one.name.size() + 2);
  std::string out;
  for (const Finding& one : findings.all()) {
    const std::string verdict = padded(said(one.verdict, say), verdicts);
    out += (one.verdict == Verdict::good        ? paint.good(verdict)
            : one.verdict == Verdict::attention ? paint.waiting(verdict)
                                                : paint.bad(verdict)) +
           padded(one.name, columns) + harmless(one.found) + "\n";
    if (!one.todo.empty()) out += std::string(verdicts + columns, ' ') + say("doctor.do", harmless(one.todo)) + "\n";
  }
  return out;
}

// What it found may name a file or a server whose name is not UTF-8.
std::string one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int run(const DoctorOptions& options, const Tongue& say) {
  const Findings findings =
      options.in_directory ? examine_directory(options.data, say) : examine_server(options.visit, say);
  if (options.visit.output == "table") {
    fmt::print("{}", to_text(findings, say, Paint{.on = colours_welcome()}));
  } else if (options.visit.output == "jsonl") {
    for (const Finding& one : findings.all())
      fmt::print("{}\n", one_line(to_json(one)));
  } else {
    Json all = Json::array();
    for (const Finding& one : findings.all())
      all.push_back(to_json(one));
    fmt::print("{}\n", one_line({{"checks", std::move(all)}}));
  }
  const bool sound =
      std::ranges::none_of(findings.all(), [](const Finding& one) { return one.verdict == Verdict::wrong; });
  return sound ? ok : failed;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit, const Tongue& say) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* one =
      app.add_subcommand("doctor", "find what is wrong with an installation or a server, and say what to do");
  one->add_option("--data", options->data, "the installation; without it, the server of the profile")
      ->envname("KINTSUGI_DATA");
  add_profile(*one, options->visit);
  one->add_option("--server", options->visit.server, "https://host:port, instead of the profile's");
  one->add_option("--ca", options->visit.ca_file, "PEM file: the only certificate or authority to trust");
  one->add_option("-o,--output", options->visit.output, "table, json or jsonl")
      ->check(CLI::IsMember({"table", "json", "jsonl"}));
  one->callback([options, one, &exit, say] {
    options->in_directory = works_in_directory(*one);
    exit = run(*options, say);
  });
}

}  // namespace kintsugi::cli
