#include "adapters/intake/mail.h"

#include "adapters/intake/japanese.h"
#include "adapters/intake/limits.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace kintsugi::intake {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

// The field without its line ends (RFC 5322 2.2.3).
std::string unfolded(std::string_view raw) {
  std::string out;
  for (const char c : raw.substr(0, header_bytes_max))
    if (c != '\r' && c != '\n') out += c;
  return std::string(trimmed(out));
}

std::string without_brackets(std::string_view id) {
  id = trimmed(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  if (const auto end = id.find('>'); end != std::string_view::npos) id = id.substr(0, end);
  return std::string(trimmed(id));
}

void add_ids(std::vector<std::string>& out, std::string_view field) {
  while (out.size() < references_max) {
    const auto open = field.find('<');
    const auto close = field.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return;
    out.emplace_back(field.substr(open + 1, close - open - 1));
    field.remove_prefix(close + 1);
  }
}

// The one address of From. Two authors are no device, and no person of ours either.
std::string only_address(std::string_view field) {
  InternetAddressList* list = internet_address_list_parse(nullptr, std::string(field).c_str());
  if (list == nullptr) return "";
  const Held<InternetAddressList> held{list};
  if (internet_address_list_length(list) != 1) return "";
  InternetAddress* one = internet_address_list_get_address(list, 0);
  if (!INTERNET_ADDRESS_IS_MAILBOX(one)) return "";
  const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
  return address == nullptr ? "" : lower(address);
}

void read_header(Mail& out, const std::string& name, const std::string& field, int& froms) {
  if (name == "from") {
    out.from = ++froms == 1 ? only_address(field) : std::string();
  } else if (name == "return-path") {
    out.null_sender = without_brackets(field).empty();
  } else if (name == "message-id") {
    if (out.message_id.empty()) out.message_id = without_brackets(field);
  } else if (name == "subject") {
    const Decoded read = decode_words(field);
    out.subject = one_line(read.text);
    out.garbled = out.garbled || !read.whole;
  } else if (name == "in-reply-to" || name == "references") {
    add_ids(out.thread, field);
  } else if (name == "authentication-results") {
    out.results.push_back(field);
  } else if (name == "auto-submitted") {
    out.auto_submitted = lower(field.substr(0, field.find(';')));
  } else if (name == "precedence") {
    out.precedence = lower(field);
  } else if (name == "list-id") {
    const auto open = field.rfind('<');
    out.list_id = without_brackets(open == std::string::npos ? field : field.substr(open));
  } else if (name == "x-autoreply" || name == "x-autorespond" || name == "x-auto-reply-from") {
    out.auto_reply_mark = true;
  }
}

std::string type_of(GMimeObject* part) {
  GMimeContentType* type = g_mime_object_get_content_type(part);
  const char* media = type == nullptr ? nullptr : g_mime_content_type_get_media_type(type);
  const char* subtype = type == nullptr ? nullptr : g_mime_content_type_get_media_subtype(type);
  return lower(media == nullptr ? "" : media) + "/" + lower(subtype == nullptr ? "" : subtype);
}

std::string all_of(GMimeStream* stream) {
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  return std::string(text_of({bytes->data, bytes->len}));
}

// Without its transfer encoding.
std::string content_of(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return "";
  const Held<GMimeStream> stream{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  return all_of(stream.get());
}

// Of a mail in a mail it is the whole mail.
std::string bytes_of_part(GMimeObject* part) {
  if (GMIME_IS_PART(part)) return content_of(GMIME_PART(part));
  GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
  if (inner == nullptr) return "";
  const Held<GMimeStream> stream{g_mime_stream_mem_new()};
  g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, stream.get());
  return all_of(stream.get());
}

bool says_nothing(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Which of its parts are a mail's text, and which hang on it. The text is the plain one, or else the HTML; a part
// with a file name is a file, unless there is no other text. Texts that are alternatives of each other (RFC
// 2046 5.1.4) say the same: the one that is not read is none of the attachments.
class Body {
 public:
  explicit Body(Mail& mail) : mail_(mail) {}

  void read(GMimeObject* part, int depth, bool alternative = false) {
    if (++parts_ > parts_max || depth > depth_max) {
      mail_.tangled = true;
      return;
    }
    if (GMIME_IS_MULTIPART(part)) {
      auto* whole = GMIME_MULTIPART(part);
      const std::string type = type_of(part);
      if (type == "multipart/report") mail_.is_report = true;
      for (int i = 0; i < g_mime_multipart_get_count(whole) && !mail_.tangled; ++i)
        read(g_mime_multipart_get_part(whole, i), depth + 1, alternative || type == "multipart/alternative");
    } else if (GMIME_IS_MESSAGE_PART(part)) {
      leaves_.push_back({.part = part});  // somebody else's words: never read as the sender's
    } else if (GMIME_IS_PART(part)) {
      read_leaf(GMIME_PART(part), alternative);
    }
  }

  void finish() {
    for (const auto& [role, named] : {std::pair(Role::plain, false), std::pair(Role::html, false),
                                      std::pair(Role::plain, true), std::pair(Role::html, true)})
      if (take_text(role, named)) break;
    if (mail_.text.size() > text_bytes_max) {
      std::size_t end = text_bytes_max;
      while (end > 0 && (static_cast<unsigned char>(mail_.text[end]) & 0xC0) == 0x80)
        --end;
      mail_.text.resize(end);
    }
    for (const Leaf& one : leaves_)
      if (hangs_on_it(one)) attach(one.part);
  }

 private:
  enum class Role { file, plain, html };
  struct Leaf {
    GMimeObject* part = nullptr;
    Role role = Role::file;
    bool named = false;
    bool alternative = false;
    bool is_text = false;  // of the mail
    bool blank = false;
  };

  void read_leaf(GMimePart* part, bool alternative) {
    Leaf leaf{.part = GMIME_OBJECT(part), .alternative = alternative};
    const std::string type = type_of(leaf.part);
    if (g_mime_part_is_attachment(part) == FALSE && (type == "text/plain" || type == "text/html"))
      leaf.role = type == "text/plain" ? Role::plain : Role::html;
    leaf.named = g_mime_part_get_filename(part) != nullptr;
    leaves_.push_back(leaf);
  }

  // False when these parts say nothing.
  bool take_text(Role role, bool named) {
    std::string text;
    bool garbled = false;
    std::vector<Leaf*> taken;
    for (Leaf& one : leaves_) {
      if (one.role != role || one.named != named) continue;
      GMimeContentType* type = g_mime_object_get_content_type(one.part);
      const char* charset = g_mime_content_type_get_parameter(type, "charset");
      std::string bytes = content_of(GMIME_PART(one.part));
      std::erase_if(bytes, [](char c) { return c == '\r' || c == '\0'; });
      const Decoded read = to_utf8(bytes, charset == nullptr ? "" : charset);
      one.blank = says_nothing(read.text);
      if (!text.empty()) text += '\n';
      text += read.text;
      garbled = garbled || !read.whole;
      taken.push_back(&one);
    }
    if (role == Role::html) text = words_of_html(text);
    if (says_nothing(text)) return false;
    for (Leaf* one : taken)
      one->is_text = true;
    mail_.text = std::move(text);
    mail_.garbled = mail_.garbled || garbled;
    return true;
  }

  static bool hangs_on_it(const Leaf& one) {
    if (one.is_text) return false;
    if (one.role == Role::file || one.named) return true;
    return !one.alternative && !one.blank;
  }

  void attach(GMimeObject* part) {
    if (mail_.attachments.size() >= attachments_of_mail_max) {
      ++mail_.attachments_too_many;
      return;
    }
    std::string bytes = bytes_of_part(part);
    if (bytes.size() > attachment_bytes_max) {
      ++mail_.attachments_too_large;
      return;
    }
    mail_.attachments.push_back({.kind = kind_of_media(type_of(part)), .bytes = std::move(bytes)});
  }

  Mail& mail_;
  int parts_ = 0;
  std::vector<Leaf> leaves_;  // in their order
};

bool begins_with(std::string_view line, std::string_view lower_name) {
  return lower(line.substr(0, lower_name.size())) == lower_name;
}

// Could GMime go deeper into this mail than its stack reaches? It takes a step down for each message within a
// message, of which each has a Content-Type, and for each colon of a field of addresses (groups within groups). Both
// are counted without regard to where they stand.
bool goes_too_deep(std::string_view bytes) {
  constexpr std::string_view of_addresses[] = {"from", "to", "cc", "bcc", "sender", "reply-to"};
  std::size_t types = 0;
  std::size_t colons = 0;
  bool is_of_addresses = false;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
    if (!goes_on) {
      is_of_addresses =
          std::ranges::any_of(of_addresses, [&](std::string_view name) { return begins_with(line, name); });
      colons = 0;
      if (begins_with(line, "content-type")) ++types;
    }
    if (is_of_addresses) colons += static_cast<std::size_t>(std::ranges::count(line, ':'));
    if (types > nested_max || colons > nested_max) return true;
  }
  return false;
}

}  // namespace

