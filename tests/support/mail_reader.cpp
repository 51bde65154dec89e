#include "tests/support/mail_reader.h"

#include <gmime/gmime.h>

#include <memory>
#include <mutex>
#include <stdexcept>

namespace kintsugi {

namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

std::string taken(char* text) {
  const std::unique_ptr<char, decltype(&g_free)> held{text, g_free};
  return text == nullptr ? std::string() : std::string(text);
}
std::string copied(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

std::vector<std::pair<std::string, std::string>> people(InternetAddressList* list) {
  std::vector<std::pair<std::string, std::string>> out;
  for (int i = 0; i < internet_address_list_length(list); ++i) {
    InternetAddress* one = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_MAILBOX(one))
      out.emplace_back(copied(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one))),
                       copied(internet_address_get_name(one)));
  }
  return out;
}

}  // namespace

ReadMail read_mail(std::string_view bytes) {
  start_gmime();
  const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  const Held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  const Held<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
  if (message == nullptr) throw std::runtime_error("these bytes are no mail");

  ReadMail mail;
  mail.message_id = copied(g_mime_message_get_message_id(message.get()));
  mail.subject = copied(g_mime_message_get_subject(message.get()));
  for (const auto& [address, name] : people(g_mime_message_get_from(message.get())))
    mail.from = address, mail.from_name = name;
  for (const auto& [address, name] : people(g_mime_message_get_to(message.get())))
    mail.to.push_back(address);

  GMimeHeaderList* list = g_mime_object_get_header_list(GMIME_OBJECT(message.get()));
  for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
    GMimeHeader* one = g_mime_header_list_get_header_at(list, i);
    mail.headers.emplace(copied(g_mime_header_get_name(one)),
                         taken(g_mime_utils_header_unfold(copied(g_mime_header_get_raw_value(one)).c_str())));
  }

  GMimeObject* body = g_mime_message_get_body(message.get());
  if (!GMIME_IS_TEXT_PART(body)) throw std::runtime_error("the mail's body is not text");
  mail.charset = copied(g_mime_text_part_get_charset(GMIME_TEXT_PART(body)));
  for (const char c : taken(g_mime_text_part_get_text(GMIME_TEXT_PART(body))))
    if (c != '\r') mail.body += c;
  return mail;
}

std::string decode_words(const std::string& text) {
  start_gmime();
  return taken(g_mime_utils_header_decode_text(nullptr, text.c_str()));
}

}  // namespace kintsugi
