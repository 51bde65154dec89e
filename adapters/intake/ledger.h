#pragma once

#include "adapters/intake/judge.h"
#include "engine/base/instant.h"

#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kintsugi::intake {

// Which mails were taken, and what became of them: what makes a mail that comes twice harmless after the engine has
// forgotten its idempotency key, and what tells a storm. No address and no text is in it: senders are digests.
struct Taken {
  std::string mail;  // identity, hex
  Instant at{};
  Kind kind = Kind::unknown;
  Reason reason = Reason::none;
  CaseId case_id;
  std::string sender;   // of the address's digest, hex; short
  std::string code;     // notices
  bool opened = false;  // it opened the case
  static constexpr auto fields() {
    return std::tuple{field("mail", &Taken::mail),    field("at", &Taken::at),
                      field("kind", &Taken::kind),    field("reason", &Taken::reason),
                      field("case", &Taken::case_id), field("sender", &Taken::sender),
                      field("code", &Taken::code),    field("opened", &Taken::opened)};
  }
};

// A file with one line for each mail, read whole at the start. The newest ledger_lines_max are kept. One thread.
class Ledger {
 public:
  // A torn last line, from a machine that lost its power, is left out: that mail has not been taken.
  static Result<Ledger> open(const std::filesystem::path& file);

  bool knows(const std::string& mail) const { return mails_.contains(mail); }
  // Synced when it returns.
  Result<> add(Taken one);

  // How many of this sender with this code since then.
  int count(const std::string& sender, const std::string& code, Instant since) const;
  // Cases opened by unknown mails since then, newest first; only those of one sender if it is given.
  std::vector<CaseId> unknown_cases(Instant since, const std::optional<std::string>& sender) const;

 private:
  Result<> rewrite() const;
  void remember(Taken one);

  std::filesystem::path file_;
  std::deque<Taken> lines_;  // oldest first
  std::set<std::string> mails_;
  bool torn_ = false;  // the last line of the file has no end
};

}  // namespace kintsugi::intake
