#pragma once

#include <filesystem>
#include <string>

namespace kintsugi {

// What a test needs to run a real server of its own on 127.0.0.1. All of it throws when it cannot do its work.

// key.pem and certificate.pem for 127.0.0.1.
void make_certificate(const std::filesystem::path& home);

// A port below those that the system gives to others on its own; the greeting tells if somebody else was faster.
int free_port();
// What whoever listens there says first, within a second; empty if nobody does.
std::string greeting_of(int port);

std::string content_of(const std::filesystem::path& file);

}  // namespace kintsugi
