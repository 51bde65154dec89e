#include "programs/cli/proof.h"

#include "programs/cli/client/terminal.h"

namespace kintsugi::cli {

Result<Json> ask_proof(bool from_stdin, const Tongue& say) {
  const auto password =
      from_stdin ? line_of_input(say, "password") : ask_secret(say, say("ask.password"), from_input);
  if (!password) return pass(password);
  const auto code = from_stdin ? line_of_input(say, "code") : ask_secret(say, say("ask.code"), from_input);
  if (!code) return pass(code);
  return Json{{"password", *password}, {"code", *code}};
}

}  // namespace kintsugi::cli
