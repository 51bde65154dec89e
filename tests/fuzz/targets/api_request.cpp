#include "tests/fuzz/api_on_stage.h"
#include "tests/fuzz/fuzz.h"

#include <httplib.h>

#include <optional>

// A whole request to the API, as it stands on the line: `POST /api/v1/faults`, headers, an empty line, the body. The
// token is a nickname (`authorization: Bearer abe`); `@case` in the path is the open case. Whatever it is, it is
// answered: never with 500, and what is refused with a problem that says why.
namespace kintsugi::fuzz {
namespace {

// Requests change what is there; the stage is set up again after each change and after some time.
class Stage {
 public:
  ApiOnStage& now() {
    if (!set_ || ++asked_ > asked_max) {
      set_.reset();
      set_.emplace();
      asked_ = 0;
    }
    return *set_;
  }
  void changed() { asked_ = asked_max; }

 private:
  static constexpr int asked_max = 500;
  std::optional<ApiOnStage> set_;
  int asked_ = 0;
};

httplib::Request request_from(std::string_view rest, const std::string& case_id) {
  httplib::Request out;
  std::string line(take_line(rest));
  if (line.ends_with('\r')) line.pop_back();
  const auto space = std::min(line.find(' '), line.size());
  out.method = line.substr(0, space);
  out.target = line.substr(std::min(space + 1, line.size()));
  constexpr std::string_view placeholder = "@case";
  if (const auto at = out.target.find(placeholder); at != std::string::npos)
    out.target.replace(at, placeholder.size(), case_id);
  const auto end = std::min(out.target.find_first_of("?#"), out.target.size());
  out.path = httplib::detail::decode_url(out.target.substr(0, end), false);
  out.remote_addr = "192.0.2.7";
  for (std::string_view header = take_line(rest); !header.empty() && header != "\r"; header = take_line(rest)) {
    if (header.ends_with('\r')) header.remove_suffix(1);
    const auto colon = header.find(": ");
    if (colon != std::string_view::npos)
      out.headers.emplace(std::string(header.substr(0, colon)), std::string(header.substr(colon + 2)));
  }
  out.body = rest.substr(0, http::body_bytes_max);
  return out;
}

void look_at_response(const httplib::Request& request, const httplib::Response& response) {
  must(response.status >= 200 && response.status < 600 && response.status != 500,
       "a request is answered, never with 500");
  const std::string type = response.get_header_value("Content-Type");
  const bool is_json = type == "application/json" || type == "application/problem+json";
  if (is_json) must(Json::accept(response.body), "what is called JSON is JSON");
  // PagerDuty's clients read PagerDuty's answers.
  const bool is_problem = response.status >= 400 && request.path != "/v2/enqueue" && request.path != "/readyz";
  if (!is_problem) return;
  must(type == "application/problem+json", "a refusal is a problem");
  const Json problem = Json::parse(response.body);
  for (const char* member : {"type", "title", "code"})
    must(problem.contains(member) && !problem.at(member).get<std::string>().empty(), "a problem says what it is");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  static fuzz::Stage stage;
  fuzz::ApiOnStage& api = stage.now();
  const httplib::Request request = fuzz::request_from(fuzz::text_of(data, size), api.case_id());
  httplib::Response response;
  api.server().answer(request, response);
  fuzz::look_at_response(request, response);
  if (request.method != "GET" && response.status < 300) stage.changed();
  return 0;
}
