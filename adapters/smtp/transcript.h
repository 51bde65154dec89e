#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::smtp {

// Who said what in one SMTP transaction, as far as we need it: which answer belongs to which command. libcurl
// reports a refused recipient only as a sum; it sends one command at a time and waits for its answer, so reading
// along tells which recipient it was. Only answer codes are kept: no address, no password, no server's words.
// Not safe for threads.
class Transcript {
 public:
  // Bytes as they passed, in pieces of any size. Answers of several lines count once (RFC 5321 4.2.1).
  void sent(std::string_view bytes);
  void heard(std::string_view bytes);

  enum class Phase {
    greeting,   // before EHLO
    session,    // EHLO, STARTTLS
    sign_in,    // AUTH
    sender,     // MAIL FROM
    recipient,  // RCPT TO
    data,       // DATA and its 354
    verdict,    // the answer to the whole message
    done,
  };
  Phase phase() const { return phase_; }
  // Last answer in that phase; 0: none came. For `verdict` this is the answer that makes the server responsible.
  int code(Phase phase) const;
  int last_code() const { return last_; }
  // Answers to RCPT TO in the order in which they were sent; 0: none came.
  const std::vector<int>& recipients() const { return recipients_; }

 private:
  void command(std::string_view line);
  void answer(int code);

  Phase phase_ = Phase::greeting;
  std::string out_, in_;  // unfinished lines
  std::vector<int> codes_ = std::vector<int>(8, 0);
  std::vector<int> recipients_;
  int last_ = 0;
  bool leaving_ = false;  // after QUIT nothing is said about the letter any more
};

}  // namespace kintsugi::smtp
