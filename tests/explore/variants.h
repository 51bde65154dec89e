#pragma once

#include "tests/explore/moves.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

// How the payloads of said() are written: for each event a writer, which gives every payload that is tried with a
// word for what tells it from the ordinary one.
namespace kintsugi::explore {

struct Variant {
  std::string with;
  Json payload;
};
using Variants = std::vector<Variant>;
using Writer = std::function<Variants(const Moment&, const std::string& who)>;
using Writers = std::map<std::string, Writer, std::less<>>;

void add_notice_and_request(Writers& out);
void add_connection(Writers& out);
void add_data_and_sign_off(Writers& out);

// The same whatever the case looks like.
inline Writer always(Variants some) {
  return [some = std::move(some)](const Moment&, const std::string&) { return some; };
}
inline Writer always(Json one) {
  return always(Variants{{"", std::move(one)}});
}

inline std::string person_text(const std::string& nickname) {
  return testing::person(nickname).text();
}
inline std::string document(const char* what) {
  return testing::id_of<DocumentId>("doc", what).text();
}
inline Json window(Instant opens, Instant closes) {
  return Json{{"opens", to_text(opens)}, {"closes", to_text(closes)}};
}

}  // namespace kintsugi::explore
