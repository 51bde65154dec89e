#include "engine/base/private_file.h"
#include "programs/cli/client/payload.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/patience.h"
#include "programs/cli/visit.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace kintsugi::cli {
namespace {

struct CaseOptions {
  VisitOptions visit;
  std::string named, state, device, filter, order, document, file, event, wait, timeout;
  bool open = false;
  int limit = 50;
};

std::string query_of(const CaseOptions& options, int size, const std::string& token) {
  std::string out = "/api/v1/cases?page_size=" + std::to_string(size);
  if (!options.state.empty()) out += "&state=" + escaped(options.state);
  if (!options.device.empty()) out += "&device=" + escaped(options.device);
  if (options.open) out += "&open=true";
  if (!options.filter.empty()) out += "&filter=" + escaped(options.filter);
  if (!options.order.empty()) out += "&order_by=" + escaped(options.order);
  return token.empty() ? out : out + "&page_token=" + escaped(token);
}

// One page is shown as the server sent it. More are put together into one list.
int list(const CaseOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  Reply all;
  Json cases = Json::array();
  std::string token;
  bool one_page = true;
  do {
    const int size = std::min(page_size, options.limit - static_cast<int>(cases.size()));
    Reply reply = visit->api.get(query_of(options, size, token));
    if (!reply.good()) return visit->refuse(reply);
    for (const Json& one : list_of(reply.json, "cases"))
      cases.push_back(one);
    token = text_of(reply.json, "next_page_token");
    one_page = all.status == 0;
    all = std::move(reply);
  } while (!token.empty() && static_cast<int>(cases.size()) < options.limit);
  if (!one_page) {
    all.json["cases"] = cases;
    all.body = all.json.dump();
  }
  visit->show_list(all, "cases", cases_text(cases, visit->page()));
  if (!token.empty() && visit->plain()) fmt::print(stderr, "{}\n", say("case.more"));
  return ok;
}

// Where somebody may be inside now: every case whose door is not closed or only about to be opened.
int inside(const CaseOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  Reply all = visit->api.get_all(
      "/api/v1/cases?filter=" + escaped("access=opening,open,suspended,closing,unknown AND open=true"), "cases");
  if (!all.good()) return visit->refuse(all);
  Json cases = Json::array();
  for (const Json& one : list_of(all.json, "cases")) {
    const Reply reply = visit->api.get("/api/v1/cases/" + text_of(one, "id"));
    if (!reply.good()) return visit->refuse(reply);
    if (text_of(reply.json, "access") != "closed") cases.push_back(reply.json);
  }
  all.json["cases"] = cases;
  all.body = all.json.dump();
  visit->show_list(all, "cases", inside_text(cases, visit->page()));
  return ok;
}

// Looks at the named case and hands on what was seen.
template <class Then>
int with_case(const CaseOptions& options, const Tongue& say, Then then) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto id = visit->case_id(options.named);
  if (!id) return report(id.error());
  const Reply reply = visit->api.get("/api/v1/cases/" + *id);
  if (!reply.good()) return visit->refuse(reply, {.server = {}, .case_ref = options.named, .event = {}});
  return then(*visit, *id, reply);
}

int show(const CaseOptions& options, const Tongue& say) {
  return with_case(options, say, [](Visit& visit, const std::string&, const Reply& reply) -> int {
    visit.show(reply, case_text(reply.json, visit.page()));
    return ok;
  });
}

int documents(const CaseOptions& options, const Tongue& say) {
  return with_case(options, say, [&](Visit& visit, const std::string&, const Reply& reply) -> int {
    std::vector<std::vector<std::string>> rows;
    for (const Json& one : list_of(reply.json, "documents"))
      rows.push_back({to_the_second(text_of(one, "at")), text_of(one, "label"), text_of(one, "key"),
                      value_of(one, "length"), judgement_text(one, say), text_of(one, "id")});
    visit.show_list(reply, "documents",
                    to_table({say("head.at"), say("head.kind"), say("head.key"), say("head.length"), say("head.phi"),
                              say("head.id")},
                             rows, visit.page().paint));
    return ok;
  });
}

// The bytes as they are, for the program that shows them; the terminal never sees them.
int write_document(const Json& document, const std::string& path, const Tongue& say) {
  std::error_code unseen;  // what cannot be looked at cannot be written either, and that is told then
  if (std::filesystem::exists(path, unseen)) return report({Errc::Invalid, say("case.file_exists", path)});
  const auto encoded = document.find("base64");
  const auto bytes = encoded != document.end() ? from_base64(encoded->get<std::string>()) : Result<Bytes>(Bytes{});
  if (!bytes) return report(bytes.error());
  const std::string content =
      encoded != document.end() ? std::string(kintsugi::text_of(*bytes)) : document.value("text", "");
  if (const auto done = write_private_file(path, content); !done) return report(done.error());
  fmt::print("{}\n", say("case.written", path, content.size()));
  return ok;
}

