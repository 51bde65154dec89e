#include "programs/demo/guide.h"

#include "programs/stage/say.h"

namespace kintsugi::demo {
namespace {

std::string this_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "kintsugi" : program.string();
}

void show_people(Stage& stage, const Tongue& tongue) {
  const auto directory = stage.server().conductor().directory();
  for (const auto& [id, house] : directory->organisations()) {
    say("\n  {}", tongue(house.name));
    for (const Player& one : stage.cast().script.players)
      if (one.employer == id)
        say("    {:<24} {}  kintsugi code people/{}.otpauth\n      {}: {}", one.mail, one.password, one.nick(),
            tongue(one.name), tongue(one.may_try));
  }
}

}  // namespace

void show_the_way(Stage& stage, const Tongue& tongue) {
  const std::string url = stage.server().url();
  const Player& sato = *stage.cast().with(Role::hcf_sysadm);
  const Player& abe = *stage.cast().with(Role::rsc_svc);
  say("\n{}", tongue("サーバーは Ctrl-C まで動き続けます。別の端末に貼り付けてください。",
                     "The server goes on until Ctrl-C. Paste into another shell:"));
  say("\n  cd {}\n  alias kintsugi={}", stage.directory().string(), this_program());
  say("  export XDG_CONFIG_HOME=$PWD/profiles");
  say("  proof() {{ cat people/$1.password; kintsugi code people/$1.otpauth; }}");
  say("  enter() {{ proof ${{1%@*}} | kintsugi login --profile ${{1%@*}} --mail $1 --server {} \\\n"
      "    --ca tls/certificate.pem --password-stdin; }}",
      url);

  say("\n  {}", tongue("自分で障害を起こす", "A fault of your own"));
  say("    kintsugi fault send --server {} --ca tls/certificate.pem \\\n"
      "      --token-file devices/MR-2021-0042.token --code E-300",
      url);
  say("\n  {}", tongue("サービスマンとしてサインインし、担当する", "Sign in as the serviceman and take it"));
  say("    enter {}", abe.mail);
  say("    kintsugi case list --open --profile {}", abe.nick());
  say("    kintsugi case act {} acknowledge --profile {}", tongue("案件番号", "NUMBER"), abe.nick());
  say("\n  {}", tongue("病院の管理者として見る", "See it as the hospital's administrator"));
  say("    enter {}", sato.mail);
  say("    kintsugi case show {} --profile {}", tongue("案件番号", "NUMBER"), sato.nick());

  say("\n  {}", tongue("API を直接使う", "The API itself"));
  if (const auto token = stage.cast().token(stage.client(), sato.id))
    say("    curl -s --cacert tls/certificate.pem -H 'Authorization: Bearer {}' \\\n"
        "      -H 'Accept-Language: {}' {}/api/v1/cases/{}",
        *token, tongue.tag(), url, stage.cast().script.case_id.text());
  say("\n  {}", tongue("届いたメールを読む", "Read the mails"));
  say("    kintsugi mail list mail\n    kintsugi mail show mail 1");
  say("\n  {}", tongue("監査者として証跡を自分で検証する", "Check the log yourself, as an auditor would"));
  say("    kintsugi audit verify {}", stage.directory().string());
  say("\n{}", tongue("登場人物: メール、パスワード、ワンタイムコード、試せること",
                     "Everybody: mail, password, one-time code, and what to try"));
  show_people(stage, tongue);
}

}  // namespace kintsugi::demo
