#include "adapters/smtp/transcript.h"

#include <algorithm>
#include <cctype>

namespace kintsugi::smtp {

namespace {

constexpr std::size_t line_max = 4096;  // bytes we keep of a line; only its beginning matters

// Hands every finished line to `each` and keeps the rest.
template <class Each>
void split_lines(std::string& rest, std::string_view bytes, Each each) {
  for (const char c : bytes) {
    if (c == '\n') {
      each(rest);
      rest.clear();
    } else if (rest.size() < line_max && c != '\r') {
      rest += c;
    }
  }
}

bool begins(std::string_view line, std::string_view word) {
  return line.size() >= word.size() && std::equal(word.begin(), word.end(), line.begin(), [](char a, char b) {
           return a == std::toupper(static_cast<unsigned char>(b));
         });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void Transcript::sent(std::string_view bytes) {
  split_lines(out_, bytes, [this](const std::string& line) { command(line); });
}

void Transcript::heard(std::string_view bytes) {
  split_lines(in_, bytes, [this](const std::string& line) {
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return;
    if (line.size() > 3 && line[3] == '-') return;  // more lines of this answer follow
    answer((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  });
}

int Transcript::code(Phase phase) const {
  return codes_[static_cast<std::size_t>(phase)];
}

void Transcript::command(std::string_view line) {
  if (begins(line, "MAIL FROM:")) {
    phase_ = Phase::sender;
  } else if (begins(line, "RCPT TO:")) {
    phase_ = Phase::recipient;
    recipients_.push_back(0);
  } else if (phase_ <= Phase::sign_in && begins(line, "AUTH ")) {
    phase_ = Phase::sign_in;
  } else if (begins(line, "EHLO ") || begins(line, "HELO ") || begins(line, "STARTTLS")) {
    phase_ = Phase::session;
  } else if (phase_ == Phase::recipient && line == "DATA") {
    phase_ = Phase::data;
  } else if (line == "QUIT") {
    leaving_ = true;
  }
}

void Transcript::answer(int code) {
  if (leaving_) return;
  last_ = code;
  codes_[static_cast<std::size_t>(phase_)] = code;
  if (phase_ == Phase::recipient && !recipients_.empty()) recipients_.back() = code;
  if (phase_ == Phase::data && code == 354)
    phase_ = Phase::verdict;
  else if (phase_ == Phase::verdict)
    phase_ = Phase::done;
}

}  // namespace kintsugi::smtp