int read(const CaseOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto id = visit->case_id(options.named);
  if (!id) return report(id.error());
  const Reply reply = visit->api.get("/api/v1/cases/" + *id + "/documents/" + escaped(options.document));
  if (!reply.good()) return visit->refuse(reply);
  if (!options.file.empty()) return write_document(reply.json, options.file, say);
  const std::string text = text_of(reply.json, "text");
  visit->show(reply, (text.empty() ? text_of(reply.json, "base64") : text) + "\n");
  return ok;
}

// What an event takes, as its schema says: the same description that the server checks with.
int form(const CaseOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const Reply reply = visit->api.get("/api/v1/events/" + escaped(options.event) + "/schema");
  if (reply.status == 404 && visit->plain()) return report({Errc::NotFound, say("form.none", options.event)});
  if (!reply.good()) return visit->refuse(reply);
  std::vector<std::vector<std::string>> rows;
  for (const FormField& one : form_of(reply.json, say.language()))
    rows.push_back({one.name, one.needed ? say("case.needed") : std::string(), one.form, one.meaning});
  const std::string title = text_of(reply.json, "title") + "\n";
  visit->show(reply, title + (rows.empty() ? say("case.fields_none") + "\n"
                                           : to_table({say("head.field"), "", say("head.form"), say("head.meaning")},
                                                      rows, visit->page().paint)));
  return ok;
}

// The request that approvers answer, every field by its meaning. That it was read is recorded.
int request(const CaseOptions& options, const Tongue& say) {
  return with_case(options, say, [&](Visit& visit, const std::string& id, const Reply& seen) -> int {
    const std::string document = text_of(object_of(seen.json, "request"), "document");
    if (document.empty()) return report({Errc::NotFound, say("request.none")});
    const Reply reply = visit.api.get("/api/v1/cases/" + id + "/documents/" + escaped(document));
    if (!reply.good()) return visit.refuse(reply);
    const Reply schema = visit.api.get("/api/v1/events/request_connection/schema");
    if (!schema.good()) return visit.refuse(schema);
    visit.show(reply, request_text(seen.json, visit.page()) +
                          fields_text(json_from(text_of(reply.json, "text")), form_of(schema.json, say.language())));
    return ok;
  });
}

int watch(const CaseOptions& options, const Tongue& say) {
  const auto limit = limit_from(options.timeout, say);
  if (!limit) return report(limit.error());
  return with_case(options, say, [&](Visit& visit, const std::string& id, const Reply& first) -> int {
    if (const int code = check_state(visit, options.wait); code != ok) return code;
    return follow(visit, id, {.state = options.wait, .limit = *limit, .tell = true}, &first);
  });
}

}  // namespace

void add_cases(CLI::App& app, int& exit, const Tongue& say) {
  CLI::App* noun = app.add_subcommand("case", "cases, as the server shows them to you")->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what, int (*run)(const CaseOptions&, const Tongue&)) {
    auto options = std::make_shared<CaseOptions>();
    CLI::App* one = noun->add_subcommand(name, what);
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    one->callback([options, run, &exit, say] { exit = run(*options, say); });
    return std::pair{one, options};
  };
  const auto about_case = [](CLI::App* one, CaseOptions& options) {
    one->add_option("case", options.named, "case_… or its number, whole or only the running part")->required();
  };
  {
    auto [one, options] = verb("list", "cases that you may see, oldest first unless told otherwise", list);
    one->add_option("--state", options->state, "only those in this state");
    one->add_option("--device", options->device, "only those of this device");
    one->add_flag("--open", options->open, "only those that are not over");
    one->add_option("--filter", options->filter,
                    "terms as priority=p1 AND waits_for=me; the API's description has them all");
    one->add_option("--order-by", options->order,
                    "opened, number, priority or due, with desc behind it the other way round");
    one->add_option("--limit", options->limit, "how many at most")->check(CLI::Range(1, 10'000));
  }
  verb("inside", "connections that are open now, and who works there", inside);
  {
    auto [one, options] = verb("show", "where it stands, what runs out, what you may do, what blocks the rest", show);
    about_case(one, *options);
  }
  {
    auto [one, options] = verb("watch", "tell every change until it is over", watch);
    about_case(one, *options);
    one->add_option("--wait", options->wait, "stop when it is in this state");
    one->add_option("--timeout", options->timeout, "give up after this time, as 60s or 2h; exit 8");
  }
  {
    auto [one, options] = verb("documents", "what was written about it", documents);
    about_case(one, *options);
  }
  {
    auto [one, options] = verb("read", "one of its documents; that you read it is recorded", read);
    about_case(one, *options);
    one->add_option("document", options->document, "doc_…")->required();
    one->add_option("--file", options->file, "write its bytes into this new file, which only you can read");
  }
  {
    auto [one, options] =
        verb("request", "the request that approvers answer, whole; that you read it is recorded", request);
    about_case(one, *options);
  }
  {
    auto [one, options] = verb("form", "what an event takes", form);
    one->add_option("event", options->event, "name of the event, as approve")->required();
  }
  add_act(*noun, exit, say);
}

}  // namespace kintsugi::cli
