#include "programs/cli/visit.h"

#include "engine/base/clock.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace kintsugi::cli {

void add_profile(CLI::App& command, VisitOptions& options) {
  command.add_option("--profile", options.profile, "whose sign-in to use")->envname("KINTSUGI_PROFILE");
}
void add_output(CLI::App& command, VisitOptions& options) {
  command.add_option("-o,--output", options.output, "table, json (the server's answer as it came) or jsonl")
      ->check(CLI::IsMember({"table", "json", "jsonl"}));
}
void add_server(CLI::App& command, VisitOptions& options) {
  command.add_option("--server", options.server, "https://host:port, instead of the profile's")
      ->envname("KINTSUGI_SERVER");
  command.add_option("--ca", options.ca_file, "PEM file: the only certificate or authority to trust");
}
void add_token_file(CLI::App& command, VisitOptions& options) {
  command.add_option("--token-file", options.token_file, "act as the machine whose token this file holds");
}

bool works_in_directory(const CLI::App& command) {
  const auto typed = [&](const char* name) {
    const CLI::Option* option = command.get_option_no_throw(name);
    return option != nullptr && std::ranges::count(command.parse_order(), option) > 0;
  };
  if (typed("--data")) return true;
  return command.count("--data") > 0 && !typed("--profile") && !typed("--server");
}

Result<Address> address_of(const VisitOptions& options, const Profile& profile, const ProfilePlace& place,
                           const Tongue& tongue) {
  Address out;
  out.url = options.server.empty() ? profile.server : options.server;
  while (out.url.ends_with('/'))
    out.url.pop_back();
  if (out.url.empty()) return fail(Errc::Invalid, tongue("profile.no_server"));
  if (!options.ca_file.empty())
    out.ca_file = options.ca_file;
  else if (profile.pinned && out.url == profile.server)
    out.ca_file = place.ca_file();
  if (!out.ca_file.empty() && ::access(out.ca_file.c_str(), R_OK) != 0)
    return fail(Errc::Invalid, tongue("profile.ca", out.ca_file));
  if (auto sound = check(out, tongue); !sound) return pass(sound);
  return out;
}

Result<Visit> Visit::begin(const VisitOptions& options, const Tongue& tongue) {
  std::signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an answer that is missing, and no end of this program
  const auto place = ProfilePlace::of(options.profile, tongue);
  if (!place) return pass(place);
  const auto profile = place->load();
  if (!profile) return pass(profile);
  const auto address = address_of(options, *profile, *place, tongue);
  std::string token = profile->token;
  if (!options.token_file.empty()) {
    const auto text = whole_file(tongue, options.token_file);
    if (!text) return fail(Errc::Invalid, tongue("token.file", options.token_file));
    token = text->substr(0, text->find_first_of("\r\n"));
  } else if (token.empty()) {
    return fail(Errc::Refused, tongue("profile.none", options.profile));
  } else if (SystemClock().now() >= profile->expires) {
    return fail(Errc::Refused, tongue("profile.expired", to_the_second(kintsugi::to_text(profile->expires))));
  }
  if (!address) return pass(address);
  Visit visit(tongue, Api(*address, std::move(token), tongue), options.output);
  visit.by_machine = !options.token_file.empty();
  visit.paint_.on = colours_welcome() && visit.plain();
  return visit;
}

Page Visit::page() const {
  return {say, paint_, SystemClock().now()};
}

void Visit::show(const Reply& reply, const std::string& text) const {
  fmt::print("{}", plain() ? text : reply.body + "\n");
}

void Visit::show_list(const Reply& reply, const char* member, const std::string& text) const {
  if (output_ != "jsonl") return show(reply, text);
  for (const Json& one : list_of(reply.json, member))
    fmt::print("{}\n", one.dump());
}

int Visit::refuse(const Reply& reply, About about) const {
  about.server = api.url();
  const bool has_body = reply.json.is_object();
  fmt::print(stderr, "{}",
             plain() || !has_body ? "kintsugi: " + to_text(reply, about, say, Paint{}) : reply.body + "\n");
  return exit_of(reply);
}

Result<std::string> Visit::case_id(const std::string& named) {
  if (named.starts_with("case_")) return escaped(named);
  const bool only_digits = !named.empty() && named.find_first_not_of("0123456789") == std::string::npos;
  if (!only_digits && !named.starts_with('K')) return fail(Errc::Invalid, say("case.id", named));
  const Reply reply = api.get("/api/v1/cases?page_size=1&filter=" + escaped("number=\"" + named + "\""));
  if (!reply.good()) {
    const int code = refuse(reply);
    return fail(code == unavailable ? Errc::Transient : code == denied ? Errc::Refused : Errc::NotFound, "");
  }
  for (const Json& one : list_of(reply.json, "cases"))
    return escaped(text_of(one, "id"));
  return fail(Errc::NotFound, say("case.number", named));
}

}  // namespace kintsugi::cli
