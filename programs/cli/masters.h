#pragma once

#include "programs/cli/visit.h"

namespace kintsugi::cli {

// The registry's nouns with their verbs: org, site, device, access-point, contract, person, duty, policy. Nouns that
// are there already get the verbs besides their own. Returns `policy`.
CLI::App* add_registry(CLI::App& app, int& exit, const Tongue& say);

// A plan in words: what it alters, what it would do, or both.
enum class Telling { differences, consequences, both };
std::string plan_text(const Json& plan, Telling telling, const Tongue& say, const Paint& paint);

void add_reason(CLI::App& command, std::string& reason);

}  // namespace kintsugi::cli
