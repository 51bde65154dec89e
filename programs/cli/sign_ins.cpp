#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/proof.h"
#include "programs/cli/qr.h"

#include <fmt/format.h>

#include <memory>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

struct SignInOptions {
  VisitOptions visit;
  std::string mail, otpauth_file;
  bool from_stdin = false;
};

// What is needed to speak to a server before anybody is signed in.
struct Way {
  ProfilePlace place;
  Profile profile;
  Address address;
};
Result<Way> way_of(const SignInOptions& options, const Tongue& say) {
  auto place = ProfilePlace::of(options.visit.profile, say);
  if (!place) return pass(place);
  auto profile = place->load();
  if (!profile && profile.error().code != Errc::Corrupt) return pass(profile);
  if (!profile) profile = Profile{};
  auto address = address_of(options.visit, *profile, *place, say);
  if (!address) return pass(address);
  return Way{std::move(*place), std::move(*profile), std::move(*address)};
}

// Puts the server into the profile, with the certificate by which it has just proved itself.
Result<> remember_server(Way& way, const SignInOptions& options, const Tongue& say) {
  way.profile.pinned = !way.address.ca_file.empty();
  way.profile.server = way.address.url;
  if (options.visit.ca_file.empty()) return {};
  const auto certificate = whole_file(say, options.visit.ca_file);
  if (!certificate) return pass(certificate);
  return way.place.pin(*certificate);
}

Result<std::string> mail_of(const SignInOptions& options, const Profile& profile, const Tongue& say) {
  if (!options.mail.empty()) return options.mail;
  if (!profile.mail.empty()) return profile.mail;
  return ask(say, say("ask.mail"), "--mail");
}

int refuse(const Reply& reply, const Way& way, const Tongue& say) {
  fmt::print(stderr, "kintsugi: {}",
             to_text(reply, {.server = way.address.url, .case_ref = {}, .event = {}}, say, {}));
  return exit_of(reply);
}

std::string person_text(const Json& person, const Tongue& say) {
  std::string out;
  for (const Json& one : list_of(person, "roles"))
    out += padded(say("who.roles"), 12) + text_of(one, "label") + " (" + text_of(one, "role") + "), " +
           text_of(one, "at_name") + "\n";
  for (const Json& one : list_of(person, "expiring"))
    out += padded(say("who.expiring"), 12) + text_of(one, "text") + " " + text_of(one, "label") +
           (text_of(one, "label").empty() ? "" : " ") + to_the_second(text_of(one, "until")) +
           (flag_of(one, "over") ? " " + say("expiry.over") : std::string()) + "\n";
  return out;
}

int login(const SignInOptions& options, const Tongue& say) {
  auto way = way_of(options, say);
  if (!way) return report(way.error());
  const auto mail = mail_of(options, way->profile, say);
  if (!mail) return report(mail.error());
  auto body = ask_proof(options.from_stdin, say);
  if (!body) return report(body.error());
  (*body)["mail"] = *mail;
  (*body)["remember"] = true;
  // What this machine was known by counts only at the server that gave it, and only for that person.
  if (way->profile.server == way->address.url && way->profile.mail == *mail)
    (*body)["client_key"] = way->profile.client_key;
  const Reply reply = Api(way->address, {}, say).post("/api/v1/sign-ins", *body);
  if (!reply.good()) return refuse(reply, *way, say);

  const Json& person = object_of(reply.json, "person");
  const auto until = instant_from(text_of(reply.json, "expires_at"));
  if (auto kept = remember_server(*way, options, say); !kept) return report(kept.error());
  Profile& profile = way->profile;
  profile.mail = *mail;
  profile.person = text_of(person, "id");
  profile.name = text_of(person, "name");
  profile.token = text_of(reply.json, "token");
  profile.client_key = text_of(reply.json, "client_key");
  profile.expires = until ? *until : Instant{};
  if (auto saved = way->place.save(profile); !saved) return report(saved.error());
  fmt::print("{}\n{}", say("login.done", profile.name, to_the_second(kintsugi::to_text(profile.expires))),
             person_text(person, say));
  if (number_of(reply.json, "recovery_codes_left") == 0) fmt::print("{}\n", say("recovery.none"));
  return ok;
}

// The token is forgotten here in any case; whether the server could be told as well is said.
int logout(const VisitOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.remove("/api/v1/sign-ins/current");
  const auto place = ProfilePlace::of(options.profile, say);
  if (!place) return report(place.error());
  auto profile = place->load();
  if (!profile) return report(profile.error());
  profile->token.clear();
  profile->expires = {};
  if (auto saved = place->save(*profile); !saved) return report(saved.error());
  const bool ended = reply.good() || reply.status == 401;
  fmt::print("{}\n", ended ? say("logout.done") : say("logout.alone"));
  return ended ? ok : unavailable;
}

