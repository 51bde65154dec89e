#include "engine/audit/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kintsugi::audit {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1";
constexpr std::size_t proof_hashes_max = 63;

// Decimal, no sign, no leading zero.
Result<std::int64_t> number_from(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(out) != text || out < 0)
    return fail(Errc::Invalid, "not a number in plain decimal");
  return out;
}

// Takes the next line, without its line feed; nothing when there is no whole line left.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string format_checkpoint(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto bad = [](std::string_view why) { return fail(Errc::Invalid, fmt::format("not a checkpoint: {}", why)); };
  const auto origin = next_line(text);
  const auto size_line = next_line(text);
  const auto root_line = next_line(text);
  if (!root_line || origin->empty() || !text.empty()) return bad("it must be origin, size and root, a line each");
  const auto size = number_from(*size_line);
  if (!size) return bad("its size is not plain decimal");
  const auto root = digest_from_base64(*root_line);
  if (!root) return bad("its root is not base64 of 32 bytes");
  return Checkpoint{std::string(*origin), *size, *root};
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view text, const Trust& trust) {
  const auto note = parse_note(text);
  if (!note) return pass(note);
  const auto verified = verify_note(*note, trust);
  if (!verified) return pass(verified);
  auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return pass(checkpoint);
  if (checkpoint->origin != trust.log.name)
    return fail(Errc::Refused,
                fmt::format("the checkpoint is of {} and not of {}", checkpoint->origin, trust.log.name));
  return OpenedCheckpoint{std::move(*checkpoint), *verified};
}

std::string format_tlog_proof(const TlogProof& proof) {
  std::string out = fmt::format("{}\n", proof_header);
  if (proof.extra) out += fmt::format("extra {}\n", to_base64(*proof.extra));
  out += fmt::format("index {}\n", proof.index);
  for (const Digest& hash : proof.proof)
    out += to_base64(hash) + '\n';
  return out + '\n' + proof.checkpoint;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  const auto bad = [](std::string_view why) { return fail(Errc::Invalid, fmt::format("not a tlog-proof: {}", why)); };
  if (next_line(text) != proof_header) return bad("the first line is another");
  TlogProof proof;
  auto line = next_line(text);
  if (line && line->starts_with("extra ")) {
    auto extra = from_base64(line->substr(6));
    if (!extra) return bad("`extra` is not base64");
    proof.extra = std::move(*extra);
    line = next_line(text);
  }
  if (!line || !line->starts_with("index ")) return bad("no index");
  const auto index = number_from(line->substr(6));
  if (!index) return bad("the index is not plain decimal");
  proof.index = *index;
  for (line = next_line(text); line && !line->empty(); line = next_line(text)) {
    const auto hash = digest_from_base64(*line);
    if (!hash || proof.proof.size() == proof_hashes_max) return bad("a line is no hash, or there are too many");
    proof.proof.push_back(*hash);
  }
  if (!line || text.empty()) return bad("no checkpoint after an empty line");
  proof.checkpoint = text;
  return proof;
}

Result<OpenedCheckpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf, const Trust& trust) {
  auto opened = open_checkpoint(proof.checkpoint, trust);
  if (!opened) return opened;
  const Checkpoint& head = opened->checkpoint;
  if (auto held = verify_inclusion(proof.index, head.size, leaf, head.root, proof.proof); !held) return pass(held);
  return opened;
}

}  // namespace kintsugi::audit
