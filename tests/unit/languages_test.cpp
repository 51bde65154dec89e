#include "adapters/http/input_words.h"
#include "engine/masters/masters.h"
#include "programs/cli/report.h"
#include "tests/support/source_tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

// Nothing reaches a person in one language only. Sentences are found in the source itself: what is written where a
// person's text is made must stand in the list that says it in the other language, or beside its Japanese.
namespace kintsugi::testing {
namespace {

struct Statement {
  std::string code;                   // without what literals and comments say
  std::vector<std::string> literals;  // the insides
};

std::vector<Statement> statements_of(std::string_view text, std::string_view ends = ";") {
  std::vector<Statement> out(1);
  const std::string code = code_of(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool blanked = code[at] != text[at];
    if (blanked && text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size() - 1);
    } else if (blanked && text[at] == '\'') {
      at += text[at + 1] == '\\' ? 3 : 2;
    } else if (blanked && text[at] == '"') {
      std::string inside;
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
        inside += text[at];
      }
      out.back().literals.push_back(inside);
    } else if (ends.find(code[at]) != std::string_view::npos) {
      out.emplace_back();
    } else {
      out.back().code += code[at];
    }
  }
  return out;
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// Two English words in a row: somebody is told something.
bool is_sentence(std::string_view text) {
  for (std::size_t i = 1; i + 1 < text.size(); ++i)
    if (text[i] == ' ' && is_letter(text[i - 1]) && is_letter(text[i + 1])) return true;
  return false;
}

bool is_japanese(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

std::string_view bare(std::string_view text) {
  constexpr std::string_view around = " ':;,.\"(";
  const auto first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

bool has_any(std::string_view code, std::initializer_list<std::string_view> marks) {
  return std::ranges::any_of(marks, [&](std::string_view one) { return code.find(one) != std::string_view::npos; });
}

using Lists = std::initializer_list<std::span<const Wording>>;

// Does a list say it, whole or as a part of one of its sentences? What stands before and behind it where it is put
// together is not in the literal: a name in quotes, the place of a setting, a number.
bool is_known(std::string_view words, Lists lists) {
  if (words.starts_with('/')) words.remove_prefix(std::min(words.find(' '), words.size() - 1) + 1);
  for (const auto& list : lists)
    for (const Wording& one : list)
      if (one.en.find(words) != std::string_view::npos) return true;
  for (const char* before : {"", "'x' ", "x ", "x must be "})
    for (const char* behind : {"", " 9"}) {
      const std::string ja = in_japanese(before + std::string(words) + behind, lists);
      if (!ja.empty() && !is_sentence(ja)) return true;
    }
  return false;
}

// A client of PagerDuty is a program and is answered in PagerDuty's own words.
constexpr std::string_view words_of_others = "adapters/http/compat.cpp";

// Every sentence of these files that such a statement says and that none of these lists knows.
std::vector<std::string> unknown_sentences(std::initializer_list<std::string_view> files,
                                           std::initializer_list<std::string_view> marks, Lists lists) {
  std::vector<std::string> out;
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code() || file.path == words_of_others) continue;
    if (std::ranges::none_of(files, [&](std::string_view one) { return file.in(one); })) continue;
    for (const Statement& one : statements_of(file.text)) {
      if (!has_any(one.code, marks)) continue;
      for (const std::string& said : one.literals)
        if (const auto words = bare(said); is_sentence(words) && !is_known(words, lists))
          out.push_back(file.path + ": " + said);
    }
  }
  return out;
}

const std::vector<std::string> none;

}  // namespace

TEST_CASE("a sentence is said in Japanese by the first wording that fits it whole", "[languages]") {
  constexpr std::array words{Wording{"there is no {} in {}", "{1} に {0} はありません"}, Wording{"the box", "箱"},
                             Wording{"stop", "止まれ"}};
  const auto said = [&](std::string_view english) { return in_japanese(english, {words}); };
  CHECK(said("stop") == "止まれ");
  CHECK(said("there is no cat in the box") == "箱 に cat はありません");
  CHECK(said("there is no cat in ").empty());
  CHECK(said("there is no  in a").empty());
  CHECK(said("stop it").empty());
  CHECK(said("").empty());
}

