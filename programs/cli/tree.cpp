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

// What CLI11 has to say of arguments, which it says in English only. What it says otherwise stays as it is.
std::string in_japanese(const CLI::Error& error) {
  const std::string text = error.what();
  const std::string kind = error.get_name();
  const auto colon = text.find(": ");
  const std::string before = text.substr(0, colon);
  const std::string after = colon == std::string::npos ? std::string() : text.substr(colon + 2);
  if (constexpr std::string_view end = " is required"; kind == "RequiredError" && text.ends_with(end)) {
    const std::string what = text.substr(0, text.size() - end.size());
    return what == "A subcommand" ? "コマンドがありません" : what + " がありません";
  }
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !after.empty())
    return "余分な引数です: " + after;
  if (kind == "ConversionError" && before == "Could not convert") return "値を読めません: " + after;
  if (kind == "ArgumentMismatch" && after.ends_with(" missing")) return before + " の値がありません";
  if (const auto bound = after.find(" not in "); kind == "ValidationError" && bound != std::string::npos) {
    const std::size_t start = after.starts_with("Value ") ? 6 : 0;
    std::string usable = after.substr(bound + 8);
    if (const auto to = usable.find(" to "); usable.starts_with("range ") && to != std::string::npos)
      usable = usable.substr(6, to - 6) + "〜" + usable.substr(to + 4);
    return before + " に " + after.substr(start, bound - start) + " は使えません。使えるのは " + usable;
  }
  return text;
}

// The command that was typed, as far as it was understood.
std::string typed_command(const CLI::App* app) {
  std::string out = app->get_name();
  for (auto inner = app->get_subcommands(); !inner.empty(); inner = inner.front()->get_subcommands())
    out += " " + inner.front()->get_name();
  return out;
}

std::string complaint(const std::string& text, const CLI::App* app, const Tongue& say) {
  return "kintsugi: " + text + "\n" + say("command.help", typed_command(app)) + "\n";
}
std::string complaint_ja(const CLI::App* app, const CLI::Error& error) {
  return complaint(in_japanese(error), app, Tongue(Language::ja));
}
std::string complaint_en(const CLI::App* app, const CLI::Error& error) {
  return complaint(error.what(), app, Tongue(Language::en));
}

// What a value looks like: `TEXT:{a,b}` and `INT:INT in [1 - 5]` in fewer signs, and in the reader's language.
class Formatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string out = CLI::Formatter::make_option_opts(option);
    const auto put = [&](std::string_view what, const std::string& with) {
      if (const auto at = out.find(what); at != std::string::npos) out.replace(at, what.size(), with);
    };
    put("TEXT:{", "{");
    if (out.find("INT:INT in [") != std::string::npos) {
      put("INT:INT in [", get_label("INT") + " ");
      put(" - ", "–");
      put("]", "");
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<CLI::App> make_tree(Language language, int& exit, const std::string& chosen) {
  const Tongue say(language);
  auto app = std::make_unique<CLI::App>("Kintsugi: the handling of a fault in a remotely serviced medical device",
                                        "kintsugi");
  app->require_subcommand(1);
  app->formatter(std::make_shared<Formatter>());
  app->failure_message(language == Language::ja ? complaint_ja : complaint_en);
  if (language == Language::ja) {
    app->get_formatter()->label("Usage", "使い方");
    app->get_formatter()->label("Positionals", "引数");
    app->get_formatter()->label("REQUIRED", "必須");
    app->get_formatter()->label("OPTIONS", "オプション");
    app->get_formatter()->label("SUBCOMMAND", "コマンド");
    app->get_formatter()->label("TEXT", "値");
    app->get_formatter()->label("INT", "整数");
    app->get_formatter()->label("Env", "環境変数");
  }
  app->add_option_function<std::string>(
         "--lang", [](const std::string&) {}, "ja or en; else as LC_ALL, LC_MESSAGES or LANG say")
      ->check(CLI::IsMember({"ja", "en"}));
  app->set_version_flag("--version", said_version(), "what this is");
  add_installation(*app, exit, say);
  add_demo(*app, exit, chosen, say);
  add_mail(*app, exit, say);
  add_workflow(*app, exit, say);
  add_api(*app, exit, language);
  add_audit(*app, exit, say);
  add_database(*app, exit, say);
  add_outbox(*app, exit, say);
  add_vault(*app, exit, say);
  add_intake(*app, exit, say);
  add_people(*app, exit, say);
  add_machines(*app, exit, say);
  add_integration(*app, exit, say);
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
