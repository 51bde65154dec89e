#include "engine/audit/export.h"
#include "engine/audit/tiles.h"
#include "tests/support/audit_log.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <unistd.h>

namespace kintsugi::audit {
namespace {

namespace fs = std::filesystem;
using namespace test;

MemoryLog sound_log(unsigned cases) {
  MemoryLog log;
  log.add(plain_record("engine.started"));
  for (unsigned n = 1; n <= cases; ++n)
    log.add_case(n);
  log.sign();
  return log;
}

// What the verifier says of a log that was changed and then signed again: only the rules can find it.
std::string first_defect(MemoryLog& log, std::int64_t at) {
  log.sign();
  const Report report = verify_log(log, log.options());
  if (report.defects.empty()) return "sound";
  CHECK(report.defects.front().index == at);
  CHECK(report.defects.front().log == origin);
  return report.defects.front().what;
}

struct Directory {
  Directory() {
    static int n = 0;
    path =
        fs::temp_directory_path() / ("kintsugi-audit-test-" + std::to_string(::getpid()) + "-" + std::to_string(n++));
    fs::remove_all(path);
  }
  ~Directory() { fs::remove_all(path); }
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> out;
    for (const auto& one : fs::recursive_directory_iterator(path))
      if (one.is_regular_file()) {
        std::ifstream in(one.path(), std::ios::binary);
        out[one.path().lexically_relative(path).generic_string()] =
            std::string(std::istreambuf_iterator<char>(in), {});
      }
    return out;
  }
  void put(const std::string& name, std::string_view bytes) const {
    std::ofstream(path / name, std::ios::binary | std::ios::trunc) << bytes;
  }
  fs::path path;
};

}  // namespace

TEST_CASE("a sound log is found sound, with its counts", "[audit][verify]") {
  MemoryLog log = sound_log(3);
  const Report report = verify_log(log, log.options());
  INFO(to_text(report));
  CHECK(report.sound());
  CHECK(report.records == 16);
  CHECK(report.signed_size == 16);
  CHECK(report.not_yet_signed == 0);
  CHECK(report.cases == 3);
  CHECK(report.root == log.root());
  CHECK(report.debt.empty());
}

TEST_CASE("records beyond the checkpoint are not yet signed, and checked all the same", "[audit][verify]") {
  MemoryLog log = sound_log(1);
  log.add(step_record("fault", 2, 0, "", "notified"));
  Report report = verify_log(log, log.options());
  CHECK(report.sound());
  CHECK(report.not_yet_signed == 1);

  log.bodies.back() = "{}";
  report = verify_log(log, log.options());
  REQUIRE(report.defect_count == 1);
  CHECK(report.defects[0].index == 6);
}

TEST_CASE("a log that was signed as its engine told it still has to make sense", "[audit][verify]") {
  MemoryLog log = sound_log(2);
  SECTION("a record of another log") {
    Record moved = step_record("fault", 9, 0, "", "notified");
    moved.log = "audit.rsc.example/hcf/another";
    log.add(moved);
    CHECK(first_defect(log, 11) == "the record belongs to the log audit.rsc.example/hcf/another");
  }
  SECTION("a step of a case left out") {
    log.bodies.erase(log.bodies.begin() + 2);
    CHECK(first_defect(log, 2) == "cn is 2, expected 1");
  }
  SECTION("a case that does not begin at its beginning") {
    log.add(step_record("acknowledge", 9, 1, "notified", "acknowledged"));
    CHECK(first_defect(log, 11) == "cn is 1, expected 0");
  }
  SECTION("a step from a state the case was not in") {
    log.add(step_record("sign_off", 2, 5, "sign_off", "closed"));
    CHECK(first_defect(log, 11) == "the case was in 'closed', the record goes from 'sign_off'");
  }
  SECTION("two records exchanged") {
    std::swap(log.bodies[2], log.bodies[3]);
    CHECK(first_defect(log, 2) == "cn is 2, expected 1");
  }
  SECTION("closed with an item still owed") {
    log.add(step_record("fault", 9, 0, "", "notified"));
    Record taken = step_record("take_data", 9, 1, "notified", "notified");
    taken.x = {{"received", Json::array({"i-" + id26(1), "i-" + id26(2)})}};
    log.add(taken);
    Record settled = step_record("item_verified", 9, 2, "notified", "sign_off");
    settled.x = {{"settled", Json::array({"i-" + id26(2)})}};
    log.add(settled);
    CHECK(first_defect(log, 0) == "sound");
    CHECK(verify_log(log, log.options()).debt == std::map<std::string, std::int64_t>{{"c-" + id26(9), 1}});
    log.add(step_record("sign_off", 9, 3, "sign_off", "closed"));
    CHECK(first_defect(log, 14) == "'closed' with 1 items still owed");
  }
  SECTION("an item settled that nobody had received, or received twice") {
    log.add(step_record("fault", 9, 0, "", "notified"));
    Record settled = step_record("item_verified", 9, 1, "notified", "notified");
    settled.x = {{"settled", Json::array({"i-" + id26(5)})}};
    log.add(settled);
    CHECK(first_defect(log, 12) == "i-" + id26(5) + " was settled and not owed");
  }
  SECTION("a leaf hash that is not the record's") {
    struct WithLeaf final : LogSource {
      explicit WithLeaf(MemoryLog& of) : log(of) {}
      std::string origin() const override { return log.origin(); }
      Result<std::string> checkpoint() override { return log.checkpoint(); }
      Result<std::int64_t> size() override { return log.size(); }
      Result<> read(std::int64_t first, std::int64_t count, const Visit& visit) override {
        return log.read(first, count, [&](std::int64_t index, const Entry& entry) {
          const Digest leaf = index == 4 ? Digest{} : leaf_hash(entry.body);
          return visit(index, {entry.body, &leaf});
        });
      }
      MemoryLog& log;
    } with_leaf(log);
    const Report report = verify_log(with_leaf, log.options());
    REQUIRE(report.defect_count == 1);
    CHECK(report.defects[0].index == 4);
  }
}

