#pragma once

#include "engine/base/bytes.h"

#include <initializer_list>
#include <string_view>

namespace kintsugi {

// SHA-256 by OpenSSL, of the parts one after another. Any thread.
Digest sha256(std::initializer_list<BytesView> parts);
inline Digest sha256(BytesView bytes) {
  return sha256({bytes});
}
inline Digest sha256(std::string_view text) {
  return sha256({bytes_of(text)});
}

}  // namespace kintsugi
