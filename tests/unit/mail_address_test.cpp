#include "engine/masters/mistakes.h"

#include <catch2/catch.hpp>

namespace kintsugi::testing {

TEST_CASE("an address of a mailbox is known in lower case only", "[masters]") {
  for (const char* good : {"a@b.jp", "sato.naoko+x@midori.example"})
    CHECK(is_mail_address(good));
  for (const char* bad : {"", "a", "@b.jp", "a@", "a@b", "A@b.jp", "a b@c.jp", "a@b..jp", "a@-b.jp", "a@b@c.jp"})
    CHECK_FALSE(is_mail_address(bad));
}

}  // namespace kintsugi::testing