TEST_CASE("a log must still begin with what older checkpoints signed", "[audit][verify]") {
  MemoryLog log = sound_log(1);
  VerifyOptions options = log.options();
  options.older_checkpoints = {log.note};
  log.add_case(2);
  log.sign();
  CHECK(verify_log(log, options).sound());

  SECTION("history rewritten and signed again with the same key") {
    log.bodies[0] = encode(plain_record("engine.stopped"));
    log.sign();
    CHECK(verify_log(log, log.options()).sound());  // alone it cannot be seen
    const Report report = verify_log(log, options);
    REQUIRE(report.defect_count == 1);
    CHECK(report.defects[0].what == "the first 6 records do not give the root that an older checkpoint signed");
  }
  SECTION("records cut off and signed again") {
    log.bodies.resize(1);
    log.sign();
    const Report report = verify_log(log, options);
    REQUIRE(report.defect_count == 1);
    CHECK(report.defects[0].what == "an older checkpoint signed 6 records, only 1 are here: records were cut off");
  }
}

TEST_CASE("a log is not sound without its own signature and the witnesses that are demanded", "[audit][verify]") {
  MemoryLog log = sound_log(1);
  VerifyOptions options = log.options();
  const TestKey witness(9, "witness.hcf.example/w1", KeyType::cosignature);
  options.trust.witnesses = {witness.open, witness.open};
  options.trust.quorum = 1;
  CHECK_FALSE(verify_log(log, options).sound());

  Note note = parse_note(log.note).value();
  Bytes cosignature{0, 0, 0, 0, 0x69, 0xa7, 0xeb, 0x0e};
  const Bytes signature = witness.sign(cosignature_message(note.text, 0x69a7eb0e));
  cosignature.insert(cosignature.end(), signature.begin(), signature.end());
  note.signatures.push_back({witness.open.name, witness.open.id(), cosignature});
  log.note = format_note(note);
  const Report report = verify_log(log, options);
  CHECK(report.sound());
  CHECK(report.verified.oldest_cosignature == 0x69a7eb0e);
  options.trust.quorum = 2;  // the same witness named twice is one
  CHECK_FALSE(verify_log(log, options).sound());

  options.trust = {TestKey(2).open, {}, 0};
  CHECK_FALSE(verify_log(log, options).sound());
  log.note.clear();
  CHECK_FALSE(verify_log(log, log.options()).sound());
}

TEST_CASE("only the first defects are listed, all are counted", "[audit][verify]") {
  MemoryLog log = sound_log(0);
  for (int i = 0; i < 50; ++i)
    log.bodies.push_back("{}");
  log.sign();
  const Report report = verify_log(log, log.options());
  CHECK(report.defect_count == 50);
  CHECK(report.defects.size() == defects_listed_max);
  CHECK(to_text(report).find("and 30 more") != std::string::npos);
}

