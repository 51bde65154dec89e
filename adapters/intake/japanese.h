#pragma once

#include <string>
#include <string_view>

namespace kintsugi::intake {

// Text in UTF-8, and whether every byte of it could be read. What could not is U+FFFD.
struct Decoded {
  std::string text;
  bool whole = true;
};

// Bytes in the charset that a mail names, to UTF-8. Devices name it wrongly or not at all, so:
//   * ISO-2022-JP is read as it is sent and not as RFC 1468 has it: with half-width kana (ESC ( I, SO and SI) and the
//     signs of row 13 (①, ㈱), which a strict decoder refuses;
//   * Shift_JIS is Microsoft's (CP932), EUC-JP likewise;
//   * without a charset, or with one that does not fit the bytes, it is guessed: escapes mean ISO-2022-JP,
//   well-formed
//     UTF-8 is UTF-8, the rest Shift_JIS.
// Any thread; linear in the length.
Decoded to_utf8(std::string_view bytes, std::string_view charset);

// A header field with its encoded words (RFC 2047) read in their charsets; what stands between them, and fields of
// bare eight-bit or ISO-2022-JP bytes, are guessed as above.
Decoded decode_words(std::string_view field);

// One line of text without control characters, so that it can stand in a list.
std::string one_line(std::string_view utf8);

}  // namespace kintsugi::intake
