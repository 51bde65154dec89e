#include "programs/cli/tree.h"

#include "programs/cli/client/words.h"

namespace kintsugi::cli {
namespace {

void translate(CLI::App& app) {
  if (const char* ja = japanese_of(app.get_description())) app.description(ja);
  if (app.get_group() == "Subcommands") app.group("コマンド");
  for (CLI::Option* one : app.get_options()) {
    if (const char* ja = japanese_of(one->get_description())) one->description(ja);
    if (one->get_group() == "Options") one->group("オプション");
  }
  for (CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    translate(*one);
}

std::string complaint_ja(const CLI::App* app, const CLI::Error& error) {
  return "引数に誤りがあります: " + std::string(error.what()) + "\n" + app->get_name() +
         " --help で使い方を確認してください。\n";
}

}  // namespace

std::unique_ptr<CLI::App> make_tree(Language language, int& exit, const std::string& chosen) {
  const Tongue say(language);
  auto app = std::make_unique<CLI::App>("Kintsugi: the handling of a fault in a remotely serviced medical device",
                                        "kintsugi");
  app->require_subcommand(1);
  if (language == Language::ja) {
    app->get_formatter()->label("Usage", "使い方");
    app->get_formatter()->label("Positionals", "引数");
    app->get_formatter()->label("REQUIRED", "必須");
    app->get_formatter()->label("OPTIONS", "オプション");
    app->get_formatter()->label("SUBCOMMAND", "コマンド");
    app->failure_message(complaint_ja);
  }
  app->add_option_function<std::string>(
         "--lang", [](const std::string&) {}, "ja or en; else as LC_ALL, LC_MESSAGES or LANG say")
      ->check(CLI::IsMember({"ja", "en"}));
  add_installation(*app, exit, say);
  add_demo(*app, exit, chosen);
  add_mail(*app, exit, say);
  add_workflow(*app, exit);
  add_api(*app, exit, language);
  add_audit(*app, exit);
  add_database(*app, exit);
  add_outbox(*app, exit);
  add_vault(*app, exit);
  add_intake(*app, exit);
  add_people(*app, exit, say);
  add_machines(*app, exit, say);
  add_integration(*app, exit);
  add_sign_ins(*app, exit, say);
  add_sign_in_list(*app, exit, say);
  add_generator(*app, exit, say);
  add_code(*app, exit, say);
  add_cases(*app, exit, say);
  add_fault(*app, exit, say);
  add_webhook(*app, exit, say);
  add_masters(*app, exit, say);
  add_on_call(*app, exit, say);
  add_doctor(*app, exit, say);
  add_pages(*app, exit, language);
  if (language == Language::ja) translate(*app);
  return app;
}

std::string take_language(std::vector<std::string>& words) {
  constexpr std::string_view name = "--lang";
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word) {
    std::string chosen;
    if (*word == name && word + 1 != words.end()) {
      chosen = *(word + 1);
      word = words.erase(word);
    } else if (word->starts_with("--lang=")) {
      chosen = word->substr(name.size() + 1);
    } else {
      continue;
    }
    words.erase(word);
    return chosen;
  }
  return {};
}

}  // namespace kintsugi::cli
