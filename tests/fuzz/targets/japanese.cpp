#include "adapters/intake/japanese.h"

#include "adapters/intake/mail.h"
#include "engine/base/bytes.h"
#include "engine/base/width.h"
#include "tests/fuzz/fuzz.h"

// Bytes in a charset that somebody names on the first line, or not. Everything becomes UTF-8, and none of it much
// longer than it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view charset = fuzz::take_line(rest);
  constexpr std::size_t growth_max = 8;  // a byte of a charset of any language, as UTF-8
  for (const intake::Decoded& read : {intake::to_utf8(rest, charset), intake::decode_words(rest)}) {
    fuzz::must(is_utf8(read.text), "what is read is UTF-8");
    fuzz::must(read.text.size() <= growth_max * rest.size(), "what is read has no more characters than bytes");
    fuzz::must(read.whole || !read.text.empty(), "what could not be read is shown as unreadable");
    const std::string folded = fold_width(read.text);
    fuzz::must(is_utf8(folded) && fold_width(folded) == folded, "folding widths twice is folding them once");
    fuzz::must(is_utf8(intake::one_line(read.text)), "one line of it is UTF-8");
    fuzz::must(is_utf8(intake::words_of_html(read.text)), "the words of a page are UTF-8");
  }
  return 0;
}
