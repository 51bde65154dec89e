#pragma once

#include "engine/base/fields.h"

#include <string_view>
#include <vector>

namespace kintsugi::fault_response {

// The JSON Schema (draft 7) of an event's or note's payload: the only description of it. It validates the request,
// draws the console's form and stands in the OpenAPI document.
//
// Closed throughout: no other members, every text and list has a maximum, names come from the domain's enumerations.
// Four words of our own are annotations that a validator skips:
//   x-text      {"ja", "en"}: the member's label on a form
//   x-order     the members in the order of the form
//   x-document  {"key": "care"|"evidence", "label"}: typed or received text. The engine seals it and puts the
//               document's id in its place, so no rule ever sees the text; only members of the payload itself have
//               it, and of the items of a list in it. With `contentEncoding: base64` the bytes are sealed
//   x-origin    true, at the root: the address that it was sent from is kept as a document (I13).
//   x-hash      true, at the root: the canonical payload, with a salt, is what approvals are bound to (I6). The
//   engine
//               adds `request_hash` and `request_document` to it
//
// A name that is no event of this workflow gets a schema that nothing satisfies.
const Json& payload_schema(std::string_view event);

// Every event and note with a payload schema, by name: those of people, devices, access points, timers and of the
// engine itself.
std::vector<std::string_view> events();

}  // namespace kintsugi::fault_response
