#include "engine/audit/checkpoint.h"
#include "tests/fuzz/fuzz.h"

// Signed notes, verifier keys, checkpoints and proof files: the same bytes are read as each of them. One value has
// one spelling, and a checkpoint is believed only of its own log.
namespace kintsugi::fuzz {
namespace {

const audit::Trust& trust_in_log_of_vectors() {
  // The key of the vectors in tests/unit/data, so that there are notes that hold.
  static const audit::Trust trust{
      *audit::parse_vkey("audit.rsc.example/hcf/3bx13b12f7+e9558f22+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"),
      {},
      0};
  return trust;
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto note = audit::parse_note(text)) {
    fuzz::must(audit::format_note(*note) == text, "a note is spelt as it is read");
    fuzz::must(note->signatures.size() <= audit::note_signatures_max, "a note has few signatures");
  }
  if (const auto key = audit::parse_vkey(text))
    fuzz::must(audit::format_vkey(*key) == text, "a key is spelt as it is read");
  if (const auto checkpoint = audit::parse_checkpoint(text))
    fuzz::must(audit::format_checkpoint(*checkpoint) == text, "a checkpoint is spelt as it is read");
  const audit::Trust& trust = fuzz::trust_in_log_of_vectors();
  if (const auto opened = audit::open_checkpoint(text, trust))
    fuzz::must(opened->checkpoint.origin == trust.log.name, "a checkpoint is believed of its own log only");
  if (const auto proof = audit::parse_tlog_proof(text)) {
    fuzz::must(audit::format_tlog_proof(*proof) == text, "a proof is spelt as it is read");
    std::ignore = audit::verify_tlog_proof(*proof, Digest{}, trust);
  }
  return 0;
}
