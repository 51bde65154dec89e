#include "tests/explore/variants.h"

// Steps 1 and 2: notices, requests and answers to them.
namespace kintsugi::explore {
namespace {

Json fault(const char* code, const char* care) {
  return Json{
      {"action", "trigger"}, {"dedup_key", "k"}, {"code", code}, {"care", care}, {"device", the_device().text()}};
}

Variants notice(const Moment&, const std::string&) {
  Json harmed = fault("E42", "stopped");
  harmed["harmed"] = true;
  return {{"", fault("E42", "degraded")},
          {"somebody harmed", harmed},
          {"another code", fault("E99", "none")},
          {"the other case's", fault(other_case().fault.code.c_str(), "none")}};
}

Variants request(const Moment& m, const std::string& who) {
  Json ordinary{{"purpose", "fault"},
                {"level", "control"},
                {"window", window(m.now, m.now + 2h)},
                {"sessions_max", 2},
                {"workers", Json::array({person_text(who)})},
                {"attendant", person_text("ben")},
                {"phi_seen", true},
                {"phi_taken", false},
                {"request_hash", to_base64(sha256("request " + std::to_string(m.file.version)))},
                {"request_document", document("request")}};
  Variants out{{"", ordinary}};
  const auto but = [&](const char* with, const char* member, Json value) {
    Json one = ordinary;
    one[member] = std::move(value);
    out.push_back({with, std::move(one)});
  };
  but("from an hour on", "window", window(m.now + 1h, m.now + 3h));
  Json bare = ordinary;
  bare.erase("attendant");
  out.push_back({"nobody attends", std::move(bare)});
  but("a window that is over", "window", window(m.now - 2h, m.now - 1h));
  but("twenty hours", "window", window(m.now, m.now + 20h));
  but("nine connections", "sessions_max", 9);
  but("a hospital's worker", "workers", Json::array({person_text("ben")}));
  return out;
}

Variants emergency(const Moment& m, const std::string&) {
  Json ordinary{{"purpose", "fault"},
                {"level", "control"},
                {"window", window(m.now, m.now + 1h)},
                {"workers", Json::array({person_text("cho")})},
                {"attendant", person_text("ben")},
                {"request_hash", to_base64(sha256("emergency " + std::to_string(m.file.version)))},
                {"request_document", document("request")}};
  Json own = ordinary;
  own["workers"] = Json::array({person_text("dan")});
  Json over = ordinary;
  over["window"] = window(m.now - 2h, m.now - 1h);
  return {{"", ordinary}, {"for whoever consented", own}, {"a window that is over", over}};
}

Variants answer(const Moment& m, const std::string&) {
  const std::string hash = m.file.request ? to_base64(m.file.request->hash) : to_base64(sha256("none"));
  Variants out;
  for (const char* slot : {"hcf_sysadm", "hcf_netadm", "rsc_netadm"})
    out.push_back({slot, Json{{"slot", slot}, {"request_hash", hash}}});
  out.push_back(
      {"rsc_netadm, another text", Json{{"slot", "rsc_netadm"}, {"request_hash", to_base64(sha256("another"))}}});
  return out;
}

Variants yes(const Moment& m, const std::string& who) {
  Variants out = answer(m, who);
  if (!m.file.request) return out;
  const Window asked = m.file.request->window;
  Json narrow = out.front().payload;
  narrow["window"] = window(asked.opens, asked.opens + asked.length() / 2);
  out.push_back({"hcf_sysadm, half the window", std::move(narrow)});
  Json wide = out.front().payload;
  wide["window"] = window(asked.opens, asked.closes + 1h);
  out.push_back({"hcf_sysadm, a wider window", std::move(wide)});
  return out;
}

// For each emergency that the case holds.
Variants late_yes(const Moment& m, const std::string& who) {
  Variants out = answer(m, who);
  if (m.file.emergencies.empty()) return out;
  for (const char* slot : {"hcf_sysadm", "hcf_netadm", "rsc_netadm"})
    out.push_back({std::string(slot) + ", the older emergency",
                   Json{{"slot", slot}, {"request_hash", to_base64(m.file.emergencies.front().hash)}}});
  return out;
}

}  // namespace

void add_notice_and_request(Writers& out) {
  const Variants people{{"dan", Json{{"person", person_text("dan")}}},
                        {"hal", Json{{"person", person_text("hal")}}},
                        {"ben", Json{{"person", person_text("ben")}}}};
  const Variants cases{{"", Json{{"target", other_case().id.text()}}},
                       {"an unknown one", Json{{"target", testing::id_of<CaseId>("case", "nowhere").text()}}}};
  const Variants priorities{
      {"p1", Json{{"priority", "p1"}}}, {"p2", Json{{"priority", "p2"}}}, {"p3", Json{{"priority", "p3"}}}};
  for (const char* one : {"notify", "notify_duplicate", "notify_second_fault", "device_normal"})
    out[one] = notice;
  out["notify_unknown"] = always(Json{{"action", "trigger"}, {"dedup_key", "k"}});
  out["identify_device"] = always(Json{{"device", the_device().text()}});
  for (const char* one : {"reassign", "escalate_l2", "propose_l2", "allow_l2"})
    out[one] = always(people);
  for (const char* one : {"propose_merge", "merge_into"})
    out[one] = always(cases);
  out["set_priority"] = always(priorities);
  out["stop_after_access"] = always(Json{{"resolution", "cancelled_after_access"}});
  out["request_connection"] = request;
  out["break_glass"] = emergency;
  out["approve"] = yes;
  out["reject"] = answer;
  out["post_approve"] = late_yes;
  out["mail_bounced"] = always(Variants{{"M09", Json{{"mail", "M09"}, {"to", Json::array({person_text("ada")})}}}});
  out["set_hold"] =
      always(Variants{{"", Json{{"no_patient", true}}}, {"a patient is there", Json{{"no_patient", false}}}});
  out["lift_hold"] = always(Json{{"restricted_use", false}});
}

}  // namespace kintsugi::explore
