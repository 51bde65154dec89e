#include "programs/demo/guide.h"

#include "programs/demo/say.h"

namespace kintsugi::demo {
namespace {

void look(const Place& place, const Text& what, Role role, const std::string& path) {
  const auto token = place.cast.token(place.client, place.cast.with(role)->id);
  say("\n  {}", place.tongue(what));
  if (!token) return say("    {}", token.error().what);
  say("    curl -s --cacert {} -H 'Authorization: Bearer {}' {}{}",
      (place.directory / "tls" / "certificate.pem").string(), *token, place.url, path);
}

}  // namespace

void show_the_way(const Place& place) {
  const Tongue& tongue = place.tongue;
  const Script& script = place.cast.script;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);

  say("\n{}", tongue("サーバーは Ctrl-C まで動き続けます。別の端末に貼り付けてください。",
                     "The server goes on until Ctrl-C. Paste into another shell:"));
  look(place, {"サービスマンとして案件の一覧を見る", "The cases, as the serviceman sees them"}, Role::rsc_svc,
       "/api/v1/cases");
  look(place, {"病院の管理者として案件を見る", "This case, as the hospital's administrator sees it"},
       Role::hcf_sysadm, "/api/v1/cases/" + script.case_id.text());
  say("\n  {}", tongue("監査者として証跡を自分で検証する", "Check the log yourself, as an auditor would"));
  say("    {} audit verify {}", error ? "kintsugi" : program.string(), place.directory.string());
  say("\n  {}", tongue("届いたメールを読む", "Read the mails"));
  say("    ls {}", (place.directory / "mail").string());
  say("\n  {}: POST {}/api/v1/sign-ins {{mail, password, code}}", tongue("サインイン", "Sign in"), place.url);
  for (const Player& one : script.players)
    say("    {:<22} {}  {}", one.mail, one.password, tongue(one.name));
  say("  {}: {}", tongue("コードの秘密鍵", "The secrets of the codes"), (place.directory / "demo.json").string());
}

}  // namespace kintsugi::demo
