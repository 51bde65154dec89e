#pragma once

#include "programs/server/server.h"

#include <string>

namespace kintsugi {

// What the operator of an installation may order, whether its server runs (OperatorDoor) or not:
//
//   import  {"masters": …}             a masters file (masters_file.h): {"imported": 3}, or {"mistakes": [{place, ja,
//   en}]}
//                                      and nothing is changed
//   invite  {"mails": ["a@b.example"]} first codes: {"codes": [{"mail", "one_time_code"}]}; NotFound names who is
//   unknown
//
// Invalid for any other. The server must have been opened; any thread.
Result<Json> carry_out(Server& server, const Clock& clock, Entropy& entropy, const std::string& order,
                       const Json& with);

}  // namespace kintsugi
