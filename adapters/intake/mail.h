#pragma once

#include "engine/base/bytes.h"
#include "engine/domain/attachment.h"

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::intake {

// A part that is not the mail's text, decoded. Whatever its sender called it is not here (I10).
struct MailAttachment {
  AttachmentKind kind = AttachmentKind::other;
  std::string bytes;
};

// What a mail is, as far as anybody may have to judge it: a value made from its bytes and from nothing else. Nothing
// in it is trusted; who sent it is said by the headers, and headers are written by whoever wants to.
struct Mail {
  Digest identity{};                 // of Message-ID and all bytes: the same mail again has the same one
  std::string message_id;            // without brackets; may be empty
  std::string from;                  // lower case; empty when there is none or more than one
  bool null_sender = false;          // Return-Path: <>
  std::string subject;               // UTF-8, one line
  std::string text;                  // UTF-8: the plain text, or the words of an HTML part when there is no other
  std::vector<std::string> thread;   // ids of In-Reply-To and References, without brackets
  std::vector<std::string> results;  // Authentication-Results as they stand, top first
  std::string auto_submitted;        // lower case
  std::string precedence;            // lower case
  std::string list_id;               // without brackets
  bool auto_reply_mark = false;      // X-Autoreply, X-Autorespond and the like
  bool is_report = false;            // multipart/report: a bounce or a receipt
  std::vector<MailAttachment> attachments;  // in their order; within attachments_of_mail_max and attachment_bytes_max
  int attachments_too_many = 0;             // counted, and not here
  int attachments_too_large = 0;            // the same

  bool cut = false;      // longer than message_bytes_max: its end is not here
  bool garbled = false;  // a part of subject or text could not be read
  bool tangled = false;  // more parts, or deeper ones, than limits.h allows; the rest was not looked at
};

// Before the first mail, while no other thread is in GMime: two rooms use it, and its own start is not made for two
// threads at once.
void start_gmime();

// Reads any bytes: what is no mail gives a Mail without sender and text. Any thread.
Mail read_mail(std::string_view bytes);

// By the media type that the sender's program gave, `text/plain`; any text.
AttachmentKind kind_of_media(std::string_view type);

// The words of an HTML text, line by line; scripts and styles left out. One pass.
std::string words_of_html(std::string_view html);

}  // namespace kintsugi::intake
