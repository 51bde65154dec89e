#include "tests/explore/variants.h"

#include <algorithm>

// Step 5 and after: items, incidents, papers.
namespace kintsugi::explore {
namespace {

std::string first_item(const Moment& m) {
  return m.file.items.empty() ? testing::id_of<ItemId>("item", "none").text() : m.file.items.front().id.text();
}
// Once for each item of the case; for one that it has not if it has none.
Variants each_item(const Moment& m, Json rest = Json::object(), const char* member = "item") {
  Variants out;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, m.file.items.size()); ++i) {
    rest[member] = m.file.items.empty() ? first_item(m) : m.file.items[i].id.text();
    if (std::string_view(member) == "items") rest[member] = Json::array({rest[member]});
    out.push_back({m.file.items.size() > 1 ? "item " + std::to_string(i + 1) : "", rest});
  }
  return out;
}

Variants each_incident(const Moment& m, Json rest) {
  Variants out;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, m.file.incidents.size()); ++i) {
    rest["incident"] = m.file.incidents.empty() ? testing::id_of<IncidentId>("incident", "none").text()
                                                : m.file.incidents[i].id.text();
    out.push_back({m.file.incidents.size() > 1 ? "incident " + std::to_string(i + 1) : "", rest});
  }
  return out;
}

Variants erased(const Moment& m, const std::string&) {
  Variants out = each_item(m, {{"method", "clear"}, {"medium", "shared_storage"}});
  for (const Variant& one : each_item(m, {{"method", "clear"}, {"medium", "removable"}}))
    out.push_back({one.with + " cleared on a stick", one.payload});
  for (const Variant& one : each_item(m, {{"method", "destroy"}, {"medium", "removable"}}))
    out.push_back({one.with + " destroyed", one.payload});
  return out;
}
Variants verified(const Moment& m, const std::string&) {
  Variants out = each_item(m, {{"found", 0}, {"certificate", document("certificate")}});
  for (const Variant& one : each_item(m, {{"found", 1}, {"certificate", document("certificate")}}))
    out.push_back({one.with + " a trace found", one.payload});
  return out;
}
Variants retry(const Moment& m, const std::string&) {
  Variants out = each_item(m, {{"method", "destroy"}});
  for (const Variant& one : each_item(m, {{"method", "clear"}}))
    out.push_back({one.with + " by the weakest method", one.payload});
  out.push_back({"no item", Json::object()});
  if (m.file.items.size() == 1)
    for (const Variant& one : each_item(m, {{"method", "destroy"}, {"found_copy", "log"}}))
      out.push_back({"a copy found", one.payload});
  return out;
}
Variants retained(const Moment& m, const std::string&) {
  Variants out = each_item(m, {{"until", to_text(m.now + 24h * 5)}});
  for (const Variant& one : each_item(m, {{"until", to_text(m.now - 1h)}}))
    out.push_back({one.with + " until yesterday", one.payload});
  return out;
}
Variants authorised(const Moment& m, const std::string&) {
  Variants out = each_item(m, {{"allow", true}}, "items");
  for (const Variant& one : each_item(m, {{"allow", false}}, "items"))
    out.push_back({one.with + " denied", one.payload});
  return out;
}

Writer for_each_item(Json rest = Json::object(), const char* member = "item") {
  return [rest = std::move(rest), member](const Moment& m, const std::string&) { return each_item(m, rest, member); };
}
Writer for_each_incident(Json rest = Json::object()) {
  return [rest = std::move(rest)](const Moment& m, const std::string&) { return each_incident(m, rest); };
}

void add_items(Writers& out) {
  out["item_declared"] = always(Json{{"kind", "log"}, {"phi", "unknown"}});
  out["authorise_export"] = authorised;
  out["take_data"] = for_each_item({{"content", to_base64(sha256("content"))}, {"size_bytes", 10}});
  const Json looked{{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}};
  out["nothing_taken"] = always(Variants{{"", looked}, {"nothing looked at", Json::object()}});
  out["item_erased"] = erased;
  out["item_verified"] = verified;
  out["item_retained"] = retained;
  out["item_returned"] = for_each_item({{"received_by", person_text("ada")}});
  out["item_deidentified"] = out["accept_residual"] = for_each_item();
  out["legal_hold"] = out["lift_legal_hold"] = for_each_item(Json::object(), "items");
  out["erasure_failed"] = for_each_item({{"cause", "trace_found"}});
  out["retry_or_stronger"] = retry;
}

void add_incidents(Writers& out) {
  out["open_incident"] = out["raise_incident"] = always(Json{{"type", "breach"}});
  out["assess_incident"] = for_each_incident({{"owner", person_text("ada")}});
  out["report_incident"] = for_each_incident({{"stage", "final"}});
  out["close_incident"] = for_each_incident();
}

}  // namespace

void add_data_and_sign_off(Writers& out) {
  add_items(out);
  add_incidents(out);
  out["onsite_done"] =
      always(Variants{{"", Json{{"items_registered", true}}}, {"not registered", Json{{"items_registered", false}}}});
  out["onsite_progress"] = always(Json{{"progress", "arrived"}});
  out["submit_report"] = always(Json{{"work", document("report")}});
  out["approve_report"] = always(Variants{{"", Json{{"read", true}}}, {"not read", Json{{"read", false}}}});
  const Json seen{{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}};
  out["review_log"] = always(Variants{{"", seen}, {"nothing seen", Json{{"finding", "nothing_unusual"}}}});
  Variants answers;
  for (const char* row : {"F58", "F59", "F83"})
    answers.push_back({row, Json{{"about", row}, {"answer", document("answer")}}});
  out["answer_nonconformity"] = always(answers);
  out["submit_safety_report"] = always(Json{{"authority", "regulator"}, {"report", document("safety")}});
}

}  // namespace kintsugi::explore
