#pragma once

#include "engine/audit/record.h"
#include "engine/audit/verify.h"
#include "engine/base/digest.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

// A small audit log in memory, with a key of its own, for tests of what reads logs.
namespace kintsugi::audit::test {

inline constexpr const char* origin = "audit.rsc.example/hcf/3bx13b12f7";

// A key whose seed is all `n`.
struct TestKey {
  explicit TestKey(std::uint8_t n, std::string name = origin, KeyType type = KeyType::ed25519) {
    std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed;
    seed.fill(n);
    open.name = std::move(name);
    open.type = type;
    crypto_sign_seed_keypair(open.key.data(), secret.data(), seed.data());
  }
  Bytes sign(std::string_view message) const {
    Bytes out(crypto_sign_BYTES);
    crypto_sign_detached(out.data(), nullptr, bytes_of(message).data(), message.size(), secret.data());
    return out;
  }
  VerifierKey open;
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
};

inline std::string signed_checkpoint(const TestKey& key, std::int64_t size, const Digest& root) {
  const std::string text = format_checkpoint({key.open.name, size, root});
  return format_note({text, {{key.open.name, key.open.id(), key.sign(text)}}});
}

// The 26 characters of the n-th id of a test.
inline std::string id26(unsigned n) {
  std::string out = "01ARZ3NDEKTSV4RRFFQ69G5000";
  out[25] = static_cast<char>('0' + n % 10);
  out[24] = static_cast<char>('0' + n / 10 % 10);
  out[23] = static_cast<char>('0' + n / 100 % 10);
  out[22] = static_cast<char>('0' + n / 1000 % 10);
  return out;
}

// Events of an invented workflow.
inline EventMembers events() {
  return {{"fault", {"device", "priority", "row"}},
          {"acknowledge", {"row"}},
          {"take_data", {"item", "class", "received", "size"}},
          {"item_verified", {"item", "item_state", "method", "settled"}},
          {"sign_off", {"row"}}};
}

inline Record plain_record(std::string event) {
  Record r;
  r.log = origin;
  r.event = std::move(event);
  r.at = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}} + 9h;
  r.act = {"u-" + id26(1), true, Side::rsc, Role::rsc_svc};
  r.auth = "pwd+otp";
  r.sign_in = sign_in_mark("a sign-in");
  r.node = {"e1", "5f0c2a11", 1};
  return r;
}

inline Record step_record(std::string event, unsigned case_n, std::int64_t cn, std::string from, std::string to) {
  Record r = plain_record(std::move(event));
  r.case_id = "c-" + id26(case_n);
  r.step = {{cn, std::move(from), std::move(to)}};
  r.workflow = {{"fault_response", sha256("table")}};
  return r;
}

class MemoryLog final : public LogSource {
 public:
  explicit MemoryLog(std::uint8_t key_n = 1) : key(key_n) {}

  void add(const Record& record) { bodies.push_back(encode(record)); }
  void sign() { note = signed_checkpoint(key, std::ssize(bodies), root()); }
  Digest root() const {
    Frontier tree;
    for (const std::string& body : bodies)
      tree.append(leaf_hash(body));
    return tree.root();
  }
  VerifyOptions options() const { return {.trust = {key.open, {}, 0}, .events = events()}; }

  // One case from notice to end, with one item taken and settled.
  void add_case(unsigned n) {
    Record opened = step_record("fault", n, 0, "", "notified");
    opened.x = {{"device", "d-" + id26(7)}, {"priority", "p2"}, {"row", "F01"}};
    opened.objects = {{"text", sha256("a commitment"), 120}};
    add(opened);
    add(step_record("acknowledge", n, 1, "notified", "acknowledged"));
    Record taken = step_record("take_data", n, 2, "acknowledged", "acknowledged");
    taken.x = {{"item", "i-" + id26(n)}, {"class", "log"}, {"received", Json::array({"i-" + id26(n)})}, {"size", 42}};
    add(taken);
    Record settled = step_record("item_verified", n, 3, "acknowledged", "sign_off");
    settled.x = {
        {"item", "i-" + id26(n)}, {"item_state", "erased_verified"}, {"settled", Json::array({"i-" + id26(n)})}};
    add(settled);
    add(step_record("sign_off", n, 4, "sign_off", "closed"));
  }

  std::string origin() const override { return key.open.name; }
  Result<std::string> checkpoint() override {
    if (note.empty()) return fail(Errc::NotFound, "nothing was signed");
    return note;
  }
  Result<std::int64_t> size() override { return std::ssize(bodies); }
  Result<> read(std::int64_t first, std::int64_t count, const Visit& visit) override {
    for (std::int64_t i = first; i < std::min<std::int64_t>(first + count, std::ssize(bodies)); ++i)
      if (!visit(i, {bodies[static_cast<std::size_t>(i)]})) break;
    return {};
  }

  TestKey key;
  std::vector<std::string> bodies;
  std::string note;
};

}  // namespace kintsugi::audit::test
