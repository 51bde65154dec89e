#include "programs/cli/machines.h"

#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/opened.h"
#include "programs/cli/report.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

// What devices and access points prove themselves with: through the API, and tokens also in the installation itself.
namespace kintsugi::cli {
namespace {

struct MachineOptions {
  VisitOptions visit;
  MachineKind kind{};
  std::string data, id, mark, file, until;
  int overlap_h = 24;
  bool in_directory = false;
  std::string path() const { return std::string("/api/v1/") + kind.list + "/" + escaped(id); }
};

// What kind of token it gets; nothing when it is not known here.
std::optional<CredentialKind> token_of(const Directory& directory, const std::string& id) {
  if (directory.device(DeviceId{id}) != nullptr) return CredentialKind::device_token;
  const Integration* integration = directory.integration(IntegrationId{id});
  if (integration != nullptr && integration->enabled) return CredentialKind::device_token;
  if (directory.access_point(AccessPointId{id}) != nullptr) return CredentialKind::gate_token;
  return std::nullopt;
}

int token_here(const MachineOptions& options, const Tongue& say) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(options.data, clock, entropy);
  if (!server) return report(server.error(), say);
  const auto kind = token_of(*(*server)->conductor().directory(), options.id);
  if (!kind) return report({Errc::NotFound, say("token.nothing", options.id)});
  const auto token = (*server)->accounts().new_token(*kind, options.id, std::chrono::hours(options.overlap_h));
  if (!token) return report(token.error(), say);
  fmt::print("{}\n", *token);
  return ok;
}

int token(const MachineOptions& options, const Tongue& say) {
  if (options.in_directory) return token_here(options, say);
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.submit(options.path() + "/tokens", {{"overlap_hours", options.overlap_h}});
  if (!reply.good()) return visit->refuse(reply);
  fmt::print("{}\n", text_of(reply.json, "token"));
  return ok;
}

int credentials(const MachineOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get_all(options.path() + "/credentials", "credentials");
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
  const Reply reply = visit->api.submit(options.path() + "/certificates", body);
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

}  // namespace

void add_credential_verbs(CLI::App& group, int& exit, const Tongue& say, const MachineKind& kind) {
  const auto verb = [&](const char* name, const char* meaning, int (*run)(const MachineOptions&, const Tongue&)) {
    auto options = std::make_shared<MachineOptions>();
    options->kind = kind;
    CLI::App* one = group.add_subcommand(name, meaning);
    add_profile(*one, options->visit);
    one->add_option("id", options->id, kind.id)->required();
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
  if (kind.shows_certificates) {
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

void add_machines(CLI::App& app, int& exit, const Tongue& say) {
  add_credential_verbs(*app.add_subcommand("device", "devices")->require_subcommand(1), exit, say,
                       {.list = "devices", .id = "device_…"});
  add_credential_verbs(*app.add_subcommand("gate", "access points")->require_subcommand(1), exit, say,
                       {.list = "access-points", .id = "ap_…"});
}

}  // namespace kintsugi::cli
