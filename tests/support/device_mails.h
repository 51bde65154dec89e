#pragma once

#include <string>
#include <vector>

// Mails as devices, people and strangers send them.
namespace kintsugi::testing {

inline constexpr const char* ct_address = "ct-1@devices.midori.example";
inline constexpr const char* mail_server_name = "mx.midori.example";

// What the hospital's mail server puts on top of a mail whose sender it vouches for.
inline std::string vouched(const std::string& from) {
  const std::string domain = from.substr(from.find('@') + 1);
  return std::string("Authentication-Results: ") + mail_server_name + ";\r\n\tdmarc=pass header.from=" + domain +
         "\r\n";
}

struct MailParts {
  std::string from = ct_address;
  std::string on_top = vouched(ct_address);
  std::string message_id = "20260304093505.1@ct-1.devices.midori.example";
  std::string subject = "=?ISO-2022-JP?B?WxskQjhOPmMbKEJdIENUIEUtMjE3?=";  // [故障] CT E-217
  std::string type = "text/plain; charset=ISO-2022-JP";
  std::string encoding = "7bit";
  std::string more;  // header fields
  // エラーコード of half-width kana, digits of full width
  std::string body =
      "\x1B$BAuCV8N>cDLCN\x1B(B\r\n"
      "\x1B(I4W0:0D^\x1B(B\x1B$B!'#E!]#2#1#7\x1B(B\r\n"
      "\x1B$BH/@8F|;~!'#2#0#2#6\x1B(B/03/04 18:35:05\r\n"
      "\x1B$B=EBgEY!'=EBg\x1B(B\r\n"
      "\x1B$B@=B$HV9f!'#S#N!]\x1B(Bct-1\r\n";
};

inline std::string mail(const MailParts& parts) {
  return parts.on_top + "Received: from ct-1 by mx.midori.example; Wed, 4 Mar 2026 18:35:06 +0900\r\n" + "From: <" +
         parts.from + ">\r\nTo: kintsugi@hospital.example\r\nSubject: " + parts.subject +
         "\r\nDate: Wed, 4 Mar 2026 18:35:05 +0900\r\nMessage-ID: <" + parts.message_id + ">\r\n" + parts.more +
         "MIME-Version: 1.0\r\nContent-Type: " + parts.type + "\r\nContent-Transfer-Encoding: " + parts.encoding +
         "\r\n\r\n" + parts.body;
}

}  // namespace kintsugi::testing
