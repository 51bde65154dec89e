#include "programs/server/config.h"

#include "engine/base/ascii.h"
#include "engine/base/bytes.h"

#include <toml.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace kintsugi {
namespace {

// Reads the members of one table, and remembers what nobody asked for.
class Table {
 public:
  Table(const toml::value& value, std::string path, std::vector<std::string>& mistakes)
      : path_(std::move(path)), mistakes_(mistakes) {
    if (value.is_table())
      table_ = &value.as_table();
    else
      mistakes_.push_back(path_ + " must be a table");
  }
  ~Table() {
    if (table_ == nullptr) return;
    for (const auto& [name, value] : *table_)
      if (!known_.contains(name)) mistakes_.push_back(place(name) + " is not known");
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const toml::value* find(const std::string& name) {
    known_.insert(name);
    if (table_ == nullptr) return nullptr;
    const auto found = table_->find(name);
    return found == table_->end() ? nullptr : &found->second;
  }
  void read(const std::string& name, std::string& out) {
    const toml::value* value = find(name);
    if (value == nullptr) return;
    if (value->is_string())
      out = value->as_string().str;
    else
      wrong(name, "a text");
  }
  void read(const std::string& name, bool& out) {
    const toml::value* value = find(name);
    if (value == nullptr) return;
    if (value->is_boolean())
      out = value->as_boolean();
    else
      wrong(name, "true or false");
  }
  // One text or a list of them.
  void read(const std::string& name, std::vector<std::string>& out) {
    const toml::value* value = find(name);
    if (value == nullptr) return;
    out.clear();
    if (value->is_string()) return out.push_back(value->as_string().str);
    if (!value->is_array()) return wrong(name, "a list of texts");
    for (const toml::value& one : value->as_array())
      if (one.is_string())
        out.push_back(one.as_string().str);
      else
        wrong(name, "a list of texts");
  }
  // Names that the operator chose.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    if (table_ != nullptr)
      for (const auto& [name, value] : *table_)
        out.push_back(name);
    return out;
  }
  void read(const std::string& name, int& out, int least, int most) {
    const toml::value* value = find(name);
    if (value == nullptr) return;
    if (value->is_integer() && value->as_integer() >= least && value->as_integer() <= most)
      out = static_cast<int>(value->as_integer());
    else
      wrong(name, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  void wrong(const std::string& name, const std::string& expected) {
    mistakes_.push_back(place(name) + " must be " + expected);
  }
  std::string place(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }

 private:
  std::string path_;
  std::vector<std::string>& mistakes_;
  const toml::table* table_ = nullptr;
  std::set<std::string> known_;
};

void read_listen(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  Table table(value, "listen", mistakes);
  std::string address;
  table.read("address", address);
  if (!address.empty() && !set_address(config.listening, address))
    table.wrong("address", "host:port, as 127.0.0.1:8443");
  table.read("certificate", config.listening.certificate_path);
  table.read("key", config.listening.key_path);
  table.read("client_ca", config.listening.client_ca_path);
  table.read("plain_http", config.plain_http);
  table.read("behind_proxy", config.listening.behind_proxy);
  int rate = static_cast<int>(config.listening.signed_in_rate_per_s);
  int burst = static_cast<int>(config.listening.signed_in_burst);
  table.read("requests_per_s", rate, 1, 1'000'000);
  table.read("burst", burst, 1, 1'000'000);
  config.listening.signed_in_rate_per_s = rate;
  config.listening.signed_in_burst = burst;
  if (config.listening.certificate_path.empty() != config.listening.key_path.empty())
    mistakes.emplace_back("listen.certificate and listen.key belong together");
  const std::string& client_ca = config.listening.client_ca_path;
  if (!client_ca.empty() && !std::ifstream(client_ca))
    mistakes.push_back("listen.client_ca: " + client_ca + " cannot be read");
  if (!client_ca.empty() && (config.plain_http || config.listening.behind_proxy))
    mistakes.emplace_back("listen.client_ca needs TLS here: it goes neither with plain_http nor with behind_proxy");
}

Tempo read_storm(const toml::value& value, const std::string& path, std::vector<std::string>& mistakes) {
  Table table(value, path, mistakes);
  Tempo out;
  int within_s = 300;
  int gather_s = 60;
  table.read("alone", out.alone, 0, 1000);
  table.read("within_s", within_s, 1, 86'400);
  table.read("gather_s", gather_s, 1, 3'600);
  table.read("letter_max", out.letter_max, 2, 1000);
  out.within = std::chrono::seconds{within_s};
  out.gather = std::chrono::seconds{gather_s};
  return out;
}

void read_mail(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  Table table(value, "mail", mistakes);
  smtp::Config mail;
  std::string starttls = "required";
  std::string password_file;
  table.read("host", mail.host);
  table.read("port", mail.port, 1, 65'535);
  table.read("starttls", starttls);
  table.read("user", mail.user);
  table.read("password", mail.password);
  table.read("password_file", password_file);
  table.read("from", mail.from);
  table.read("from_name", mail.from_name);
  table.read("envelope_from", mail.envelope_from);
  table.read("reply_to", mail.reply_to);
  table.read("list_id", mail.list_id);
  table.read("ca_file", mail.ca_file);
  if (const auto* storm = table.find("storm")) config.tempo = read_storm(*storm, "mail.storm", mistakes);
  if (starttls == "opportunistic")
    mail.starttls = smtp::StartTls::opportunistic;
  else if (starttls == "off")
    mail.starttls = smtp::StartTls::off;
  else if (starttls != "required")
    table.wrong("starttls", "required, opportunistic or off");
  if (!password_file.empty()) {
    std::ifstream file(password_file);
    if (!std::getline(file, mail.password)) mistakes.push_back("mail.password_file cannot be read");
  }
  config.mail = std::move(mail);
}

intake::Mailbox read_mailbox(const toml::value& value, const std::string& path, std::vector<std::string>& mistakes) {
  Table table(value, path, mistakes);
  intake::Mailbox out;
  std::string tls = "implicit";
  std::string password_file;
  int look_every_s = 30;
  table.read("tls", tls);
  if (tls == "starttls")
    out.tls = intake::Mailbox::Tls::starttls;
  else if (tls == "off")
    out.tls = intake::Mailbox::Tls::off;
  else if (tls != "implicit")
    table.wrong("tls", "implicit, starttls or off");
  if (tls != "implicit") out.port = 143;
  table.read("host", out.host);
  table.read("port", out.port, 1, 65'535);
  table.read("ca_file", out.ca_file);
  table.read("user", out.user);
  table.read("password", out.password);
  table.read("password_file", password_file);
  table.read("folder", out.folder);
  table.read("taken_folder", out.taken_folder);
  table.read("look_every_s", look_every_s, 1, 3'600);
  out.look_every = std::chrono::seconds(look_every_s);
  if (!password_file.empty()) {
    std::ifstream file(password_file);
    if (!std::getline(file, out.password)) mistakes.push_back(path + ".password_file cannot be read");
  }
  return out;
}

intake::Template read_template(const toml::value& value, const std::string& path,
                               std::vector<std::string>& mistakes) {
  Table table(value, path, mistakes);
  intake::Template out;
  table.read("product_line", out.product_line);
  table.read("subject", out.subject);
  table.read("lines", out.lines);
  table.read("recovery", out.recovery);
  table.read("zone", out.zone);
  if (const auto* words = table.find("severity")) {
    Table severity(*words, path + ".severity", mistakes);
    for (const std::string& word : severity.names())
      severity.read(word, out.severity[word]);
  }
  return out;
}

template <class T, class Read>
void read_all(Table& table, const std::string& name, std::vector<T>& out, std::vector<std::string>& mistakes,
              Read read) {
  const toml::value* list = table.find(name);
  if (list == nullptr) return;
  if (!list->is_array()) return table.wrong(name, "a list of tables, [[intake." + name + "]]");
  for (const toml::value& one : list->as_array())
    out.push_back(read(one, table.place(name), mistakes));
}

void read_intake(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  Table table(value, "intake", mistakes);
  intake::Config out;
  std::string hospital;
  table.read("hospital", hospital);
  out.hospital = OrganisationId{hospital};
  table.read("authserv_id", out.authserv_id);
  table.read("accept", out.accepted_methods);
  if (const auto* senders = table.find("senders")) {
    Table list(*senders, "intake.senders", mistakes);
    for (const std::string& address : list.names()) {
      std::vector<std::string> devices;
      list.read(address, devices);
      for (std::string& id : devices)
        out.senders[lower(address)].emplace_back(std::move(id));
    }
  }
  read_all(table, "template", out.templates, mistakes, read_template);
  read_all(table, "mailbox", out.mailboxes, mistakes, read_mailbox);
  config.intake = std::move(out);
}

void read_controllers(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  if (!value.is_table()) {
    mistakes.emplace_back("controller must be a table of access points");
    return;
  }
  for (const auto& [id, one] : value.as_table()) {
    const std::string path = "controller." + id;
    if (!id.starts_with("ap_")) mistakes.push_back(path + ": the name must be the access point's id, ap_…");
    access_point::HttpController::Config controller;
    {
      Table table(one, path, mistakes);
      table.read("url", controller.url);
      table.read("token", controller.token);
      table.read("ca_file", controller.ca_file);
      table.read("certificate", controller.certificate_file);
      table.read("key", controller.key_file);
    }
    for (const std::string& mistake : access_point::HttpController::mistakes_in(controller))
      mistakes.push_back(path + ": " + mistake);
    for (const std::string& file : {controller.ca_file, controller.certificate_file, controller.key_file})
      if (!file.empty() && !std::ifstream(file)) mistakes.push_back(path + ": " + file + " cannot be read");
    config.controllers[AccessPointId{id}] = std::move(controller);
  }
}

void read_webhooks(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  Table table(value, "webhooks", mistakes);
  table.read("private_hosts", config.webhooks.private_hosts);
  table.read("ca_file", config.webhooks.ca_file);
  for (const std::string& mistake : webhook::Announcer::mistakes_in(config.webhooks))
    mistakes.push_back("webhooks: " + mistake);
}

void read_metrics(const toml::value& value, Config& config, std::vector<std::string>& mistakes) {
  constexpr std::size_t token_min = 16;
  Table table(value, "metrics", mistakes);
  std::string file;
  table.read("token_file", file);
  if (file.empty()) return;
  std::ifstream in(file);
  if (!std::getline(in, config.metrics_token))
    mistakes.emplace_back("metrics.token_file cannot be read");
  else if (config.metrics_token.size() < token_min)
    mistakes.emplace_back("metrics.token_file must hold at least 16 characters");
}

void read_file(const toml::value& root, Config& config, std::vector<std::string>& mistakes) {
  Table table(root, "", mistakes);
  if (const auto* one = table.find("listen")) read_listen(*one, config, mistakes);
  if (const auto* one = table.find("mail")) read_mail(*one, config, mistakes);
  if (const auto* one = table.find("intake")) read_intake(*one, config, mistakes);
  if (const auto* one = table.find("webhooks")) read_webhooks(*one, config, mistakes);
  if (const auto* one = table.find("metrics")) read_metrics(*one, config, mistakes);
  if (const auto* one = table.find("controller")) read_controllers(*one, config, mistakes);
  if (const auto* one = table.find("log")) {
    Table log(*one, "log", mistakes);
    log.read("level", config.log_level);
  }
  table.read("console_url", config.console_url);
}

void read_environment(Config& config, std::vector<std::string>& mistakes) {
  const auto from = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const auto text = from("KINTSUGI_LISTEN"); !text.empty() && !set_address(config.listening, text))
    mistakes.emplace_back("KINTSUGI_LISTEN must be host:port, as 127.0.0.1:8443");
  if (const auto text = from("KINTSUGI_CONSOLE_URL"); !text.empty()) config.console_url = text;
  if (const auto text = from("KINTSUGI_LOG_LEVEL"); !text.empty()) config.log_level = text;
  if (const auto text = from("KINTSUGI_MAIL_PASSWORD"); !text.empty() && config.mail) config.mail->password = text;
}

}  // namespace

bool set_address(http::Listening& listening, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  int port = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  if (read.ec != std::errc{} || read.ptr != end || port < 0 || port > 65'535) return false;
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  listening.host = std::move(host);
  listening.port = port;
  return true;
}

ConfigRead read_config(const std::filesystem::path& file, bool must_exist) {
  ConfigRead out;
  if (std::filesystem::exists(file)) {
    try {
      std::ifstream in(file, std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      std::istringstream written(text);
      if (is_utf8(text))
        read_file(toml::parse(written, file.string()), out.config, out.mistakes);
      else
        out.mistakes.push_back(file.string() + " is not UTF-8: save it again in that encoding");
    } catch (const std::exception& e) {
      out.mistakes.emplace_back(e.what());
    }
  } else if (must_exist) {
    out.mistakes.push_back(file.string() + " does not exist");
  }
  read_environment(out.config, out.mistakes);
  if (out.config.mail)
    for (const std::string& mistake : smtp::mistakes_in(*out.config.mail))
      out.mistakes.push_back("mail: " + mistake);
  if (out.config.intake) {
    if (out.config.mail) {
      out.config.intake->own_addresses = {lower(out.config.mail->from), lower(out.config.mail->reply_to)};
      out.config.intake->own_list_id = out.config.mail->list_id;
    }
    for (const std::string& mistake : intake::mistakes_in(*out.config.intake))
      out.mistakes.push_back("intake: " + mistake);
  }
  constexpr std::string_view levels[] = {"debug", "info", "warn", "error", "off"};
  if (std::ranges::find(levels, out.config.log_level) == std::end(levels))
    out.mistakes.emplace_back("log.level must be debug, info, warn, error or off");
  return out;
}

}  // namespace kintsugi
