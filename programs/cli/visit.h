#pragma once

#include "programs/cli/client/api.h"
#include "programs/cli/client/case_text.h"
#include "programs/cli/client/problem.h"
#include "programs/cli/client/profile.h"
#include "programs/cli/commands.h"

#include <optional>
#include <string>

namespace kintsugi::cli {

// What every command that speaks to a server can be told.
struct VisitOptions {
  std::string profile = "default";
  std::string output = "table";
  std::string server, ca_file;  // instead of the profile's
  std::string token_file;       // of a machine: its token instead of the profile's sign-in
};
void add_profile(CLI::App& command, VisitOptions& options);
void add_output(CLI::App& command, VisitOptions& options);
void add_server(CLI::App& command, VisitOptions& options);
void add_token_file(CLI::App& command, VisitOptions& options);

// Of a command that works in an installation's directory as well as at a server: whether it is the directory, because
// --data is given, or KINTSUGI_DATA is set and nobody typed --profile or --server.
bool works_in_directory(const CLI::App& command);

// One run of a command at a server: the way there, who asks, in which language, and how the answer is shown.
class Visit {
 public:
  // Refused when nobody is signed in and no machine's token was given.
  static Result<Visit> begin(const VisitOptions& options, const Tongue& tongue);

  Tongue say;
  Api api;
  bool by_machine = false;

  Page page() const;
  bool plain() const { return output_ == "table"; }

  // What the server answered, on standard output: the body as it came for json, one line of it for jsonl, and for
  // people the text.
  void show(const Reply& reply, const std::string& text) const;
  // The same for a list: jsonl has one line for each of `member`.
  void show_list(const Reply& reply, const char* member, const std::string& text) const;
  // What it refused, on standard error. Returns the exit code.
  int refuse(const Reply& reply, About about = {}) const;

  // The id of a case that was named by id or by number: whole, or only its running part.
  Result<std::string> case_id(const std::string& named);

 private:
  Visit(const Tongue& tongue, Api way, std::string output)
      : say(tongue), api(std::move(way)), output_(std::move(output)) {}

  std::string output_;
  Paint paint_;
};

// The server of the options, else of the profile; checked.
Result<Address> address_of(const VisitOptions& options, const Profile& profile, const ProfilePlace& place,
                           const Tongue& tongue);

}  // namespace kintsugi::cli
