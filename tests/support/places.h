#pragma once

namespace kintsugi::testing {

// Where this build stands, for tests that read the tree or start the program. Constant-initialised, so that constants
// of a test may be made of them. Only places.cpp is compiled with the paths: the other objects of two checkouts are
// equal, and ccache shares them.
extern const char* const source_directory;  // the root of the checkout, without a slash at its end
extern const char* const kintsugi_program;  // the built kintsugi

}  // namespace kintsugi::testing
