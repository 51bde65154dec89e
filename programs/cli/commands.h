#pragma once

#include "engine/base/result.h"
#include "programs/cli/client/exit.h"
#include "programs/cli/client/language.h"

#include <CLI/CLI.hpp>

#include <string>

// The commands of `kintsugi`, a noun and a verb each. A command adds itself to the application and puts its exit
// code where it was told.
namespace kintsugi::cli {

int exit_of(const Error& error);
// Says what went wrong on standard error and returns the exit code for it.
int report(const Error& error);

class Tongue;
void add_installation(CLI::App& app, int& exit, const Tongue& say);    // init, serve, import, device, gate, version
void add_demo(CLI::App& app, int& exit, const std::string& language);  // empty: as the locale says
void add_workflow(CLI::App& app, int& exit);
void add_audit(CLI::App& app, int& exit);
void add_database(CLI::App& app, int& exit);
void add_outbox(CLI::App& app, int& exit);
void add_vault(CLI::App& app, int& exit);
void add_intake(CLI::App& app, int& exit);
void add_mail(CLI::App& app, int& exit, const Tongue& say);
void add_integration(CLI::App& app, int& exit);

// Of the API's clients: these speak the language of whoever runs them.
void add_sign_ins(CLI::App& app, int& exit, const Tongue& say);      // join, login, logout, whoami
void add_sign_in_list(CLI::App& app, int& exit, const Tongue& say);  // sign-in
void add_generator(CLI::App& app, int& exit, const Tongue& say);     // generator, recovery-codes
void add_people(CLI::App& app, int& exit, const Tongue& say);        // person, expiring
void add_machines(CLI::App& app, int& exit, const Tongue& say);      // device, gate
void add_code(CLI::App& app, int& exit, const Tongue& say);
void add_cases(CLI::App& app, int& exit, const Tongue& say);
void add_act(CLI::App& noun, int& exit, const Tongue& say);
void add_fault(CLI::App& app, int& exit, const Tongue& say);
void add_webhook(CLI::App& app, int& exit, const Tongue& say);
void add_masters(CLI::App& app, int& exit, const Tongue& say);  // masters, and the nouns of the registry
void add_on_call(CLI::App& app, int& exit, const Tongue& say);
void add_doctor(CLI::App& app, int& exit, const Tongue& say);
void add_api(CLI::App& app, int& exit, Language language);
void add_pages(CLI::App& app, int& exit, Language language);  // completion, man

}  // namespace kintsugi::cli
