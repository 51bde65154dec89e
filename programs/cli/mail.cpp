#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"
#include "programs/stage/mail_sink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

namespace kintsugi::cli {
namespace {

// Whom it went to, as far as a column has room for: the first, and how many more.
std::string first_of(const std::vector<std::string>& readers) {
  if (readers.empty()) return {};
  return readers.size() == 1 ? readers.front() : fmt::format("{} +{}", readers.front(), readers.size() - 1);
}

int list(const std::string& directory, const Tongue& say) {
  std::vector<std::vector<std::string>> rows;
  for (const demo::Letter& one : demo::letters_in(directory))
    rows.push_back({std::to_string(rows.size() + 1), harmless(first_of(one.to)), harmless(one.subject)});
  if (rows.empty()) return report({Errc::NotFound, say("mail.none", directory)});
  fmt::print("{}", to_table({"#", say("head.to"), say("head.subject")}, rows, Paint{colours_welcome()}));
  return ok;
}

int show(const std::string& directory, std::size_t number, const Tongue& say) {
  const auto letters = demo::letters_in(directory);
  if (number < 1 || number > letters.size()) return report({Errc::NotFound, say("mail.number", directory, number)});
  const demo::Letter& one = letters[number - 1];
  fmt::print("{}\n{}\n\n{}", harmless(fmt::format("{}", fmt::join(one.to, ", "))), harmless(one.subject),
             harmless(one.text));
  return ok;
}

}  // namespace

void add_mail(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("mail", "mails that the demo kept instead of sending them");
  noun->require_subcommand(1);
  auto directory = std::make_shared<std::string>();
  auto number = std::make_shared<std::size_t>(1);
  CLI::App* all = noun->add_subcommand("list", "to whom, about what; oldest first");
  all->add_option("directory", *directory, "the directory mail of the demo's data")->required();
  all->callback([directory, &exit, say] { exit = list(*directory, say); });
  CLI::App* one = noun->add_subcommand("show", "one of them, decoded");
  one->add_option("directory", *directory, "the directory mail of the demo's data")->required();
  one->add_option("number", *number, "its number in the list")->required();
  one->callback([directory, number, &exit, say] { exit = show(*directory, *number, say); });
}

}  // namespace kintsugi::cli
