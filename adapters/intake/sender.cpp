#include "adapters/intake/sender.h"

#include "engine/base/ascii.h"

#include <algorithm>
#include <map>

namespace kintsugi::intake {
namespace {

// The words of one part of the field, without comments; a quoted text is one word. `=` stands alone.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  int comment = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && (quoted || comment > 0)) {
      if (++i < text.size() && quoted) word += text[i];
    } else if (quoted) {
      if (c == '"')
        quoted = false;
      else
        word += c;
    } else if (c == '(') {
      end_word();
      ++comment;
    } else if (c == ')' && comment > 0) {
      --comment;
    } else if (comment > 0) {
      continue;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '=' || c == ';') {
      end_word();
      out.emplace_back(1, c);
    } else if (c == ' ' || c == '\t') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  return out;
}

struct Finding {
  std::string method;
  std::string result;
  std::map<std::string, std::string> properties;  // `header.from`, `smtp.mailfrom` …
};

// `authserv-id [version] ; method=result property=value … ; …`
std::vector<Finding> findings_of(const std::string& field, std::string_view authserv_id) {
  const std::vector<std::string> words = words_of(field);
  if (words.empty() || lower(words.front()) != lower(authserv_id)) return {};
  std::vector<Finding> out;
  bool first_of_part = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == ";") {
      first_of_part = true;
    } else if (i + 2 < words.size() && words[i + 1] == "=" && words[i + 2] != ";") {
      const std::string name = lower(words[i].substr(0, words[i].find('/')));
      const std::string value = lower(words[i + 2]);
      if (first_of_part)
        out.push_back({name, value, {}});
      else if (!out.empty())
        out.back().properties.emplace(name, value);
      first_of_part = false;
      i += 2;
    } else {
      first_of_part = false;
    }
  }
  return out;
}

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return lower(at == std::string_view::npos ? address : address.substr(at + 1));
}

// Does this finding speak of the address in From?
bool aligned(const Finding& one, const std::string& from) {
  const auto property = [&](const char* name) {
    const auto found = one.properties.find(name);
    return found == one.properties.end() ? std::string() : found->second;
  };
  const std::string domain = domain_of(from);
  if (one.method == "dmarc") return domain_of(property("header.from")) == domain;
  if (one.method == "dkim") {
    const std::string signer = property("header.d");
    return domain_of(signer.empty() ? property("header.i") : signer) == domain;
  }
  if (one.method == "spf") return domain_of(property("smtp.mailfrom")) == domain;
  if (one.method == "auth") return property("smtp.auth") == from || property("smtp.mailfrom") == from;
  return false;
}

}  // namespace

bool vouched_for(std::string_view from, const std::vector<std::string>& results, std::string_view authserv_id,
                 const std::vector<std::string>& accepted_methods) {
  if (from.find('@') == std::string_view::npos || authserv_id.empty()) return false;
  const std::string address = lower(from);
  std::vector<Finding> all;
  for (const std::string& field : results)
    std::ranges::move(findings_of(field, authserv_id), std::back_inserter(all));
  return std::ranges::any_of(accepted_methods, [&](const std::string& method) {
    bool named = false;
    for (const Finding& one : all) {
      if (one.method != method) continue;
      if (one.result != "pass" || !aligned(one, address)) return false;
      named = true;
    }
    return named;
  });
}

}  // namespace kintsugi::intake
