#include "adapters/smtp/config.h"

#include "engine/base/bytes.h"

#include <algorithm>
#include <string_view>

namespace kintsugi::smtp {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_atom(char c) {
  return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}
bool is_host_character(char c) {
  return is_letter_or_digit(c) || c == '-';
}

// Words joined by single dots (RFC 5321 4.1.2 Dot-string, and a domain name).
bool is_dotted(std::string_view text, bool (*allowed)(char)) {
  bool in_word = false;
  for (const char c : text) {
    if (c == '.' ? !in_word : !allowed(c)) return false;
    in_word = c != '.';
  }
  return in_word;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

bool is_address(std::string_view text) {
  constexpr std::size_t address_max = 254;  // bytes, RFC 5321 4.5.3.1.3 less the brackets
  constexpr std::size_t local_max = 64;     // bytes, RFC 5321 4.5.3.1.1
  const std::size_t at = text.find('@');
  if (text.size() > address_max || at == std::string_view::npos || at > local_max) return false;
  return is_dotted(text.substr(0, at), is_atom) && is_dotted(text.substr(at + 1), is_host_character);
}

std::vector<std::string> mistakes_in(const Config& config) {
  std::vector<std::string> mistakes;
  const auto demand = [&](bool holds, const char* what) {
    if (!holds) mistakes.emplace_back(what);
  };
  const auto host_like = [](const std::string& text) { return is_dotted(text, is_host_character); };

  demand(!config.host.empty(), "'host' of the mail server is required, e.g. \"mail.hospital.example\"");
  demand(config.host.empty() || host_like(config.host), "'host' is not a host name or an IPv4 address");
  demand(config.port >= 1 && config.port <= 65535, "'port' must be 1 to 65535");
  demand(is_address(config.from), "'from' must be a mail address");
  demand(config.envelope_from.empty() || is_address(config.envelope_from), "'envelope_from' must be a mail address");
  demand(config.reply_to.empty() || is_address(config.reply_to), "'reply_to' must be a mail address");
  demand(is_utf8(config.from_name) && !has_control(config.from_name), "'from_name' must be one line of UTF-8");
  demand(config.helo.empty() || host_like(config.helo), "'helo' must be a host name");
  demand(config.list_id.empty() || host_like(config.list_id), "'list_id' must look like a host name");
  demand(config.user.empty() == config.password.empty(), "'user' and 'password' belong together");
  demand(!has_control(config.user) && !has_control(config.password), "'user' or 'password' has control characters");
  demand(config.user.empty() || config.starttls != StartTls::opportunistic,
         "a password needs 'starttls' to be required, or off for a server on the same machine");
  demand(config.connect_limit >= 1ms && config.connect_limit <= 60s, "'connect_limit' must be 1 ms to 60 s");
  demand(config.total_limit >= config.connect_limit && config.total_limit <= 10min,
         "'total_limit' must be 'connect_limit' to 10 min");
  return mistakes;
}

}  // namespace kintsugi::smtp
