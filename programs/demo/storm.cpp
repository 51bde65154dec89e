#include "programs/demo/storm.h"

#include "programs/server/signals.h"
#include "programs/stage/say.h"

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace kintsugi::demo {
namespace {

constexpr int lines = 8;                  // connections of the ward
constexpr int notices_each = 2;           // of every monitor: the second is a repeat
constexpr int stopped = 3;                // monitors without which care has stopped
constexpr int shown_first = 6;            // of the list of cases
constexpr std::size_t letters_shown = 4;  // of the mails; and the last, which tells of many cases
constexpr std::chrono::seconds delivery_max{120};

struct Counts {
  std::atomic<int> taken{0}, opened{0}, refused{0};
};

using Tokens = std::vector<std::pair<DeviceId, std::string>>;

// Every line takes its share of the devices; `one` is called once for each.
template <class Send>
void from_every_line(Stage& stage, const Tokens& tokens, Send one) {
  std::vector<std::thread> threads;
  for (int line = 0; line < lines; ++line)
    threads.emplace_back([&, line] {
      const auto client = stage.new_client();
      for (std::size_t i = static_cast<std::size_t>(line); i < tokens.size() && !stop_asked(); i += lines)
        one(*client, i);
    });
  for (std::thread& thread : threads)
    thread.join();
}

Json notice(const char* action, std::size_t monitor, Instant now) {
  return {{"action", action},
          {"dedup_key", "power"},
          {"severity", "error"},
          {"code", "P-001"},
          {"care", monitor < stopped ? "stopped" : "none"},
          {"occurred_at", to_text(now)},
          {"details", "mains lost for 4 s, restarted on battery"}};
}

class Storm {
 public:
  Storm(Stage& stage, Teller& teller, Director& director) : stage_(stage), teller_(teller), director_(director) {}

  Result<> play() {
    teller_.title(director_.story().title, director_.story().watch);
    for (const auto& [id, token] : stage_.ward())
      tokens_.emplace_back(id, token);
    if (auto done = break_out(); !done) return done;
    if (auto done = work_on_those_in_danger(); !done) return done;
    if (auto done = let_the_others_go(); !done) return done;
    return stage_.cast().remember(memory_of(stage_.cast().script.case_id.text(), "told"));
  }

 private:
  Result<> break_out() {
    if (stage_.cast().was(reported)) return {};
    const auto begun = std::chrono::steady_clock::now();
    Counts counts;
    from_every_line(stage_, tokens_, [&](Client& client, std::size_t i) {
      for (int n = 0; n < notices_each; ++n) {
        const auto reply =
            client.post("/api/v1/faults", tokens_[i].second, notice("trigger", i, stage_.clock().now()));
        ++(reply.ok() ? counts.taken : counts.refused);
        if (reply.status == 201) ++counts.opened;
      }
    });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    teller_.plain({fmt::format("\n{} 台が {:.1f} 秒で {} 通を通知: 案件 {}、重複 {}、受け付けなかったもの {}",
                               tokens_.size(), took.count(), counts.taken + counts.refused, counts.opened.load(),
                               counts.taken - counts.opened, counts.refused.load()),
                   fmt::format("\n{} devices, {} notices in {:.1f} s: {} cases, {} repeats counted, {} not taken",
                               tokens_.size(), counts.taken + counts.refused, took.count(), counts.opened.load(),
                               counts.taken - counts.opened, counts.refused.load())});
    if (counts.refused > 0) return fail(Errc::Transient, "not every notice was taken");
    tell_mails();
    tell_list();
    return stage_.cast().remember(reported);
  }

  // How many letters it took, and which came first.
  void tell_mails() {
    const bool all = stage_.settle(delivery_max, 2 * Stage::gather);
    const auto letters = stage_.sink().take();
    std::set<std::string> readers;
    for (const MailSink::Mail& mail : letters)
      readers.insert(mail.to.begin(), mail.to.end());
    teller_.plain(
        {fmt::format("メール {} 通、受取人 {} 人{}", letters.size(), readers.size(), all ? "" : " (まだ続きます)"),
         fmt::format("{} mails to {} readers{}", letters.size(), readers.size(), all ? "" : ", more to come")});
    for (std::size_t i = 0; i < letters.size(); ++i)
      if (i < letters_shown || i + 1 == letters.size()) say("    {}", letters[i].subject);
  }

  Result<std::string> token_of(Role role) {
    return stage_.cast().token(stage_.client(), stage_.cast().with(role)->id);
  }

  // Every open case of the ward, as the server lists them for somebody: what is urgent first.
  Result<std::vector<Json>> open_cases(Role as) {
    const auto token = token_of(as);
    if (!token) return pass(token);
    std::vector<Json> out;
    std::string page;
    do {
      const auto reply = stage_.client().get("/api/v1/cases?open=true&order_by=priority&page_size=200" + page, *token,
                                             teller_.tag());
      if (!reply.ok()) return fail(Errc::Refused, "the cases cannot be listed: " + reply.body.dump());
      for (const Json& one : reply.body.at("cases"))
        if (one.value("fault_code", "") == "P-001") out.push_back(one);
      const std::string next = reply.body.value("next_page_token", "");
      page = next.empty() ? "" : "&page_token=" + next;
    } while (!page.empty());
    return out;
  }

  void tell_list() {
    const auto cases = open_cases(Role::rsc_svc);
    if (!cases) return;
    std::map<std::string, int> by_priority;
    for (const Json& one : *cases)
      ++by_priority[one.value("priority", "?")];
    std::string text;
    for (const auto& [priority, count] : by_priority)
      text += fmt::format("  {} {}", priority, count);
    teller_.plain({"サービスマンの一覧:" + text, "The serviceman's list:" + text});
    for (std::size_t i = 0; i < cases->size() && i < shown_first; ++i)
      say("    {}  {}  {}  {}", (*cases)[i].value("priority", "?"), (*cases)[i].value("number", "?"),
          (*cases)[i].at("device").value("nickname", "?"), (*cases)[i].value("state", "?"));
  }

  Result<> work_on_those_in_danger() {
    const auto cases = open_cases(Role::rsc_svc);
    if (!cases) return pass(cases);
    for (const Json& one : *cases) {
      if (one.value("priority", "") != "p1") break;
      stage_.cast().script.case_id = CaseId{one.at("id").get<std::string>()};
      if (auto saved = stage_.cast().save(); !saved) return saved;
      teller_.plain({"\n" + one.value("number", "?") + " (P1)", "\n" + one.value("number", "?") + " (P1)"});
      if (auto done = director_.play_case(); !done) return done;
    }
    return {};
  }

  // The power is back: the devices say so, and the hospital withdraws what needs nobody any more.
  Result<> let_the_others_go() {
    Counts counts;
    from_every_line(stage_, tokens_, [&](Client& client, std::size_t i) {
      if (client.post("/api/v1/faults", tokens_[i].second, notice("resolve", i, stage_.clock().now())).ok())
        ++counts.taken;
    });
    const auto cases = open_cases(Role::hcf_sysadm);
    const auto token = token_of(Role::hcf_sysadm);
    if (!cases) return pass(cases);
    if (!token) return pass(token);
    int withdrawn = 0;
    for (const Json& one : *cases) {
      const auto reply =
          stage_.client().post(fmt::format("/api/v1/cases/{}/events/cancel", one.at("id").get<std::string>()), *token,
                               {{"reason", "Power is back; the device has restarted and passed its self test."}},
                               {{"If-Match", fmt::format("\"{}\"", one.at("version").get<std::int64_t>())}});
      if (!reply.ok()) return fail(Errc::Refused, "a case cannot be withdrawn: " + reply.body.dump());
      ++withdrawn;
    }
    teller_.plain({fmt::format("\n停電は終わり: {} 台が正常と通知し、病院が {} 件を取り下げました",
                               counts.taken.load(), withdrawn),
                   fmt::format("\nThe power is back: {} devices say they are well, the hospital withdraws {} cases",
                               counts.taken.load(), withdrawn)});
    tell_mails();
    teller_.trail();
    return {};
  }

  static constexpr const char* reported = "storm/reported";
  Stage& stage_;
  Teller& teller_;
  Director& director_;
  Tokens tokens_;
};

}  // namespace

Result<> play_storm(Stage& stage, Teller& teller, Director& director) {
  return Storm(stage, teller, director).play();
}

}  // namespace kintsugi::demo