int whoami(const VisitOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get("/api/v1/sign-ins/current");
  if (!reply.good()) return visit->refuse(reply);
  const Json& person = object_of(reply.json, "person");
  visit->show(reply, text_of(person, "name") + "  " + text_of(person, "id") + "\n" + person_text(person, say) +
                         padded(say("who.until"), 12) + to_the_second(text_of(reply.json, "expires_at")) + "\n" +
                         padded(say("who.server"), 12) + visit->api.url() + "\n");
  return ok;
}

Result<std::string> new_password(const SignInOptions& options, const Tongue& say) {
  if (options.from_stdin) return line_of_input(say, "password");
  auto first = ask_secret(say, say("ask.new_password"), from_input);
  if (!first) return first;
  const auto second = ask_secret(say, say("ask.again"), from_input);
  if (!second) return second;
  if (*first != *second) return fail(Errc::Invalid, say("ask.differ"));
  return first;
}

int join(const SignInOptions& options, const Tongue& say) {
  auto way = way_of(options, say);
  if (!way) return report(way.error());
  const auto mail = mail_of(options, way->profile, say);
  if (!mail) return report(mail.error());
  const auto invitation =
      options.from_stdin ? line_of_input(say, "invitation") : ask_secret(say, say("ask.invitation"), from_input);
  if (!invitation) return report(invitation.error());
  const auto password = new_password(options, say);
  if (!password) return report(password.error());
  // Before the invitation is spent: what comes back for it is said once.
  if (!options.otpauth_file.empty())
    if (auto writable = write_private(say, options.otpauth_file, ""); !writable) return report(writable.error());
  const Reply reply = Api(way->address, {}, say)
                          .post("/api/v1/invitations/accept",
                                {{"mail", *mail}, {"one_time_code", *invitation}, {"password", *password}});
  if (!reply.good()) {
    const int code = refuse(reply, *way, say);
    if (reply.missing == Reply::Missing::answer || reply.code() == "sign_in_refused")
      fmt::print(stderr, "kintsugi: {}\n", say("join.spent"));
    return code;
  }

  const std::string secret = text_of(reply.json, "otpauth_uri");
  if (options.otpauth_file.empty()) {
    fmt::print("{}\n{}\n", say("join.done", text_of(object_of(reply.json, "person"), "name")), secret);
    if (::isatty(STDOUT_FILENO) == 1) fmt::print("{}", qr_text(secret));
  } else {
    if (auto kept = write_private(say, options.otpauth_file, secret + "\n"); !kept) return report(kept.error());
    fmt::print("{}\n", say("join.kept", options.otpauth_file));
  }
  if (auto kept = remember_server(*way, options, say); !kept) return report(kept.error());
  way->profile.mail = *mail;
  const auto saved = way->place.save(way->profile);
  return saved ? ok : report(saved.error());
}

}  // namespace

void add_sign_ins(CLI::App& app, int& exit, const Tongue& say) {
  const auto common = [&](const char* name, const char* what) {
    auto options = std::make_shared<SignInOptions>();
    CLI::App* one = app.add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_server(*one, options->visit);
    one->add_option("--mail", options->mail, "mail address; the profile's if there is one");
    return std::pair{one, options};
  };
  {
    auto [one, options] = common("join", "turn in an invitation: set a password, get the secret of the codes");
    one->add_flag("--password-stdin", options->from_stdin,
                  "invitation code and new password, a line each, from standard input");
    one->add_option("--otpauth-file", options->otpauth_file,
                    "file for the secret of the codes, instead of showing it");
    one->callback([options = options, &exit, say] { exit = join(*options, say); });
  }
  {
    auto [one, options] = common("login", "sign in at a server; the profile remembers server and sign-in");
    one->add_flag("--password-stdin", options->from_stdin, "password and code, a line each, from standard input");
    one->callback([options = options, &exit, say] { exit = login(*options, say); });
  }
  auto options = std::make_shared<VisitOptions>();
  CLI::App* one = app.add_subcommand("logout", "end the sign-in, here and at the server");
  add_profile(*one, *options);
  one->callback([options, &exit, say] { exit = logout(*options, say); });
  one = app.add_subcommand("whoami", "who is signed in, in which roles, until when");
  add_profile(*one, *options);
  add_output(*one, *options);
  one->callback([options, &exit, say] { exit = whoami(*options, say); });
}

}  // namespace kintsugi::cli
