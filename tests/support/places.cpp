#include "tests/support/places.h"

namespace kintsugi::testing {

const char* const source_directory = KINTSUGI_SOURCE;
const char* const kintsugi_program = KINTSUGI_BINARY;

}  // namespace kintsugi::testing
