#pragma once

#include "programs/demo/director.h"

namespace kintsugi::demo {

// A power dip: every monitor of the ward reports at once, and again. The telling counts: cases, repeats, priorities
// and mails. Those where care has stopped are worked on first and to their end; of the others the devices say that
// they are well again, and the hospital withdraws their faults. Taken up wherever it was broken off: what is open
// says it all.
Result<> play_storm(Stage& stage, Teller& teller, Director& director);

}  // namespace kintsugi::demo
