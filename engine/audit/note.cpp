#include "engine/audit/note.h"

#include "engine/base/digest.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <optional>

namespace kintsugi::audit {
namespace {

constexpr std::string_view dash = "\xe2\x80\x94 ";  // em dash and a space begin a signature line
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t time_bytes = 8;

bool is_key_name(std::string_view name) {
  return !name.empty() && is_utf8(name) &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '+'; });
}

// No control characters but the line feed, and the last line ended.
bool is_note_text(std::string_view text) {
  return !text.empty() && text.back() == '\n' && is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

bool ed25519_holds(BytesView signature, BytesView message, const Digest& key) {
  static const bool ready = sodium_init() >= 0;
  return ready && signature.size() == signature_bytes &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

std::uint64_t time_of(BytesView bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < time_bytes; ++i)
    out = out << 8 | bytes[i];
  return out;
}

// Does this line hold for the key? `time` is set for a cosignature.
bool holds(const Note& note, const NoteSignature& line, const VerifierKey& key, std::uint64_t& time) {
  if (key.type == KeyType::ed25519) return ed25519_holds(line.bytes, bytes_of(note.text), key.key);
  if (line.bytes.size() != time_bytes + signature_bytes) return false;
  time = time_of(line.bytes);
  const BytesView signature = BytesView(line.bytes).subspan(time_bytes);
  return ed25519_holds(signature, bytes_of(cosignature_message(note.text, time)), key.key);
}

// Is the note signed by this key? Nothing if no line names it; false if one that does is wrong.
std::optional<bool> signed_by(const Note& note, const VerifierKey& key, std::uint64_t& time) {
  std::optional<bool> found;
  const KeyHash id = key.id();
  for (const NoteSignature& line : note.signatures)
    if (line.name == key.name && line.id == id) found = found.value_or(true) && holds(note, line, key, time);
  return found;
}

}  // namespace

KeyHash VerifierKey::id() const {
  const std::uint8_t middle[] = {'\n', static_cast<std::uint8_t>(type)};
  const Digest digest = sha256({bytes_of(name), BytesView(middle), BytesView(key)});
  return {digest[0], digest[1], digest[2], digest[3]};
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  const auto bad = [](std::string_view why) {
    return fail(Errc::Invalid, fmt::format("not a verifier key (name+id+key): {}", why));
  };
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad("it has no three parts");
  VerifierKey key;
  key.name = text.substr(0, first);
  if (!is_key_name(key.name)) return bad("the name is empty or has a space");
  const auto blob = from_base64(text.substr(second + 1));
  if (!blob || blob->size() != 1 + key.key.size()) return bad("the last part is not base64 of 33 bytes");
  const std::uint8_t type = blob->front();
  if (type != static_cast<std::uint8_t>(KeyType::ed25519) && type != static_cast<std::uint8_t>(KeyType::cosignature))
    return bad("its type is neither Ed25519 (1) nor cosignature (4)");
  key.type = static_cast<KeyType>(type);
  std::copy(blob->begin() + 1, blob->end(), key.key.begin());
  if (to_hex(key.id()) != text.substr(first + 1, second - first - 1))
    return bad("its id is not that of name and key");
  return key;
}

std::string format_vkey(const VerifierKey& key) {
  Bytes blob{static_cast<std::uint8_t>(key.type)};
  blob.insert(blob.end(), key.key.begin(), key.key.end());
  return key.name + '+' + to_hex(key.id()) + '+' + to_base64(blob);
}

Result<Note> parse_note(std::string_view text) {
  const auto bad = [](std::string_view why) {
    return fail(Errc::Invalid, fmt::format("not a signed note: {}", why));
  };
  if (text.size() > note_bytes_max) return bad("too long");
  if (!is_note_text(text)) return bad("not UTF-8 lines");
  const auto gap = text.rfind("\n\n");
  if (gap == std::string_view::npos) return bad("no empty line before the signatures");
  Note note;
  note.text = text.substr(0, gap + 1);
  std::string_view rest = text.substr(gap + 2);
  if (rest.empty()) return bad("no signatures");
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (!line.starts_with(dash)) return bad("a signature line must begin with an em dash and a space");
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return bad("a signature line has no two parts");
    NoteSignature signature;
    signature.name = line.substr(0, space);
    const auto blob = from_base64(line.substr(space + 1));
    if (!is_key_name(signature.name) || !blob || blob->size() <= signature.id.size())
      return bad("a signature line is not name and base64");
    std::copy_n(blob->begin(), signature.id.size(), signature.id.begin());
    signature.bytes.assign(blob->begin() + static_cast<std::ptrdiff_t>(signature.id.size()), blob->end());
    if (note.signatures.size() == note_signatures_max) return bad("too many signatures");
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

std::string format_note(const Note& note) {
  std::string out = note.text + '\n';
  for (const NoteSignature& signature : note.signatures) {
    Bytes blob(signature.id.begin(), signature.id.end());
    blob.insert(blob.end(), signature.bytes.begin(), signature.bytes.end());
    out += dash;
    out += signature.name + ' ' + to_base64(blob) + '\n';
  }
  return out;
}

std::string cosignature_message(std::string_view text, std::uint64_t unix_seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", unix_seconds, text);
}

Result<Verified> verify_note(const Note& note, const Trust& trust) {
  std::uint64_t unused = 0;
  const auto log = signed_by(note, trust.log, unused);
  if (!log) return fail(Errc::Refused, fmt::format("the signature of {} is missing", trust.log.name));
  if (!*log) return fail(Errc::Refused, fmt::format("the signature of {} is wrong", trust.log.name));
  Verified out;
  for (auto key = trust.witnesses.begin(); key != trust.witnesses.end(); ++key) {
    // A policy that lists one witness twice must not make a quorum of it.
    const bool again =
        std::any_of(trust.witnesses.begin(), key, [&](const VerifierKey& other) { return other.key == key->key; });
    std::uint64_t time = 0;
    const auto good = again ? std::nullopt : signed_by(note, *key, time);
    if (!good) continue;
    if (!*good) return fail(Errc::Refused, fmt::format("the signature of {} is wrong", key->name));
    ++out.witnesses;
    if (time != 0 && (out.oldest_cosignature == 0 || time < out.oldest_cosignature)) out.oldest_cosignature = time;
  }
  if (out.witnesses < trust.quorum)
    return fail(Errc::Refused, fmt::format("{} of {} demanded witnesses have signed", out.witnesses, trust.quorum));
  return out;
}

}  // namespace kintsugi::audit
