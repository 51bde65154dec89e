#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi {

// A mail as a recipient's program shows it, read with GMime. Values are decoded and in UTF-8, line ends are '\n'.
struct ReadMail {
  std::string message_id;  // without brackets
  std::string subject;
  std::string from;
  std::string from_name;
  std::vector<std::string> to;
  std::string charset;
  std::string body;
  std::multimap<std::string, std::string> headers;  // as written, unfolded

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

// Reads the bytes of one message; throws when they are none.
ReadMail read_mail(std::string_view bytes);

// Decodes the encoded words (RFC 2047) of a header's text.
std::string decode_words(const std::string& text);

}  // namespace kintsugi
