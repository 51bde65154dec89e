#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/store.h"

#include <algorithm>
#include <array>

// Lists that people page through: cases and the outbox.
namespace kintsugi::sqlite {
namespace {

// What carries a listing: the index, and the condition that it answers. The other conditions are tested on the rows
// that it finds.
struct Carrier {
  std::string_view index;
  std::string_view condition;
};
enum Carriers : std::size_t {
  by_number,
  open_of_device,
  open_in_order,
  open,
  of_device,
  of_tenant,
  of_rsc,
  all,
  carriers
};
constexpr std::array<Carrier, carriers> carried_by{{
    {"INDEXED BY cases_by_number", "number IN (SELECT value FROM json_each(?8))"},
    {"INDEXED BY cases_open", "device = ?3 AND open = 1"},
    {"INDEXED BY cases_open_in_order", "open = 1"},
    {"INDEXED BY cases_open", "open = 1"},
    {"INDEXED BY cases_by_device", "device = ?3"},
    {"INDEXED BY cases_by_tenant", "tenant = ?1"},
    {"INDEXED BY cases_by_rsc", "rsc = ?2"},
    {"", "1"},
}};

std::size_t carrier_of(const CaseFilter& filter) {
  if (!filter.numbers.empty()) return by_number;
  if (filter.open.value_or(false) && !filter.device.empty()) return open_of_device;
  if (filter.open.value_or(false)) return filter.order == CaseOrder::opened ? open_in_order : open;
  if (!filter.device.empty()) return of_device;
  if (!filter.tenant.empty()) return of_tenant;
  return filter.rsc.empty() ? all : of_rsc;
}

// sort_key_of(), as SQL says it.
std::string_view sort_key(CaseOrder order) {
  switch (order) {
    case CaseOrder::opened: break;
    case CaseOrder::number: return "number";
    case CaseOrder::priority: return "priority";
    case CaseOrder::due: return "iif(next_due IS NULL, '99999999999999999999', printf('%020d', next_due))";
  }
  return {};
}

std::string listing(const Carrier& carrier, CaseOrder order, bool descending) {
  const std::string_view key = sort_key(order);
  const std::string_view beyond = descending ? " < " : " > ";
  const std::string_view direction = descending ? " DESC" : "";
  std::string sql = R"(
      SELECT id, number, tenant, rsc, device, state, version, priority, fault_code, dedup_key, opened_at,
             state_since, open, live_grant, next_due
        FROM cases )";
  sql.append(carrier.index).append(" WHERE ").append(carrier.condition);
  sql += R"(
         AND (?1 = '' OR tenant = ?1) AND (?2 = '' OR rsc = ?2) AND (?3 = '' OR device = ?3)
         AND (?4 IS NULL OR open = ?4)
         AND (?6 = '[]' OR state IN (SELECT value FROM json_each(?6)))
         AND (?7 = '[]' OR priority IN (SELECT value FROM json_each(?7)))
         AND (?8 = '[]' OR number IN (SELECT value FROM json_each(?8)))
         AND opened_at >= ?9 AND (?10 = 0 OR opened_at < ?10))";
  if (key.empty())
    sql.append(" AND ?11 = '' AND id").append(beyond).append("?5 ORDER BY id").append(direction);
  else
    sql.append(" AND (?5 = '' OR (")
        .append(key)
        .append(", id)")
        .append(beyond)
        .append("(?11, ?5)) ORDER BY ")
        .append(key)
        .append(direction)
        .append(", id")
        .append(direction);
  return sql.append(" LIMIT ?12");
}

// Every text is made once and kept: a connection knows its statements by their address.
const std::string& listing_for(const CaseFilter& filter) {
  constexpr std::size_t orders = names_of(CaseOrder{}).size();
  static const auto texts = [] {
    std::array<std::string, carriers * orders * 2> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = listing(carried_by[i / (orders * 2)], names_of(CaseOrder{})[i / 2 % orders].first, i % 2 == 1);
    return out;
  }();
  return texts[(carrier_of(filter) * orders + static_cast<std::size_t>(filter.order)) * 2 +
               (filter.descending ? 1 : 0)];
}

}  // namespace

Result<std::vector<CaseBrief>> Store::list_cases(const CaseFilter& filter) {
  const std::string states = to_json_text(filter.states);
  const std::string priorities = to_json_text(filter.priorities);
  const std::string numbers = to_json_text(filter.numbers);
  // Behind every id, so that the index can begin at its end.
  const bool from_the_end = filter.order == CaseOrder::opened && filter.descending && filter.after.empty();
  const std::string after = from_the_end ? "~" : filter.after.text();
  return reading([&](Connection& db) -> Result<std::vector<CaseBrief>> {
    auto query = db.statement(listing_for(filter));
    if (!query) return pass(query);
    const std::string_view key = filter.order == CaseOrder::opened ? std::string_view() : filter.after_key;
    return rows_of(query->bind(filter.tenant, filter.rsc, filter.device, filter.open, after, states, priorities,
                               numbers, filter.opened_from, filter.opened_before, key, std::max(filter.limit, 0)),
                   brief_in);
  });
}

Result<std::vector<OutboxRow>> Store::outbox(const OutboxFilter& filter) {
  static constexpr std::string_view of_case = R"(
      SELECT body, state, attempts, due, settled_at, sent, last_error, letter, position
        FROM outbox
       WHERE case_id = ?1 AND (?2 IS NULL OR state = ?2) AND (?4 = 0 OR position < ?4)
       ORDER BY position DESC
       LIMIT ?3)";
  static constexpr std::string_view of_all = R"(
      SELECT body, state, attempts, due, settled_at, sent, last_error, letter, position
        FROM outbox
       WHERE ?1 = '' AND (?2 IS NULL OR state = ?2) AND position < ?4
       ORDER BY position DESC
       LIMIT ?3)";
  // The one state that is asked for again and again has an index of its own.
  static constexpr std::string_view given_up = R"(
      SELECT body, state, attempts, due, settled_at, sent, last_error, letter, position
        FROM outbox INDEXED BY outbox_given_up
       WHERE state = 'gave_up' AND ?1 = '' AND ?2 = 'gave_up' AND position < ?4
       ORDER BY position DESC
       LIMIT ?3)";
  return reading([&](Connection& db) -> Result<std::vector<OutboxRow>> {
    if (!filter.id.empty()) {
      auto query = db.statement(outbox_row_by_id);
      if (!query) return pass(query);
      return rows_of(query->bind(filter.id), outbox_row_in);
    }
    const bool of_one = !filter.case_id.empty();
    const bool only_given_up = filter.state == EffectState::gave_up;
    auto query = db.statement(of_one ? of_case : only_given_up ? given_up : of_all);
    if (!query) return pass(query);
    const auto state = filter.state ? std::optional(name_of(*filter.state)) : std::nullopt;
    const std::int64_t before =
        filter.before > 0 || of_one ? filter.before : std::numeric_limits<std::int64_t>::max();
    return rows_of(query->bind(filter.case_id, state, std::max(filter.limit, 0), before), outbox_row_in);
  });
}

}  // namespace kintsugi::sqlite
