#include "tests/end_to_end/api.h"

#include <algorithm>

// Who may not approve, over the API: each refusal with its own problem, and each to be found afterwards.
namespace kintsugi::testing {
namespace {

// A case before its approvers; `by` asked, `worker` is to do it.
struct Asked {
  Api api;
  std::string path;
  std::string hash;

  explicit Asked(const char* by = "abe", const char* worker = "abe") {
    path = api.report();
    REQUIRE(api.act(path, by, "acknowledge", Json::object())->status == 200);
    const auto asked = api.act(path, by, "request_connection", api.request(worker));
    INFO(asked->body);
    REQUIRE(asked->status == 200);
    hash = to_base64(api.file(path).request->hash);
  }
  httplib::Result approve(const char* nick, const char* slot, bool step_up = true) {
    return api.act(path, nick, "approve", {{"slot", slot}, {"request_hash", hash}}, step_up);
  }
  bool recorded(const std::string& check, const std::string& hospital = "midori") {
    const auto records = api.records(hospital);
    return std::ranges::any_of(records, [&](const Json& one) {
      return one["ev"] == "refused" && one["x"]["event"] == "approve" && one["x"]["check"] == check;
    });
  }
};

void refused(Asked& asked, const httplib::Result& reply, int status, const std::string& problem) {
  INFO(reply->body);
  CHECK(reply->status == status);
  CHECK(problem_of(reply) == problem);
  CHECK(asked.api.file(asked.path).state == "conn_requested");
}

}  // namespace

TEST_CASE("one person cannot fill two slots", "[api][approval]") {
  Asked asked;
  REQUIRE(asked.approve("sato", "hcf_sysadm")->status == 200);
  const auto reply = asked.approve("sato", "hcf_sysadm");
  refused(asked, reply, 403, "person_counts_once");
  // The reply names everything that blocks, the record what is told first.
  const Json failed = Json::parse(reply->body).at("failed");
  REQUIRE(failed.size() == 2);
  CHECK(failed[0]["name"] == "person_counts_once");
  CHECK(failed[1]["name"] == "slot_not_open");
  CHECK(asked.recorded("person_counts_once"));
  CHECK_FALSE(asked.recorded("slot_not_open"));
}

TEST_CASE("the requester cannot approve", "[api][approval]") {
  Asked asked("kimura", "abe");
  refused(asked, asked.approve("kimura", "rsc_netadm"), 403, "requester_may_not_approve");
  CHECK(asked.recorded("requester_may_not_approve"));
}

TEST_CASE("vendor staff cannot fill a hospital's slot, whatever role somebody gave them", "[api][approval]") {
  Asked asked;
  refused(asked, asked.approve("vendor_psm", "hcf_sysadm"), 403, "vendor_in_hcf_slot");
  CHECK(asked.recorded("vendor_in_hcf_slot"));
}

TEST_CASE("an approval of a request that has changed is none", "[api][approval]") {
  Asked asked;
  asked.hash = to_base64(Digest{1, 2, 3});
  refused(asked, asked.approve("sato", "hcf_sysadm"), 409, "hash_differs");
  CHECK(asked.recorded("hash_differs"));
}

TEST_CASE("an approval without a fresh proof of identity is none", "[api][approval]") {
  Asked asked;
  refused(asked, asked.approve("sato", "hcf_sysadm", false), 403, "step_up_missing");
  CHECK(asked.recorded("step_up_missing"));
}

TEST_CASE("to another hospital and another vendor the request does not exist", "[api][approval]") {
  Asked asked;
  refused(asked, asked.approve("endo", "hcf_sysadm"), 404, "not_found");
  refused(asked, asked.approve("watanabe", "rsc_netadm"), 404, "not_found");
  const auto system = asked.api.records();
  CHECK(std::ranges::count_if(system, [](const Json& one) {
          return one["ev"] == "refused" && one["x"]["check"] == "not_a_participant";
        }) == 2);
  CHECK_FALSE(asked.recorded("not_a_participant"));
}

}  // namespace kintsugi::testing
