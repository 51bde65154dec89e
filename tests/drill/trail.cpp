#include "tests/drill/trail.h"

namespace kintsugi::drill {

void Totals::add(const Totals& other) {
  stories += other.stories;
  steps += other.steps;
  cases += other.cases;
  laps += other.laps;
  records += other.records;
  letters += other.letters;
  crashes += other.crashes;
  commits_failed += other.commits_failed;
  disk_faults += other.disk_faults;
  power_cuts += other.power_cuts;
  clock_jumps += other.clock_jumps;
  lost += other.lost;
  repeated += other.repeated;
  delayed += other.delayed;
  wrong += other.wrong;
  for (auto part : {&Totals::rows, &Totals::refused, &Totals::held})
    for (const auto& [name, count] : other.*part)
      (this->*part)[name] += count;
}

}  // namespace kintsugi::drill