void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

Mail read_mail(std::string_view bytes) {
  start_gmime();
  Mail out;
  out.cut = bytes.size() > message_bytes_max;
  bytes = bytes.substr(0, message_bytes_max);
  if (goes_too_deep(bytes)) {
    out.tangled = true;
    out.identity = sha256({bytes_of("kintsugi/mail\n"), bytes_of("\n"), bytes_of(bytes)});
    return out;
  }
  const char* const begin = bytes.empty() ? "" : bytes.data();  // GMime complains of a buffer that is nowhere
  const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(begin, bytes.size())};
  const Held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  if (GMimeMessage* read = g_mime_parser_construct_message(parser.get(), nullptr); read != nullptr) {
    const Held<GMimeMessage> message{read};
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(read));
    int froms = 0;
    for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
      GMimeHeader* one = g_mime_header_list_get_header_at(headers, i);
      const char* raw = g_mime_header_get_raw_value(one);
      read_header(out, lower(g_mime_header_get_name(one)), unfolded(raw == nullptr ? "" : raw), froms);
    }
    Body body(out);
    if (GMimeObject* top = g_mime_message_get_mime_part(read); top != nullptr) body.read(top, 1);
    body.finish();
  }
  out.identity = sha256({bytes_of("kintsugi/mail\n"), bytes_of(out.message_id), bytes_of("\n"), bytes_of(bytes)});
  return out;
}

