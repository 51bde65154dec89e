#include "programs/cli/qr.h"

#include <memory>
#include <qrencode.h>

namespace kintsugi::cli {

std::string qr_text(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), &QRcode_free);
  if (!code) return {};
  constexpr int margin = 2;
  const auto is_dark = [&](int x, int y) {
    const bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
    return inside && (code->data[y * code->width + x] & 1U) != 0;
  };
  std::string out;
  for (int y = -margin; y < code->width + margin; y += 2) {
    out += "\x1b[30;107m";
    for (int x = -margin; x < code->width + margin; ++x)
      out += is_dark(x, y) ? (is_dark(x, y + 1) ? "█" : "▀") : (is_dark(x, y + 1) ? "▄" : " ");
    out += "\x1b[0m\n";
  }
  return out;
}

}  // namespace kintsugi::cli
