#include "programs/demo/guide.h"

#include "programs/demo/say.h"

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
        say("    {:<22} {}  people/{}.otpauth\n      {}: {}", one.mail, one.password, one.nick(), tongue(one.name),
            tongue(one.may_try));
  }
}

}  // namespace

void show_the_way(Stage& stage, const Tongue& tongue) {
  const std::string program = this_program();
  const std::string certificate = (stage.directory() / "tls" / "certificate.pem").string();
  const Player& sato = *stage.cast().with(Role::hcf_sysadm);
  say("\n{}", tongue("サーバーは Ctrl-C まで動き続けます。別の端末に貼り付けてください。",
                     "The server goes on until Ctrl-C. Paste into another shell:"));
  say("\n  cd {}\n  alias kintsugi={}", stage.directory().string(), program);
  say("\n  {}",
      tongue("サインインする (パスワードとコードを尋ねられます)", "Sign in; it asks for password and code"));
  say("    kintsugi code people/{}.otpauth", sato.nick());
  say("    kintsugi login --profile {} --mail {} --server {} --ca tls/certificate.pem", sato.nick(), sato.mail,
      stage.server().url());
  say("    kintsugi case list --profile {}", sato.nick());
  say("\n  {}", tongue("自分で障害を起こす", "A fault of your own"));
  say("    kintsugi fault send --server {} --ca tls/certificate.pem --token-file devices/MR-2021-0042.token --code "
      "E-300",
      stage.server().url());
  say("\n  {}", tongue("API を直接使う", "The API itself"));
  if (const auto token = stage.cast().token(stage.client(), sato.id))
    say("    curl -s --cacert {} -H 'Authorization: Bearer {}' -H 'Accept-Language: {}' {}/api/v1/cases/{}",
        certificate, *token, tongue("ja", "en").substr(0, 2), stage.server().url(),
        stage.cast().script.case_id.text());
  say("\n  {}", tongue("届いたメールを読む", "Read the mails"));
  say("    kintsugi mail list mail\n    kintsugi mail show mail 1");
  say("\n  {}", tongue("監査者として証跡を自分で検証する", "Check the log yourself, as an auditor would"));
  say("    kintsugi audit verify {}", stage.directory().string());
  say("\n{}", tongue("登場人物: メール、パスワード、コードの秘密、試せること",
                     "Everybody: mail, password, secret of the codes, and what to try"));
  show_people(stage, tongue);
}

}  // namespace kintsugi::demo
