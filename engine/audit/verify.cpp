#include "engine/audit/verify.h"

#include "engine/audit/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace kintsugi::audit {
namespace {

// `"i-…","i-…"`: calls for each id of a list that read_record() has found in order.
template <class Each>
void for_each_id(std::string_view list, const Each& each) {
  constexpr std::size_t id_bytes = 28;
  for (std::size_t at = 1; at + id_bytes < list.size(); at += id_bytes + 3)
    each(list.substr(at, id_bytes));
}

// Lets a map of strings be asked with a view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// One pass over a log. Knows of every case where it stands and what it owes.
class Verifier {
 public:
  Verifier(LogSource& source, const VerifyOptions& options) : source_(source), options_(options) {
    report_.origin = options.trust.log.name;
  }

  Report run() {
    if (source_.origin() != report_.origin)
      defect(-1, {}, fmt::format("the log is {} and not {}", source_.origin(), report_.origin));
    open_heads();
    const auto size = source_.size();
    if (!size) {
      defect(-1, {}, "the log cannot be read: " + size.error().what);
      return std::move(report_);
    }
    pass_heads();
    const auto read = source_.read(
        0, *size, [this](std::int64_t index, const LogSource::Entry& entry) { return take(index, entry); });
    if (!read) defect(tree_.size(), {}, "the log cannot be read: " + read.error().what);
    finish();
    return std::move(report_);
  }

 private:
  struct Head {
    Checkpoint checkpoint;
    bool newest = false;
    bool passed = false;
  };
  struct Case {
    std::int64_t next_cn = 0;
    std::string state;
    std::vector<std::string> owed;  // few at a time
  };

  void defect(std::int64_t index, std::string_view case_id, std::string what) {
    ++report_.defect_count;
    if (report_.defects.size() < defects_listed_max)
      report_.defects.push_back({report_.origin, index, std::string(case_id), std::move(what)});
  }

  void open_heads() {
    const auto note = source_.checkpoint();
    if (!note) {
      defect(-1, {}, "checkpoint: " + note.error().what);
    } else if (const auto opened = open_checkpoint(*note, options_.trust); !opened) {
      defect(-1, {}, "checkpoint: " + opened.error().what);
    } else {
      report_.verified = opened->verified;
      report_.signed_size = opened->checkpoint.size;
      heads_.push_back({opened->checkpoint, true});
    }
    for (const std::string& older : options_.older_checkpoints) {
      if (const auto opened = open_checkpoint(older, options_.trust); !opened)
        defect(-1, {}, "an older checkpoint: " + opened.error().what);
      else
        heads_.push_back({opened->checkpoint});
    }
  }

  // Compares the root with every head of the size reached.
  void pass_heads() {
    for (Head& head : heads_) {
      if (head.checkpoint.size != tree_.size()) continue;
      head.passed = true;
      const Digest root = tree_.root();
      if (head.newest) report_.root = root;
      if (root != head.checkpoint.root)
        defect(-1, {},
               fmt::format("the first {} records do not give the root that {} signed", head.checkpoint.size,
                           head.newest ? "the checkpoint" : "an older checkpoint"));
    }
  }

  bool take(std::int64_t index, const LogSource::Entry& entry) {
    if (index != tree_.size()) {
      defect(index, {}, fmt::format("record {} was expected here", tree_.size()));
      return false;
    }
    const Digest leaf = leaf_hash(entry.body);
    if (entry.leaf != nullptr && *entry.leaf != leaf)
      defect(index, {}, "the stored leaf hash is not that of the record");
    if (const auto record = read_record(entry.body, options_.events); !record)
      defect(index, {}, "not a record: " + record.error().what);
    else
      follow(index, *record);
    tree_.append(leaf);
    pass_heads();
    return true;
  }

  void follow(std::int64_t index, const RecordView& record) {
    if (record.log != report_.origin)
      defect(index, record.case_id, fmt::format("the record belongs to the log {}", record.log));
    if (!record.is_step) return;
    auto found = cases_.find(record.case_id);
    if (found == cases_.end()) found = cases_.try_emplace(std::string(record.case_id)).first;
    Case& file = found->second;
    if (record.cn != file.next_cn)
      defect(index, record.case_id, fmt::format("cn is {}, expected {}", record.cn, file.next_cn));
    if (record.from != file.state)
      defect(index, record.case_id,
             fmt::format("the case was in '{}', the record goes from '{}'", file.state, record.from));
    file.next_cn = record.cn + 1;
    file.state = record.to;
    settle(index, record, file);
    const bool ended = std::ranges::find(options_.end_states, file.state) != options_.end_states.end();
    if (ended && !file.owed.empty())
      defect(index, record.case_id, fmt::format("'{}' with {} items still owed", file.state, file.owed.size()));
  }

  void settle(std::int64_t index, const RecordView& record, Case& file) {
    for_each_id(record.received, [&](std::string_view item) {
      if (std::ranges::find(file.owed, item) != file.owed.end())
        defect(index, record.case_id, fmt::format("{} was received twice", item));
      else
        file.owed.emplace_back(item);
    });
    for_each_id(record.settled, [&](std::string_view item) {
      if (std::erase(file.owed, item) == 0)
        defect(index, record.case_id, fmt::format("{} was settled and not owed", item));
    });
  }

  void finish() {
    report_.records = tree_.size();
    report_.cases = static_cast<std::int64_t>(cases_.size());
    report_.not_yet_signed = std::max<std::int64_t>(0, report_.records - report_.signed_size);
    for (const auto& [id, file] : cases_)
      if (!file.owed.empty()) report_.debt[id] = static_cast<std::int64_t>(file.owed.size());
    for (const Head& head : heads_)
      if (!head.passed)
        defect(-1, {},
               fmt::format("{} signed {} records, only {} are here: records were cut off",
                           head.newest ? "the checkpoint" : "an older checkpoint", head.checkpoint.size,
                           report_.records));
  }

  LogSource& source_;
  const VerifyOptions& options_;
  std::vector<Head> heads_;
  Frontier tree_;
  std::unordered_map<std::string, Case, TextHash, std::equal_to<>> cases_;
  Report report_;
};

}  // namespace

Report verify_log(LogSource& source, const VerifyOptions& options) {
  return Verifier(source, options).run();
}

std::string to_text(const Report& report) {
  std::string out = fmt::format("{}: {}\n", report.origin, report.sound() ? "sound" : "NOT SOUND");
  out += fmt::format("records {} of {} cases, signed {}, not yet signed {}\n", report.records, report.cases,
                     report.signed_size, report.not_yet_signed);
  out += fmt::format("root {}\nwitnesses {}\n", to_base64(report.root), report.verified.witnesses);
  for (const auto& [id, items] : report.debt)
    out += fmt::format("owed {} items of {}\n", items, id);
  for (const Defect& one : report.defects) {
    out += "defect";
    if (one.index >= 0) out += fmt::format(" record {}", one.index);
    if (!one.case_id.empty()) out += " " + one.case_id;
    out += ": " + one.what + "\n";
  }
  const auto unlisted = report.defect_count - static_cast<std::int64_t>(report.defects.size());
  if (unlisted > 0) out += fmt::format("and {} more\n", unlisted);
  return out;
}

}  // namespace kintsugi::audit