TEST_CASE("an exported log verifies from the directory alone", "[audit][export]") {
  MemoryLog log = sound_log(110);  // 551 records: two full tiles and a tail
  Directory directory;
  const auto written = write_export(log, log.key.open, directory.path);
  REQUIRE(written);
  CHECK(written->size == 551);
  const Report report = verify_export(directory.path, log.options());
  INFO(to_text(report));
  CHECK(report.sound());
  CHECK(report.records == 551);

  const auto files = directory.files();
  CHECK(files.contains("tile/0/001"));
  CHECK(files.contains("tile/0/002.p/39"));
  CHECK(files.contains("tile/1/000.p/2"));
  CHECK(files.contains("tile/entries/002.p/39"));
  CHECK(files.at("tile/0/000").size() == 8192);

  const auto source = open_export(directory.path);
  REQUIRE(source);
  for (const std::int64_t i : {0, 255, 256, 550}) {
    const auto proof = prove(**source, i);
    REQUIRE(proof);
    const Digest leaf = leaf_hash(log.bodies[static_cast<std::size_t>(i)]);
    CHECK(verify_tlog_proof(parse_tlog_proof(format_tlog_proof(*proof)).value(), leaf, log.options().trust));
  }
  CHECK_FALSE(prove(**source, 551));
  CHECK_FALSE(write_export(log, log.key.open, directory.path));  // not over another
}

TEST_CASE("a log whose records do not give its checkpoint's root is not exported", "[audit][export]") {
  MemoryLog log = sound_log(2);
  log.bodies[3][20] ^= 1;
  Directory directory;
  const auto written = write_export(log, log.key.open, directory.path);
  REQUIRE_FALSE(written);
  CHECK_FALSE(fs::exists(directory.path / "checkpoint"));
  CHECK_FALSE(prove(log, 0));
}

TEST_CASE("one byte changed anywhere in an exported log is found, and the place is named", "[audit][export]") {
  MemoryLog log = sound_log(1);
  Directory directory;
  REQUIRE(write_export(log, log.key.open, directory.path));
  const VerifyOptions options = log.options();
  REQUIRE(verify_export(directory.path, options).sound());

  // Where each byte of the bundle belongs: length and body of a record.
  std::vector<std::int64_t> record_at;
  for (std::int64_t i = 0; i < std::ssize(log.bodies); ++i)
    record_at.insert(record_at.end(), log.bodies[static_cast<std::size_t>(i)].size() + 2, i);

  const auto original = directory.files();
  REQUIRE(original.size() == 4);
  std::set<std::string> accepted;
  std::set<std::string> place_missing;
  for (const auto& [name, bytes] : original) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << i % 8));
      directory.put(name, changed);
      const Report report = verify_export(directory.path, options);
      const std::string here = name + ":" + std::to_string(i);
      if (report.sound()) accepted.insert(here);
      // A record that still reads as one (another digit of a time) is found by its hash.
      const bool named = std::any_of(report.defects.begin(), report.defects.end(), [&](const Defect& one) {
        if (name.starts_with("tile/entries") && one.index == record_at[i]) return true;
        return one.what.find(name) != std::string::npos;
      });
      if (!named) place_missing.insert(here);
    }
    directory.put(name, bytes);
  }
  CHECK(accepted == std::set<std::string>{});
  CHECK(place_missing == std::set<std::string>{});
  REQUIRE(verify_export(directory.path, options).sound());

  SECTION("a file that does not belong there") {
    directory.put("tile/notes.txt", "hello");
    CHECK(verify_export(directory.path, options).defects.at(0).what == "tile/notes.txt: does not belong to the log");
  }
  SECTION("a file that is gone") {
    for (const auto& [name, bytes] : original) {
      fs::remove(directory.path / name);
      CHECK_FALSE(verify_export(directory.path, options).sound());
      directory.put(name, bytes);
    }
  }
  SECTION("a file that is cut short or goes on") {
    for (const auto& [name, bytes] : original) {
      directory.put(name, std::string_view(bytes).substr(0, bytes.size() - 1));
      CHECK_FALSE(verify_export(directory.path, options).sound());
      directory.put(name, bytes + "x");
      CHECK_FALSE(verify_export(directory.path, options).sound());
      directory.put(name, bytes);
    }
  }
}

}  // namespace kintsugi::audit