TEST_CASE("every wording has its Japanese, says each of its places and stands once", "[languages]") {
  for (const auto list : {http::input_wordings(), cli::error_wordings(), form_wordings()}) {
    std::set<std::string_view> seen;
    for (const Wording& one : list) {
      INFO(one.en);
      CHECK(seen.insert(one.en).second);
      CHECK((is_japanese(one.ja) || one.en == "{}: {}"));
      CHECK_FALSE(is_japanese(one.en));
      int places = 0;
      for (auto at = one.en.find("{}"); at != std::string_view::npos; at = one.en.find("{}", at + 2))
        CHECK(one.ja.find("{" + std::to_string(places++) + "}") != std::string_view::npos);
      CHECK(one.ja.find("{" + std::to_string(places) + "}") == std::string_view::npos);
    }
  }
}

TEST_CASE("what is wrong with the input of the API is said in Japanese too", "[languages]") {
  CHECK(unknown_sentences({"adapters/http/", "engine/run/shifts.cpp", "engine/run/schemas.cpp",
                           "engine/run/webhooks.cpp", "engine/run/integrations.cpp", "engine/accounts/enrolments.cpp",
                           "engine/accounts/machines.cpp", "adapters/webhook/target.cpp"},
                          {".errors = ", "errors.push_back", "wrong(", "wrong_filter(",
                           ".detail = ", "form =", "fail(Errc::Invalid", "fail(Errc::Conflict", "out.emplace_back("},
                          {http::input_wordings(), cli::error_wordings(), form_wordings()}) == none);
}

TEST_CASE("what a schema finds wrong is said in words of our own, in both languages", "[languages]") {
  const auto said = [](const char* found) { return http::input_words(found); };
  CHECK(said("Missing required property 'care'.") == Text{"「care」が必要です", "must have 'care'"});
  CHECK(said("Value type not permitted by 'type' constraint.").en == "must be of another type");
  CHECK(said("must be a time like 2026-03-04T09:35:05Z").ja == "2026-03-04T09:35:05Z のような時刻にしてください");
  CHECK(said("Expected number less than or equal to 10") == Text{"10 以下にしてください", "must be at most 10"});
  CHECK(said("Expected number less than or equal to 10.000000") ==
        Text{"10 以下にしてください", "must be at most 10"});
  CHECK(is_japanese(said("'state' is one of a, b").ja));
  CHECK(said("must be at most 92 days after from").ja == "from から 92 日以内にしてください");
}

TEST_CASE("what goes wrong with an installation is said in Japanese too", "[languages]") {
  CHECK(unknown_sentences({"programs/server/home.cpp",
                           "programs/server/config.cpp",
                           "programs/server/backup_note.cpp",
                           "programs/server/store_log.cpp",
                           "programs/server/verification.cpp",
                           "adapters/sqlite/maintenance.cpp",
                           "adapters/sqlite/directory.cpp",
                           "adapters/sqlite/store.cpp",
                           "adapters/sqlite/migrations.cpp",
                           "adapters/sqlite/check.cpp",
                           "adapters/vault/kek_file.cpp",
                           "adapters/vault/rotation.cpp",
                           "adapters/vault/slot_file.cpp",
                           "adapters/vault/vault.cpp",
                           "adapters/signer/",
                           "adapters/intake/config.cpp",
                           "adapters/intake/template.cpp",
                           "adapters/smtp/config.cpp",
                           "adapters/access_point/http_controller.cpp",
                           "adapters/webhook/announcer.cpp",
                           "engine/audit/verify.cpp",
                           "engine/audit/export.cpp"},
                          {"fail(", "mistake(", "mistake =", "mistakes.", "mistakes_.", "emplace_back(", "push_back(",
                           "demand(", "defect(", "wrong("},
                          {cli::error_wordings(), form_wordings()}) == none);
}

