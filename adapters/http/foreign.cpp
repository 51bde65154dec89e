#include "adapters/http/foreign.h"

#include "engine/base/ascii.h"
#include "engine/base/digest.h"
#include "engine/base/width.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

constexpr int cases_looked_through_max = 5'000;
constexpr int page = 500;

// Which device a notice is about, if it is one that this reporter may speak for.
const Device* device_of(const Directory& directory, const Reporter& reporter, const ForeignNotice& notice) {
  const Device* named = nullptr;
  if (!notice.device.empty()) named = directory.device(DeviceId{notice.device});
  if (named == nullptr && !notice.serial.empty())
    named = directory.device_by_serial(reporter.hospital(), fold_width(notice.serial));
  if (!reporter.integration) {
    const Device* self = directory.device(DeviceId{reporter.actor.id});
    const bool names_nobody = notice.device.empty() && notice.serial.empty();
    return names_nobody || named == self ? self : nullptr;
  }
  return named != nullptr && named->tenant == reporter.hospital() ? named : nullptr;
}

// The open case of this hospital that this key opened.
Result<std::optional<CaseBrief>> open_case_of(Store& store, const OrganisationId& hospital, const DeviceId& device,
                                              const ForeignNotice& notice) {
  CaseFilter filter;
  filter.tenant = hospital;
  filter.device = device;
  filter.open = true;
  filter.limit = page;
  for (int looked = 0; looked < cases_looked_through_max; looked += page) {
    const auto some = store.list_cases(filter);
    if (!some) return pass(some);
    for (const CaseBrief& one : *some)
      if (one.dedup_key == notice.dedup_key || (!device.empty() && one.fault_code == notice.code)) return one;
    if (std::cmp_less(some->size(), page)) break;
    filter.after = some->back().id;
  }
  return std::nullopt;
}

Json payload_of(const ForeignNotice& notice) {
  Json out = {{"action", notice.resolve ? "resolve" : "trigger"},
              {"dedup_key", notice.dedup_key},
              {"code", notice.code},
              {"channel", name_of(Channel::http)}};
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) out[name] = text;
  };
  put("severity", notice.severity);
  put("occurred_at", notice.occurred_at);
  put("details", notice.details);
  return out;
}

TakenNotice taken(const Outcome& outcome, bool resolve) {
  using enum TakenNotice::What;
  const CaseId& about = outcome.opened.empty() ? outcome.case_id : outcome.opened;
  switch (outcome.kind) {
    case Outcome::Kind::moved: {
      const bool is_new = !outcome.opened.empty() || outcome.from.empty();
      return {resolve ? noted : is_new ? opened : counted, about};
    }
    case Outcome::Kind::reused: return {counted, about};  // the same occurrence in other words
    case Outcome::Kind::transient: return {later, {}};
    default: return {refused, {}};
  }
}

}  // namespace

Result<Reporter> reporter_of(const Exchange& exchange, std::string_view token) {
  const Desk& desk = exchange.desk;
  auto actor = desk.accounts.actor_of(token, exchange.address);
  if (actor) {
    if (actor->kind != Role::device) return fail(Errc::Refused, "this token reports no faults");
    return Reporter{std::move(*actor), std::nullopt};
  }
  if (actor.error().code != Errc::Refused) return pass(actor);
  auto integration = desk.accounts.integration_of(token);
  if (!integration) return pass(integration);
  Actor self{.id = integration->id.text(),
             .kind = Role::sys,
             .person = {},
             .org = integration->tenant,
             .auth = "token",
             .sign_in = to_hex(sha256(token)),
             .address = exchange.address};
  return Reporter{std::move(self), std::move(*integration)};
}

std::vector<TakenNotice> take(Exchange& exchange, const Reporter& reporter,
                              const std::vector<ForeignNotice>& notices) {
  using enum TakenNotice::What;
  const auto directory = exchange.desk.conductor.directory();
  std::vector<TakenNotice> out(notices.size());
  std::vector<Submission> submissions;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < notices.size(); ++i) {
    const ForeignNotice& notice = notices[i];
    const Device* device = device_of(*directory, reporter, notice);
    const auto open =
        open_case_of(exchange.desk.store, reporter.hospital(), device == nullptr ? DeviceId{} : device->id, notice);
    if (!open) continue;  // later
    if (notice.resolve && !*open) {
      out[i] = {ignored, {}};
      continue;
    }
    Submission one;
    one.actor = reporter.actor;
    one.payload = payload_of(notice);
    if (device != nullptr) {
      // The device reports; the mark of the sign-in tells through whose token.
      one.actor.id = device->id.text();
      one.actor.kind = Role::device;
      one.actor.org = device->tenant;
      one.payload["device"] = device->id.text();
      one.event = "fault";
    } else {
      one.actor.kind = Role::sys;
      if (!notice.serial.empty()) one.payload["serial"] = cut_utf8(notice.serial, 64);
      one.event = notice.resolve ? "device_normal" : *open ? "notify_duplicate" : "notify_unknown";
      if (*open) one.case_id = (*open)->id;
    }
    // Without an occurrence two messages with one key may well be two faults.
    if (!notice.episode.empty())
      one.key =
          IdempotencyKey{.owner = reporter.actor.id,
                         .route = "compat/" + one.event,
                         .key = notice.dedup_key + (notice.resolve ? "/resolve/" : "/trigger/") + notice.episode};
    submissions.push_back(std::move(one));
    places.push_back(i);
  }
  const auto outcomes = exchange.desk.conductor.submit_all(std::move(submissions));
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    out[places[i]] = taken(outcomes[i], notices[places[i]].resolve);
  return out;
}

std::string as_code(std::string_view text, std::size_t most) {
  constexpr std::size_t mark_bytes = 8;
  std::string out = fold_width(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '_' || c == ':' || c == '-';
    return fits ? c : '_';
  });
  // What would look alike afterwards keeps what tells it apart.
  if (out != text || out.size() > most) {
    const std::string mark = "-" + to_hex(BytesView(sha256(text)).first(mark_bytes));
    out = out.substr(0, most - mark.size()) + mark;
  }
  return out;
}

std::string cut_utf8(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  text.resize(end);
  return text;
}

std::string severity_in(std::string_view word) {
  const std::string known = lower(word);
  const auto is = [&](std::initializer_list<std::string_view> list) { return std::ranges::count(list, known) > 0; };
  if (is({"critical", "fatal", "emergency", "disaster", "page"})) return "critical";
  if (is({"error", "high", "major", "severe", "alert"})) return "error";
  if (is({"warning", "warn", "minor", "medium", "average"})) return "warning";
  if (is({"info", "information", "informational", "notice", "low", "none", "debug"})) return "info";
  return {};
}

}  // namespace kintsugi::http
