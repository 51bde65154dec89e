#include "adapters/http/qr.h"

#include <fmt/format.h>

#include <memory>
#include <qrencode.h>

namespace kintsugi::http {
namespace {

constexpr int margin = 4;  // modules, ISO/IEC 18004

}  // namespace

std::string qr_svg(std::string_view text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
  if (!code) return {};
  const int side = code->width + 2 * margin;
  std::string path;
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if ((code->data[y * code->width + x] & 1U) != 0) path += fmt::format("M{} {}h1v1h-1z", x + margin, y + margin);
  return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
                     R"(<rect width="{0}" height="{0}" fill="#fff"/><path d="{1}"/></svg>)",
                     side, path);
}

}  // namespace kintsugi::http
