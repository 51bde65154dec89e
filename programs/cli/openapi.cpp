#include "adapters/http/openapi.h"

#include "programs/cli/commands.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

namespace kintsugi::cli {

void add_api(CLI::App& app, int& exit, Language language) {
  CLI::App* noun = app.add_subcommand("api", "the API as this build serves it")->require_subcommand(1);
  noun->add_subcommand("openapi", "its description as OpenAPI 3.1, which a server shows at /openapi.json")
      ->callback([&exit, language] {
        const auto tongue = language == Language::ja ? http::Language::ja : http::Language::en;
        fmt::print("{}", http::openapi_text(fault_response::fault_response(), tongue));
        exit = ok;
      });
}

}  // namespace kintsugi::cli
