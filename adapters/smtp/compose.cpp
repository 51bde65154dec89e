#include "adapters/smtp/compose.h"

#include "engine/base/bytes.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace kintsugi::smtp {

namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

struct FreeDate {
  void operator()(GDateTime* date) const { g_date_time_unref(date); }
};
struct FreeOptions {
  void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};

// `left@right` of visible ASCII without what ends or nests an id.
bool is_message_id(std::string_view text) {
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  };
  return text.size() <= message_id_max && std::ranges::count(text, '@') == 1 && text.front() != '@' &&
         text.back() != '@' && std::ranges::all_of(text, plain);
}

bool is_one_line(std::string_view text) {
  return is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<> check(const Letter& letter) {
  if (!is_message_id(letter.message_id) || !is_message_id(letter.thread_id))
    return fail(Errc::Invalid, "letter: message_id or thread_id is not an id of the form left@right");
  if (letter.to.empty() || letter.to.size() > recipients_max)
    return fail(Errc::Invalid, "letter: number of recipients must be 1 to " + std::to_string(recipients_max));
  if (!std::ranges::all_of(letter.to, is_address))
    return fail(Errc::Invalid, "letter: a recipient is no mail address");
  if (letter.subject.size() > subject_max || !is_one_line(letter.subject))
    return fail(Errc::Invalid, "letter: the subject must be one line of UTF-8");
  if (letter.body.size() > body_max || !is_utf8(letter.body) || letter.body.find('\0') != std::string::npos)
    return fail(Errc::Invalid, "letter: the body must be UTF-8 without NUL, at most 1 MiB");
  return {};
}

// Every line end as CR LF, whichever it was.
std::string with_network_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r')
      out += "\r\n";
    else
      out += text[i];
  }
  return out;
}

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

// How much of a text goes into one base64 word: whole characters and, unless it is the last word, whole groups of
// three bytes, because GMime and some of its users lose what follows a padded word. 0: there is no such length.
std::size_t word_length(std::string_view text) {
  constexpr std::size_t word_max = 39;  // bytes: 12 + 39 * 4 / 3 = 64, so that the first fits beside "Subject: "
  if (text.size() <= word_max) return text.size();
  std::size_t n = word_max;
  while (n > 0 && !starts_character(text[n]))
    n -= 3;
  return n;
}

// Encoded words (RFC 2047 2): each within 75 bytes, of whole characters, and on a line of its own. GMime's are far
// longer when a text has no spaces, as Japanese has not.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (!out.empty()) out += "\n ";
    std::size_t n = word_length(text);
    if (n > 0) {
      out += "=?UTF-8?B?" + to_base64(bytes_of(text.substr(0, n))) + "?=";
    } else {
      out += "=?UTF-8?Q?";
      do
        out += fmt::format("={:02X}", static_cast<unsigned char>(text[n]));
      while (++n < text.size() && !starts_character(text[n]));
      out += "?=";
    }
    text.remove_prefix(n);
  }
  return out;
}

// A subject as it is written: as it is when it is short ASCII, otherwise in encoded words.
std::string header_text(std::string_view text) {
  constexpr std::size_t plain_max = 60;  // bytes; fits beside the header's name
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const bool plain = ascii && text.size() <= plain_max && text.find("=?") == std::string_view::npos;
  return plain ? std::string(text) : encoded_words(text);
}

// An address with a name that is always in encoded words, so that no character of it needs quoting.
std::string named(std::string_view name, const std::string& address) {
  return name.empty() ? address : encoded_words(name) + "\n <" + address + ">";
}

void set_written(GMimeObject* object, const char* name, const std::string& written) {
  g_mime_object_set_header(object, name, "-", "UTF-8");
  GMimeHeader* header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
  g_mime_header_set_raw_value(header, (" " + written + "\n").c_str());
}

Held<GMimePart> text_part(std::string_view body) {
  Held<GMimePart> part{g_mime_part_new_with_type("text", "plain")};
  auto* object = GMIME_OBJECT(part.get());
  g_mime_object_set_content_type_parameter(object, "charset", "UTF-8");
  g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_BASE64);
  const std::string lines = with_network_line_ends(body);
  const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(lines.data(), lines.size())};
  const Held<GMimeDataWrapper> content{
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
  g_mime_part_set_content(part.get(), content.get());
  return part;
}

std::string written(GMimeMessage* message) {
  const std::unique_ptr<GMimeFormatOptions, FreeOptions> options{g_mime_format_options_new()};
  const Held<GMimeStream> stream{g_mime_stream_mem_new()};
  g_mime_object_write_to_stream(GMIME_OBJECT(message), options.get(), stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return with_network_line_ends(text_of({bytes->data, bytes->len}));
}

}  // namespace

void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

Result<std::string> compose(const Letter& letter, Instant at, const Config& config) {
  if (const auto mistakes = mistakes_in(config); !mistakes.empty()) return fail(Errc::Invalid, mistakes.front());
  if (auto checked = check(letter); !checked) return pass(checked);
  start_gmime();

  constexpr auto utf8 = "UTF-8";
  const Held<GMimeMessage> message{g_mime_message_new(TRUE)};
  auto* object = GMIME_OBJECT(message.get());

  set_written(object, "From", named(config.from_name, config.from));
  if (!config.reply_to.empty())
    g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_REPLY_TO, nullptr, config.reply_to.c_str());
  for (const std::string& address : letter.to)
    g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, nullptr, address.c_str());

  set_written(object, "Subject", header_text(letter.subject));
  const std::unique_ptr<GDateTime, FreeDate> date{
      g_date_time_new_from_unix_utc(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count())};
  g_mime_message_set_date(message.get(), date.get());
  g_mime_message_set_message_id(message.get(), letter.message_id.c_str());
  if (letter.thread_id != letter.message_id) {
    const std::string root = "<" + letter.thread_id + ">";
    g_mime_object_set_header(object, "In-Reply-To", root.c_str(), utf8);
    g_mime_object_set_header(object, "References", root.c_str(), utf8);
  }
  g_mime_object_set_header(object, "Auto-Submitted", "auto-generated", utf8);
  if (!config.list_id.empty())
    g_mime_object_set_header(object, "List-Id", ("<" + config.list_id + ">").c_str(), utf8);

  const Held<GMimePart> part = text_part(letter.body);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(part.get()));
  return written(message.get());
}

}  // namespace kintsugi::smtp
