#include "engine/on_call/on_call.h"

#include "adapters/http/described/described.h"
#include "engine/on_call/gaps.h"

namespace kintsugi::http::described {
namespace {

Json people() {
  return list_of(object({has("id", id("person")), has("name", text()), may_have("telephone", text()),
                         has("by", name_in<OnCallBy>()), may_have("roster", id("roster")),
                         may_have("layer", says(text(), {"当番表の層", "Layer of the roster"})),
                         may_have("instead_of", says(ref("Person"), {"本来の当番", "Whose turn it would be"})),
                         may_have("reason", name_in<DutyReason>())}));
}

std::vector<Parameter> whom() {
  return {{.name = "organisation",
           .text = {"組織の id。なければ自分の勤務先", "Id of an organisation; your employer if left out"},
           .schema = id("org")},
          {.name = "product_line", .text = {"製品群", "Product line"}, .schema = text()},
          {.name = "tier", .text = {"1 は一次、2 は二次", "1 is the first line, 2 the second"}, .schema = number()}};
}
std::vector<Parameter> whom_and(std::initializer_list<Parameter> more) {
  std::vector<Parameter> out = whom();
  out.insert(out.end(), more);
  return out;
}
Parameter instant(std::string name, Text meaning) {
  return {.name = std::move(name), .text = std::move(meaning), .schema = time()};
}

Json gaps() {
  return list_of(object({has("kind", name_in<Gap::Kind>()),
                         has("refuses", says(yes_or_no(), {"保存を拒む重さか", "Whether saving it is refused"})),
                         has("from", time()), may_have("until", time()), may_have("where", text()),
                         may_have("subject", text()), has("text", text())}));
}

}  // namespace

Description show_on_call() {
  return {.id = "show_on_call",
          .tag = "on_call",
          .summary = {"当番は誰か、なぜか", "Who is on call, and why"},
          .answers = {{200,
                       {"当番の人", "The people"},
                       object({has("organisation", id("org")), has("tier", number()),
                               may_have("product_line", text()), has("at", time()), has("on_call", people()),
                               may_have("until", says(time(), {"次の引き継ぎ", "The next hand-over"}))})}},
          .text = {"自分の組織と、契約の相手の組織の当番が見えます。",
                   "Of your own organisation, and of the other side of a contract with it."},
          .query = whom_and({instant("at", {"いつの当番か。なければ今", "When; now if left out"})}),
          .problems = {"invalid", "not_found"}};
}

Description list_hand_overs() {
  return {
      .id = "list_hand_overs",
      .tag = "on_call",
      .summary = {"これからの引き継ぎ", "The next hand-overs"},
      .answers = {{200,
                   {"時間の順。誰もいない時間も入ります", "In order of time, holes included"},
                   object({has("organisation", id("org")), has("tier", number()), may_have("product_line", text()),
                           has("hand_overs", list_of(object({has("from", time()), has("until", time()),
                                                             has("on_call", people())}))),
                           may_have("next_page_token", text())}),
                   {"Link"}}},
      .query =
          paged_and(whom_and({instant("from", {"いつから。なければ今", "From when; now if left out"}),
                              instant("until", {"いつまで。なければ 14 日", "Until when; 14 days if left out"})})),
      .problems = {"invalid", "not_found"}};
}

Description add_override() {
  return {.id = "add_override",
          .tag = "on_call",
          .summary = {"当番の交替", "A shift over the rosters"},
          .answers = {{201,
                       {"決まりました", "It holds"},
                       object({has("id", id("duty")), has("person", ref("Person")), has("organisation", id("org")),
                               has("from", time()), has("until", time()), has("reason", name_in<DutyReason>()),
                               has("tier", number()), may_have("product_line", text()),
                               may_have("instead_of", ref("Person")), has("warnings", gaps())})}},
          .text = {"組織の管理者は誰の交替でも、本人は自分の番を他の人に渡すことだけができます。instead_of "
                   "があれば、その人の番の間だけ代わります。",
                   "Administrators put any shift of their organisation; a person may hand over his own turn. With "
                   "instead_of it holds only where it would be that person's turn."},
          .body = object({has("person", id("person")), has("until", time()), may_have("from", time()),
                          may_have("organisation", id("org")), may_have("product_line", text()),
                          may_have("instead_of", id("person")), may_have("reason", name_in<DutyReason>()),
                          may_have("tier", number())}),
          .problems = {"invalid", "not_found", "key_reused", "malformed_header"}};
}

Description check_on_call() {
  return {.id = "check_on_call",
          .tag = "on_call",
          .summary = {"当番表と督促の段の点検", "What is wrong with rosters and ladders"},
          .answers = {{200,
                       {"これから 14 日の抜け", "Of the next 14 days"},
                       object({has("organisation", id("org")), has("from", time()), has("until", time()),
                               has("gaps", gaps())})}},
          .query = whom(),
          .problems = {"invalid", "not_found"}};
}

}  // namespace kintsugi::http::described
