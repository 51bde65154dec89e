#include "programs/cli/client/terminal.h"

#include "engine/base/private_file.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <termios.h>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  bool good() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// Nothing typed is shown while this lives, and every key arrives by itself, Ctrl-C included: so the terminal is put
// right before this program ends.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    silent_ = ::tcgetattr(terminal, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG | ICANON);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    silent_ = silent_ && ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (silent_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  bool silent() const { return silent_; }

 private:
  const int terminal_;
  termios before_{};
  bool silent_ = false;
};

void say(int descriptor, std::string_view text) {
  if (::write(descriptor, text.data(), text.size()) < 0) return;  // whoever cannot read the question can still answer
}

enum class Key : char { interrupt = 3, end = 4, backspace = 8, forget_line = 21, erase = 127 };

// A line typed unseen. Nothing when it was broken off.
std::optional<std::string> unseen_line(int terminal) {
  std::string line;
  for (;;) {
    char c = 0;
    const auto count = ::read(terminal, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || c == '\n' || c == '\r' || c == static_cast<char>(Key::end)) return line;
    if (c == static_cast<char>(Key::interrupt) || line.size() >= line_bytes_max) return std::nullopt;
    if (c == static_cast<char>(Key::forget_line)) {
      line.clear();
    } else if (c == static_cast<char>(Key::erase) || c == static_cast<char>(Key::backspace)) {
      while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U)
        line.pop_back();
      if (!line.empty()) line.pop_back();
    } else {
      line += c;
    }
  }
}

Result<std::string> line_from(int descriptor, bool& ended) {
  std::string line;
  for (;;) {
    char c = 0;
    const auto count = ::read(descriptor, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    ended = count <= 0 && line.empty();
    if (count <= 0 || c == '\n') break;
    line += c;
    if (line.size() > line_bytes_max) return fail(Errc::Invalid, "");
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace

Result<std::string> ask(const Tongue& tongue, const std::string& question, std::string_view instead) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.good()) return fail(Errc::Invalid, tongue("ask.no_terminal", instead));
  say(terminal.get(), question);
  bool ended = false;
  return line_from(terminal.get(), ended);
}

Result<std::string> ask_secret(const Tongue& tongue, const std::string& question, std::string_view instead) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.good()) return fail(Errc::Invalid, tongue("ask.no_terminal", instead));
  std::optional<std::string> line;
  {
    const Silence silence(terminal.get());
    if (!silence.silent()) return fail(Errc::Invalid, tongue("ask.no_terminal", instead));
    say(terminal.get(), question);
    line = unseen_line(terminal.get());
    say(terminal.get(), "\n");
  }
  if (line) return std::move(*line);
  ::raise(SIGINT);
  return fail(Errc::Invalid, tongue("ask.broken_off"));
}

Result<std::string> line_of_input(const Tongue& tongue, const std::string& what) {
  bool ended = false;
  auto line = line_from(STDIN_FILENO, ended);
  if (!line || ended) return fail(Errc::Invalid, tongue("ask.no_line", what));
  return line;
}

Result<std::string> whole_file(const Tongue& tongue, const std::string& path) {
  const auto unreadable = [&] { return fail(Errc::Invalid, tongue("data.file", path)); };
  const Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good()) return unreadable();
  std::string text;
  std::array<char, 4096> some{};
  for (;;) {
    const auto count = ::read(file.get(), some.data(), some.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable();
    if (text.size() > file_bytes_max) return fail(Errc::Invalid, tongue("data.large", path, file_bytes_max >> 20U));
    if (count == 0) return text;
    text.append(some.data(), static_cast<std::size_t>(count));
  }
}

Result<> write_private(const Tongue& tongue, const std::string& path, const std::string& text) {
  if (write_private_file(path, text)) return {};
  return fail(Errc::Transient, tongue("profile.unwritable", path));
}

bool colours_welcome() {
  const char* unwelcome = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (unwelcome == nullptr || *unwelcome == '\0');
}

}  // namespace kintsugi::cli
