#include "programs/cli/client/events.h"

#include <catch2/catch.hpp>

namespace kintsugi::cli {

TEST_CASE("events are put together from bytes as they come", "[cli]") {
  const std::string stream =
      "retry: 2000\nid: 7\n\nid: 8\nevent: case\ndata: {\"a\":1}\n\n: alive\nid: 9\n\nevent: end\r\ndata: {\r\ndata: "
      "}\r\n\r\n";
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    EventReader reader;
    std::vector<Happening> all;
    for (std::size_t at = 0; at < stream.size(); at += step)
      for (Happening& one : reader.take(std::string_view(stream).substr(at, step)))
        all.push_back(std::move(one));
    CAPTURE(step);
    REQUIRE(all.size() == 4);
    CHECK(all[0].id == "7");
    CHECK(all[0].event.empty());
    CHECK(all[1].id == "8");
    CHECK(all[1].event == "case");
    CHECK(all[1].data == Json{{"a", 1}});
    CHECK(all[2].id == "9");
    CHECK(all[2].event.empty());
    CHECK(all[2].data.is_discarded());
    CHECK(all[3].id == "9");
    CHECK(all[3].event == "end");
    CHECK(all[3].data == Json::object());
  }
}

}  // namespace kintsugi::cli