AttachmentKind kind_of_media(std::string_view type) {
  using enum AttachmentKind;
  struct Known {
    std::string_view begins;
    AttachmentKind kind;
  };
  static constexpr Known known[] = {
      {"text/", text},
      {"image/", image},
      {"audio/", audio},
      {"video/", video},
      {"message/", mail},
      {"application/dicom", dicom},
      {"application/pdf", office},
      {"application/rtf", office},
      {"application/msword", office},
      {"application/vnd.ms-", office},
      {"application/vnd.openxmlformats-officedocument.", office},
      {"application/vnd.oasis.opendocument.", office},
      {"application/zip", archive},
      {"application/x-zip", archive},
      {"application/gzip", archive},
      {"application/x-gzip", archive},
      {"application/x-tar", archive},
      {"application/x-lzh", archive},
      {"application/x-7z-compressed", archive},
      {"application/vnd.rar", archive},
      {"application/ms-tnef", archive},
      {"application/vnd.ms-tnef", archive},
  };
  const Known* best = nullptr;
  for (const Known& one : known)
    if (type.starts_with(one.begins) && (best == nullptr || one.begins.size() > best->begins.size())) best = &one;
  return best == nullptr ? other : best->kind;
}

std::string words_of_html(std::string_view html) {
  constexpr std::size_t tag_name_max = 10;
  std::string out;
  while (!html.empty()) {
    const std::size_t open = html.find('<');
    out += html.substr(0, open);
    if (open == std::string_view::npos) break;
    html.remove_prefix(open);
    const std::size_t close = html.find('>');
    if (close == std::string_view::npos) break;
    std::string_view name = html.substr(1, close - 1);
    name = name.substr(0, std::min(name.find_first_of(" \t\r\n/", 1), tag_name_max));
    const std::string tag = lower(name);
    html.remove_prefix(close + 1);
    if (tag == "script" || tag == "style") {
      const std::size_t end = html.find("</");
      html.remove_prefix(end == std::string_view::npos ? html.size() : end);
    } else if (tag == "br" || tag == "/p" || tag == "/tr" || tag == "/div" || tag == "/li" || tag == "/h1" ||
               tag == "/h2" || tag == "/h3") {
      out += '\n';
    } else if (tag == "/td" || tag == "/th") {
      out += ' ';
    }
  }
  constexpr std::pair<std::string_view, std::string_view> signs[] = {
      {"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}};
  std::string read;
  for (std::size_t i = 0; i < out.size();) {
    const auto sign = std::ranges::find_if(
        signs, [&](const auto& one) { return std::string_view(out).substr(i).starts_with(one.first); });
    read += sign == std::end(signs) ? std::string_view(out).substr(i, 1) : sign->second;
    i += sign == std::end(signs) ? 1 : sign->first.size();
  }
  return read;
}

}  // namespace kintsugi::intake
