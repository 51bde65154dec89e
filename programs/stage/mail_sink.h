#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kintsugi::demo {

// A mail server that keeps everything and delivers nothing: listens on 127.0.0.1, writes each message to a file of
// `directory` and remembers its subject. Plain SMTP, one connection at a time, for the demo only.
class MailSink {
 public:
  explicit MailSink(std::filesystem::path directory);
  ~MailSink();
  Result<> start();  // port() is then known
  void stop();
  int port() const;

  struct Mail {
    std::vector<std::string> to;
    std::string subject;  // decoded
    std::filesystem::path file;
  };
  // What came since the last call, oldest first. Any thread.
  std::vector<Mail> take();

 private:
  class Receiver;
  std::unique_ptr<Receiver> receiver_;
};

// The mails that a sink has written into this directory, oldest first, decoded. While a sink is at work, or after it.
struct Letter {
  std::vector<std::string> to;
  std::string subject;
  std::string text;
};
std::vector<Letter> letters_in(const std::filesystem::path& directory);

}  // namespace kintsugi::demo
