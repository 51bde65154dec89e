#include "engine/run/queries.h"
#include "tests/support/toy_engine.h"

namespace kintsugi::toy {

TEST_CASE("people see the cases of their own side, and others do not exist for them", "[run][queries]") {
  World world;
  const CaseId opened = world.open_case();
  Queries queries(*world.conductor, world.store, world.workflow, world.clock);
  const auto view = queries.case_of(person(), opened);
  REQUIRE(view);
  CHECK(view->file->state == "waiting");
  CHECK(view->actions.size() == 1);
  CHECK(queries.cases_of(person(), {})->size() == 1);
  CHECK(queries.cases_of(person(tanaka, centre), {})->size() == 1);
  const Actor stranger = person(sato, other_hospital);
  CHECK(queries.case_of(stranger, opened).error().code == Errc::NotFound);
  CHECK(queries.cases_of(stranger, {})->empty());
  CaseFilter wide;
  wide.tenant = hospital;
  CHECK(queries.cases_of(stranger, wide)->empty());
}

}  // namespace kintsugi::toy
