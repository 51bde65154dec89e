#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/commands.h"
#include "programs/cli/opened.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>

// What devices and access points prove themselves with: through the API, and tokens also in the installation itself.
namespace kintsugi::cli {
namespace {

struct MachineOptions {
  VisitOptions visit;
  CredentialKind token{};
  std::string data, id, mark, file, until;
  int overlap_h = 24;
  bool in_directory = false;
  std::string path() const {
    const char* place = token == CredentialKind::device_token ? "devices" : "access-points";
    return std::string("/api/v1/") + place + "/" + escaped(id);
  }
};

// A device and an access point are told apart by where the directory knows them.
int token_here(const MachineOptions& options) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(options.data, clock, entropy);
  if (!server) return report(server.error());
  const auto directory = (*server)->conductor().directory();
  const bool known = options.token == CredentialKind::device_token
                         ? directory->device(DeviceId{options.id}) != nullptr
                         : directory->access_point(AccessPointId{options.id}) != nullptr;
  if (!known) return report({Errc::NotFound, "nothing is known as " + options.id});
  const auto token =
      (*server)->accounts().new_token(options.token, options.id, std::chrono::hours(options.overlap_h));
  if (!token) return report(token.error());
  fmt::print("{}\n", *token);
  return ok;
}

int token(const MachineOptions& options, const Tongue& say) {
  if (options.in_directory) return token_here(options);
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.post(options.path() + "/tokens", {{"overlap_hours", options.overlap_h}});
  if (!reply.good()) return visit->refuse(reply);
  fmt::print("{}\n", text_of(reply.json, "token"));
  return ok;
}

int credentials(const MachineOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get(options.path() + "/credentials");
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const Json& one : list_of(reply.json, "credentials"))
    rows.push_back({text_of(one, "mark"), text_of(one, "kind"), to_the_second(text_of(one, "created_at")),
                    to_the_second(text_of(one, "last_used_at")), to_the_second(text_of(one, "expires_at")),
                    !flag_of(one, "live")          ? say("credential.over")
                    : flag_of(one, "expires_soon") ? say("credential.soon")
                                                   : say("credential.live"),
                    text_of(one, "subject")});
  visit->show_list(reply, "credentials",
                   to_table({say("head.mark"), say("head.kind"), say("head.at"), say("head.used"),
                             say("head.good_until"), say("head.state"), say("head.name")},
                            rows, visit->page().paint));
  return ok;
}

int certificate(const MachineOptions& options, const Tongue& say) {
  const auto pem = whole_file(say, options.file);
  if (!pem) return report({Errc::Invalid, say("data.file", options.file)});
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  Json body = {{"certificate", *pem}, {"overlap_hours", options.overlap_h}};
  if (!options.until.empty()) {
    body["bound_by"] = "subject";
    body["until"] = options.until;
  }
  const Reply reply = visit->api.post(options.path() + "/certificates", body);
  if (!reply.good()) return visit->refuse(reply);
  visit->show(reply, say("credential.bound", text_of(reply.json, "subject"),
                         to_the_second(text_of(reply.json, "expires_at"))) +
                         "\n");
  return ok;
}

int end(const MachineOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.remove(options.path() + "/credentials/" + escaped(options.mark));
  if (!reply.good()) return visit->refuse(reply);
  fmt::print("{}\n", say("credential.ended"));
  return ok;
}

void add_machine(CLI::App& app, int& exit, const Tongue& say, const std::string& noun, const std::string& what,
                 CredentialKind kind) {
  CLI::App* group = app.add_subcommand(noun, what)->require_subcommand(1);
  const auto verb = [&](const char* name, const char* meaning, int (*run)(const MachineOptions&, const Tongue&)) {
    auto options = std::make_shared<MachineOptions>();
    options->token = kind;
    CLI::App* one = group->add_subcommand(name, meaning);
    add_profile(*one, options->visit);
    one->add_option("id", options->id, kind == CredentialKind::device_token ? "device_…" : "ap_…")->required();
    one->callback([options, one, run, &exit, say] {
      options->in_directory = one->get_option_no_throw("--data") != nullptr && works_in_directory(*one);
      exit = run(*options, say);
    });
    return std::pair{one, options};
  };
  const auto add_overlap = [](CLI::App* one, MachineOptions& options) {
    one->add_option("--overlap-hours", options.overlap_h, "how long older ones stay good; 0 ends them all now")
        ->check(CLI::Range(0, 720));
  };
  {
    auto [one, options] = verb("token", "a new token for one of them; shown once", token);
    one->add_option("--data", options->data, "the installation itself, with the server stopped; else the profile's")
        ->envname("KINTSUGI_DATA");
    add_overlap(one, *options);
  }
  {
    auto [one, options] =
        verb("credentials", "its tokens and certificates: made, last used, good until", credentials);
    add_output(*one, options->visit);
  }
  {
    auto [one, options] = verb("certificate", "bind a client certificate to it, by its key", certificate);
    one->add_option("file", options->file, "the certificate, PEM")->required();
    one->add_option("--by-subject-until", options->until,
                    "bind every certificate of its subject instead, until this time (RFC 3339)");
    add_output(*one, options->visit);
    add_overlap(one, *options);
  }
  {
    auto [one, options] = verb("end", "end one of its tokens or certificates now", end);
    one->add_option("mark", options->mark, "as credentials lists it")->required();
  }
}

}  // namespace

void add_machines(CLI::App& app, int& exit, const Tongue& say) {
  add_machine(app, exit, say, "device", "devices", CredentialKind::device_token);
  add_machine(app, exit, say, "gate", "access points", CredentialKind::gate_token);
}

}  // namespace kintsugi::cli