TEST_CASE("an error of an installation is told in the language of whoever is at the terminal", "[languages]") {
  const cli::Tongue ja(cli::Language::ja);
  const cli::Tongue en(cli::Language::en);
  const Error none_there{Errc::NotFound, "/srv/x is no installation; make one with kintsugi init"};
  CHECK(cli::in_words(none_there, en) == none_there.what);
  CHECK(cli::in_words(none_there, ja) == "/srv/x に環境がありません。kintsugi init で作ってください");
  CHECK(cli::in_words(std::string("listen.port must be a number from 1 to 65535"), ja) ==
        "listen.port は 1 から 65535 までの数にしてください");
  // What only a system can say stands behind the kind of failure that it is.
  CHECK(cli::in_words(Error{Errc::Transient, "EIO"}, ja) == "今はできません: EIO");
  CHECK(cli::in_words(Error{Errc::Transient, "disk: EIO"}, ja) == "今はできません: disk: EIO");
}

TEST_CASE("the command line says nothing but what its catalogue says", "[languages]") {
  std::vector<std::string> found;
  for (const SourceFile& file : source_tree()) {
    // main() says how the language is chosen before it knows one.
    if (!file.in("programs/cli/") || !file.path.ends_with(".cpp") || file.path.ends_with("/main.cpp")) continue;
    for (const Statement& one : statements_of(file.text, ";{}"))
      if (has_any(one.code, {"fmt::print(", "fprintf(", "fail(", "Errc::", "puts("}))
        for (const std::string& said : one.literals)
          if (is_sentence(said)) found.push_back(file.path + ": " + said);
  }
  CHECK(found == none);
}

TEST_CASE("a mistake in masters, rosters, policies and ladders stands with its Japanese", "[languages]") {
  std::vector<std::string> found;
  for (const SourceFile& file : source_tree()) {
    const bool told = file.in("engine/masters/") || file.in("engine/domain/") || file.in("engine/on_call/") ||
                      file.path == "engine/base/calendar.cpp" || file.path == "programs/server/masters_file.cpp" ||
                      file.path == "engine/run/registry.cpp";
    if (!told || !file.path.ends_with(".cpp")) continue;
    for (const Statement& one : statements_of(file.text)) {
      if (has_any(one.code, {"ensure(", "fail(", "warn(", "find(", "std::string en"})) continue;
      const auto says = std::ranges::count_if(one.literals, is_sentence);
      if (says > 0 && std::ranges::none_of(one.literals, is_japanese))
        found.push_back(file.path + ": " + *std::ranges::find_if(one.literals, is_sentence));
    }
  }
  CHECK(found == none);
}

TEST_CASE("a roster tells each of its mistakes with its place and in both languages", "[languages]") {
  Roster roster;
  roster.zone = "Mars/Olympus";
  roster.tier = 9;
  roster.layers.resize(layers_max + 1);
  roster.layers[0].first_day = "2026-02-30";
  roster.layers[0].hands_over = 1440;
  roster.layers[0].length = 0;
  roster.layers[0].people.resize(turns_max + 1);
  roster.layers[0].hours = {{.days = {8}, .from = -1, .until = 2000}};
  std::set<std::string> places;
  for (const Mistake& one : mistakes_in(roster)) {
    INFO(one.place << " " << one.en);
    places.insert(one.place);
    CHECK(is_japanese(one.ja));
    CHECK_FALSE(one.en.empty());
    CHECK_FALSE(is_japanese(one.en));
  }
  for (const char* place :
       {"/at", "/zone", "/tier", "/layers", "/layers/0/people", "/layers/0/first_day", "/layers/0/hands_over",
        "/layers/0/length", "/layers/0/hours/0", "/layers/0/hours/0/days", "/layers/1/people"})
    CHECK(places.contains(place));
}

}  // namespace kintsugi::testing
