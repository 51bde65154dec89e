#include "programs/cli/pages.h"

#include "programs/cli/tree.h"

#include <fmt/format.h>

namespace kintsugi::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// Every command with its path, the parent before its children.
void each_command(const CLI::App& app, const std::string& path, const auto& visit) {
  visit(path, app);
  for (const CLI::App* one : commands_of(app))
    each_command(*one, path + " " + one->get_name(), visit);
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> out;
  for (const std::string& one : option.get_lnames())
    out.push_back("--" + one);
  for (const std::string& one : option.get_snames())
    out.push_back("-" + one);
  return out;
}

// A line that begins with a dot or an apostrophe would be a request, and a backslash begins an escape.
std::string troff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string option_text(const CLI::Option& option) {
  std::string head;
  for (const std::string& one : names_of(option))
    head += (head.empty() ? "" : ", ") + one;
  if (head.empty()) head = option.get_name(true);
  const bool takes_value = option.nonpositional() && option.get_items_expected_max() > 0;
  return head + (takes_value ? " …" : "");
}

}  // namespace

namespace {

// For a shell's `case`: the pattern of all commands, and what may stand behind each.
struct Completion {
  std::string paths, lists;
};
Completion completion_of(const CLI::App& tree) {
  Completion out;
  each_command(tree, tree.get_name(), [&](const std::string& path, const CLI::App& app) {
    if (path != tree.get_name()) out.paths += (out.paths.empty() ? "" : "|") + fmt::format("'{}'", path);
    std::string list;
    for (const CLI::App* one : commands_of(app))
      list += one->get_name() + " ";
    for (const CLI::Option* one : app.get_options())
      for (const std::string& name : names_of(*one))
        list += name + " ";
    list.pop_back();
    out.lists += fmt::format("    '{}') list='{}' ;;\n", path, list);
  });
  return out;
}

}  // namespace

std::string bash_completion(const CLI::App& tree) {
  const Completion all = completion_of(tree);
  return fmt::format(R"(# bash completion for {0}
_{0}() {{
  local path={0} list= word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$path $word" in
      {1}) path="$path $word" ;;
    esac
  done
  case "$path" in
{2}  esac
  mapfile -t COMPREPLY < <(compgen -W "$list" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _{0} {0}
)",
                     tree.get_name(), all.paths, all.lists);
}

// `path` is zsh's own name for PATH. A file in fpath is run as the function itself at the first use; read by
// `source`, it has to say what it completes.
std::string zsh_completion(const CLI::App& tree) {
  const Completion all = completion_of(tree);
  return fmt::format(R"(#compdef {0}
_{0}() {{
  local typed={0} list= word
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$typed $word" in
      {1}) typed="$typed $word" ;;
    esac
  done
  case "$typed" in
{2}  esac
  compadd -- ${{=list}} || _files
}}
if [[ $funcstack[1] == _{0} ]]; then
  _{0} "$@"
else
  (( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
  compdef _{0} {0}
fi
)",
                     tree.get_name(), all.paths, all.lists);
}

std::string man_page(const CLI::App& tree, bool ja) {
  const auto pick = [ja](const char* japanese, const char* english) { return std::string(ja ? japanese : english); };
  const std::string name = tree.get_name();
  std::string out = "'\\\" -*- coding: UTF-8 -*-\n.TH KINTSUGI 1\n.SH " + pick("名前", "NAME") + "\n" + name +
                    " \\- " + troff(tree.get_description()) + "\n.SH " + pick("書式", "SYNOPSIS") + "\n.B " + name +
                    "\n" + pick("コマンド [オプション]", "command [options]") + "\n.SH " +
                    pick("コマンド", "COMMANDS") + "\n";
  each_command(tree, name, [&](const std::string& path, const CLI::App& app) {
    if (path != name) out += ".SS " + troff(path) + "\n" + troff(app.get_description()) + "\n";
    for (const CLI::Option* one : app.get_options())
      if (one->get_name() != "--help")
        out += ".TP\n\\fB" + troff(option_text(*one)) + "\\fR\n" + troff(one->get_description()) + "\n";
  });
  out += ".SH " + pick("環境変数", "ENVIRONMENT") + "\n";
  each_command(tree, name, [&](const std::string&, const CLI::App& app) {
    for (const CLI::Option* one : app.get_options()) {
      const std::string entry = ".TP\n\\fB" + one->get_envname() + "\\fR\n" + troff(one->get_description()) + "\n";
      if (!one->get_envname().empty() && out.find(entry) == std::string::npos) out += entry;
    }
  });
  out += ".TP\n\\fBNO_COLOR\\fR\n" + pick("空でなければ色を使いません。", "When it is not empty, no colours.") + "\n";
  out += ".SH " + pick("ファイル", "FILES") + "\n.TP\n\\fB$XDG_CONFIG_HOME/kintsugi\\fR\n" +
         pick("プロファイル: サーバー、証明書、サインインのトークン。本人だけが読めます。",
              "Profiles: server, certificate, token of the sign\\-in. Only their owner can read them.") +
         "\n.SH " + pick("終了コード", "EXIT STATUS") + "\n" +
         pick(
             "0 完了、1 失敗、2 引数または設定の誤り、3 見つからない、4 権限がない、5 競合、6 今は使えない、"
             "7 監査ログが検証できない、8 時間切れ",
             "0 done, 1 failed, 2 wrong arguments or settings, 3 not found, 4 denied, 5 conflict, 6 unavailable, "
             "7 an audit log does not verify, 8 took too long") +
         "\n";
  return out;
}

void add_pages(CLI::App& app, int& exit, Language language) {
  CLI::App* noun = app.add_subcommand("completion", "what a shell needs to complete commands and options");
  noun->require_subcommand(1);
  noun->add_subcommand("bash", "as: source <(kintsugi completion bash)")->callback([&app, &exit] {
    fmt::print("{}", bash_completion(app));
    exit = ok;
  });
  noun->add_subcommand("zsh", "as: source <(kintsugi completion zsh)")->callback([&app, &exit] {
    fmt::print("{}", zsh_completion(app));
    exit = ok;
  });
  app.add_subcommand("man", "the manual page, as: kintsugi man > kintsugi.1")->callback([&app, &exit, language] {
    fmt::print("{}", man_page(app, language == Language::ja));
    exit = ok;
  });
}

}  // namespace kintsugi::cli
