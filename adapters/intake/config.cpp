#include "adapters/intake/config.h"

#include "adapters/intake/limits.h"

#include <algorithm>

namespace kintsugi::intake {
namespace {

// What can stand in an IMAP quoted string and in a URL without another thought.
bool is_folder_name(std::string_view text) {
  constexpr std::size_t folder_bytes_max = 100;
  return text.size() <= folder_bytes_max && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                  c == '_' || c == '-' || c == '/';
         });
}

bool is_on_this_machine(std::string_view host) {
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

void add_mistakes(std::vector<std::string>& out, const Mailbox& one) {
  const std::string place = "mailbox " + one.host + ": ";
  if (one.host.empty()) out.emplace_back("mailbox: host is missing");
  if (one.user.empty() || one.password.empty())
    out.push_back(place + "user and password or password_file are needed");
  if (one.tls == Mailbox::Tls::off && !is_on_this_machine(one.host))
    out.push_back(place + "tls may be off only for a server on this machine");
  if (one.folder.empty() || !is_folder_name(one.folder) || !is_folder_name(one.taken_folder))
    out.push_back(place + "folders are written with letters, digits and . _ - /");
  if (one.folder == one.taken_folder) out.push_back(place + "taken_folder must be another one");
}

}  // namespace

std::vector<std::string> mistakes_in(const Config& config) {
  std::vector<std::string> out;
  if (config.hospital.empty()) out.emplace_back("hospital is missing: it gets the mails that nobody can assign");
  if (config.authserv_id.empty() && !config.senders.empty())
    out.emplace_back("authserv_id is missing: without it no sender is believed");
  for (const std::string& method : config.accepted_methods)
    if (method != "dmarc" && method != "dkim" && method != "spf" && method != "auth")
      out.push_back("accept: '" + method + "' must be dmarc, dkim, spf or auth");
  for (const auto& [address, devices] : config.senders) {
    if (address.find('@') == std::string::npos) out.push_back("sender '" + address + "' is no mail address");
    if (devices.empty()) out.push_back("sender '" + address + "' has no device");
  }
  if (config.templates.size() > templates_max)
    out.push_back("there may be at most " + std::to_string(templates_max) + " templates");
  for (const Template& one : config.templates)
    for (const std::string& mistake : mistakes_in(one))
      out.push_back("template of '" + one.product_line + "': " + mistake);
  for (const Mailbox& one : config.mailboxes)
    add_mistakes(out, one);
  return out;
}

std::vector<std::string> mistakes_in(const Config& config, const Directory& directory) {
  std::vector<std::string> out;
  const Organisation* hospital = directory.organisation(config.hospital);
  if (hospital == nullptr || hospital->side != Side::hcf)
    out.push_back("there is no hospital " + config.hospital.text());
  for (const auto& [address, devices] : config.senders)
    for (const DeviceId& id : devices)
      if (directory.device(id) == nullptr)
        out.push_back("there is no device " + id.text() + ", for which a sender is registered");
  return out;
}

}  // namespace kintsugi::intake
