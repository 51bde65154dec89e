#pragma once

#include "engine/base/bytes.h"
#include "engine/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Signed notes (C2SP signed-note): a text, an empty line, and lines `— name base64(key id || signature)`.
//
// A reader says whose signatures it demands. Lines of others mean nothing, so a note that only a witness signed is
// no note of the log: that check is here (Trust), because the format leaves it to the reader.
namespace kintsugi::audit {

enum class KeyType : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

using KeyHash = std::array<std::uint8_t, 4>;

struct VerifierKey {
  std::string name;
  KeyType type = KeyType::ed25519;
  Digest key{};  // the Ed25519 public key
  KeyHash id() const;
};

// `name+id+base64(type || key)`. Split at the first two `+` only: base64 has some of its own. Invalid when the id
// is not that of name and key.
Result<VerifierKey> parse_vkey(std::string_view text);
std::string format_vkey(const VerifierKey& key);

struct NoteSignature {
  std::string name;
  KeyHash id{};
  Bytes bytes;  // ed25519: 64 bytes; cosignature: 8 bytes of time before them
};

struct Note {
  std::string text;  // with its last line feed, without the empty line
  std::vector<NoteSignature> signatures;
};

inline constexpr std::size_t note_bytes_max = 64 * 1024;
inline constexpr std::size_t note_signatures_max = 100;

Result<Note> parse_note(std::string_view text);
std::string format_note(const Note& note);

// The bytes a witness signs: the time it claims, and the text (cosignature/v1).
std::string cosignature_message(std::string_view text, std::uint64_t unix_seconds);

// Whose signatures a reader demands.
struct Trust {
  VerifierKey log;                     // always
  std::vector<VerifierKey> witnesses;  // of these at least `quorum`
  int quorum = 0;
};

struct Verified {
  int witnesses = 0;
  std::uint64_t oldest_cosignature = 0;  // Unix seconds; 0 without witnesses
};

// Refused when a demanded signature is missing, or when one that names a known key is wrong.
Result<Verified> verify_note(const Note& note, const Trust& trust);

}  // namespace kintsugi::audit
