#include "adapters/intake/ledger.h"

#include "adapters/intake/limits.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <ranges>
#include <unistd.h>

namespace kintsugi::intake {
namespace {

// Writes at the end of a file and syncs it.
Result<> append(const std::filesystem::path& file, std::string_view bytes, int flags) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return fail(Errc::Transient, "ledger: it cannot be opened");
  const bool done =
      ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fdatasync(fd) == 0;
  ::close(fd);
  return done ? Result<>() : Result<>(fail(Errc::Transient, "ledger: it cannot be written"));
}

}  // namespace

Result<Ledger> Ledger::open(const std::filesystem::path& file) {
  Ledger out;
  out.file_ = file;
  std::ifstream in(file);
  bool torn = false;
  for (std::string line; std::getline(in, line);) {
    auto read = from_json_text<Taken>(line);
    torn = !read || in.eof();
    if (read) out.remember(std::move(*read));
  }
  if (torn || out.lines_.size() > ledger_lines_max)
    if (auto done = out.rewrite(); !done) return pass(done);
  return out;
}

void Ledger::remember(Taken one) {
  mails_.insert(one.mail);
  lines_.push_back(std::move(one));
  // A tenth more than is kept, so that the file is written anew now and then and not every time.
  if (lines_.size() > ledger_lines_max + ledger_lines_max / 10) {
    mails_.erase(lines_.front().mail);
    lines_.pop_front();
  }
}

Result<> Ledger::add(Taken one) {
  const std::string line = (torn_ ? "\n" : "") + to_json_text(one) + "\n";
  auto done = append(file_, line, O_APPEND);
  torn_ = !done;
  if (!done) return done;
  remember(std::move(one));
  return {};
}

Result<> Ledger::rewrite() const {
  std::string text;
  const std::size_t first = lines_.size() > ledger_lines_max ? lines_.size() - ledger_lines_max : 0;
  for (const Taken& one : lines_ | std::views::drop(static_cast<std::ptrdiff_t>(first)))
    text += to_json_text(one) + "\n";
  const std::filesystem::path fresh = file_.string() + ".new";
  if (auto done = append(fresh, text, O_TRUNC); !done) return done;
  std::error_code wrong;
  std::filesystem::rename(fresh, file_, wrong);
  return wrong ? Result<>(fail(Errc::Transient, "ledger: it cannot be put in its place")) : Result<>();
}

int Ledger::count(const std::string& sender, const std::string& code, Instant since) const {
  int out = 0;
  for (const Taken& one : lines_ | std::views::reverse) {
    if (one.at < since) break;
    if (one.sender == sender && one.code == code) ++out;
  }
  return out;
}

std::vector<CaseId> Ledger::unknown_cases(Instant since, const std::optional<std::string>& sender) const {
  std::vector<CaseId> out;
  for (const Taken& one : lines_ | std::views::reverse) {
    if (one.at < since) break;
    if (one.kind == Kind::unknown && one.opened && (!sender || one.sender == *sender)) out.push_back(one.case_id);
  }
  return out;
}

}  // namespace kintsugi::intake
