#pragma once

#include "adapters/access_point/simulated_site.h"
#include "engine/ports/mailer.h"
#include "engine/ports/signer.h"
#include "tests/drill/dice.h"
#include "tests/drill/trail.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace kintsugi::drill {

// How the world treats the engine at present: chances are per cent of what is sent or committed.
struct Weather {
  bool doors_away = false;   // no order arrives
  bool mail_away = false;    // the mail server cannot be reached
  bool disk_full = false;    // every commit fails
  bool signer_away = false;  // nothing is signed (I8)
  int order_lost = 0;
  int order_late = 0;  // it arrives, when nobody waits for it any more
  int order_twice = 0;
  int answer_lost = 0;  // it was carried out, and nobody is told
  int answer_wrong = 0;
  int letter_lost = 0;
  int letter_twice = 0;  // taken, and not acknowledged
  int letter_refused = 0;
  int commit_fails = 0;
  int killed = 0;  // at a door, at the mail server, before a commit, after one

  static Weather of(Dice& dice);
  std::string text() const;
};

// What the parts outside share: the weather, the dice of the present step, and what is counted.
struct Sky {
  Weather weather;
  Dice dice{0};
  Totals* totals = nullptr;
  bool still = true;  // while the engine starts or dies, nothing happens outside

  bool comes(int chance) { return !still && chance > 0 && dice.percent(chance); }
  void perhaps_kill() {
    if (comes(weather.killed)) throw Killed{};
  }
};

// The line to the doors of all sites. It loses, repeats and delays orders, and loses and bends answers; what the
// doors then do is the simulated site's matter.
class Doors final : public Controller {
 public:
  Doors(Sky& sky, const Clock& clock) : sky_(sky), clock_(clock), site_(clock), straight_(site_) {}
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& key) override;

  access_point::SimulatedSite& site() { return site_; }
  // An answer that comes beside the order that it belongs to.
  struct Late {
    Order order;
    HopAnswer answer;
  };
  // What was held up and has arrived by now.
  std::vector<Late> arrived();
  // An order that was carried out before arrives once more: best an opening whose door was closed since and whose
  // window is not over.
  bool repeat_old(Dice& dice);
  // Somebody cuts the lines of this case by hand, wherever they are; nobody is told.
  void unplug(const CaseFile& file);
  bool heard(const EffectId& id) const { return heard_.contains(id.text()); }

 private:
  struct Underway {
    Order order;
    Instant due{};
  };
  HopAnswer bent(HopAnswer answer);

  Sky& sky_;
  const Clock& clock_;
  access_point::SimulatedSite site_;
  access_point::SimulatedController straight_;
  std::vector<Underway> underway_;
  void remember(const Order& order);
  std::deque<Order> recent_;
  struct Opening {
    Order order;
    bool closed_since = false;
  };
  std::deque<Opening> openings_;
  std::map<std::string, int> heard_;  // by key
};

// The mail server.
class Post final : public Mailer {
 public:
  explicit Post(Sky& sky) : sky_(sky) {}
  Result<Posted> post(const Letter& letter, Instant at) override;
  // A letter of this effect, or one that tells it first of several.
  bool took(const EffectId& lead) const {
    const auto found = taken_.lower_bound(lead.text());
    return found != taken_.end() && found->first.starts_with(lead.text());
  }
  // Letters since this was asked last.
  std::vector<Letter> fresh() { return std::exchange(fresh_, {}); }

 private:
  Sky& sky_;
  std::map<std::string, int> taken_;  // by message id: how often
  std::vector<Letter> fresh_;
};

// A signer that may be away.
class Pen final : public Signer {
 public:
  Pen(Sky& sky, Signer& inner) : sky_(sky), inner_(inner) {}
  Result<std::string> sign(const Head& head, const std::vector<Digest>& proof) override {
    if (!sky_.still && sky_.weather.signer_away) return fail(Errc::Transient, "the signer is away");
    return inner_.sign(head, proof);
  }
  Result<Head> last(const std::string& origin) override { return inner_.last(origin); }
  std::string verifier_key(const std::string& origin) const override { return inner_.verifier_key(origin); }

 private:
  Sky& sky_;
  Signer& inner_;
};

}  // namespace kintsugi::drill
