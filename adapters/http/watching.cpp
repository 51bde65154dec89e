#include "adapters/http/limits.h"
#include "adapters/http/routes.h"
#include "engine/run/queries.h"

#include <charconv>

// Server-sent events (WHATWG HTML 9.2): every change of a case that the reader may see.
namespace kintsugi::http {
namespace {

std::optional<std::int64_t> position_in(const std::string& text) {
  std::int64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || out < 0) return std::nullopt;
  return out;
}

std::string message(const char* event, std::int64_t position, const Json& data) {
  return "id: " + std::to_string(position) + "\nevent: " + event + "\ndata: " + data.dump() + "\n\n";
}

Json to_json(const Change& change) {
  return {{"position", change.position},
          {"case_id", change.case_id.text()},
          {"number", change.number},
          {"tenant", change.matter.tenant.text()},
          {"event", change.event},
          {"from", change.from},
          {"state", change.state},
          {"version", change.version},
          {"at", change.at}};
}

// One reader's stream, from his last event on. It lives in the thread of his connection.
class Stream {
 public:
  Stream(const Desk& desk, Actor actor, CaseId about, std::int64_t position, std::unique_ptr<Feed::Seat> seat)
      : desk_(desk),
        actor_(std::move(actor)),
        about_(std::move(about)),
        position_(position),
        seat_(std::move(seat)) {}

  // False: it is over. What cannot be written to a reader who is too slow ends it as well; he comes back and goes on.
  bool step(const Exchange::Write& write) {
    if (!begun_) return begin(write);
    if (!desk_.feed->wait(position_, stream_look)) return false;
    // A stream that is only left open is no use of the sign-in: it ends when that has been idle for too long.
    if (!desk_.accounts.still_holds(actor_))
      return write(message("end", position_, {{"reason", "signed_out"}})), false;
    const auto heard = desk_.feed->after(position_);
    if (!heard) return true;  // the store is away: nothing is lost, it looks again
    std::string text;
    const auto directory = desk_.conductor.directory();
    const Instant now = desk_.clock.now();
    for (const auto& change : heard->changes)
      if (is_for_him(*directory, *change, now)) text += message("case", change->position, to_json(*change));
    position_ = heard->upto;
    if (text.empty() && now - last_ < beat_every) return true;
    last_ = now;
    // The place he has reached, also when nothing on the way was for him; without data it is no event.
    return write(text + ": alive\nid: " + std::to_string(position_) + "\n\n");
  }

 private:
  bool begin(const Exchange::Write& write) {
    begun_ = true;
    last_ = desk_.clock.now();
    std::string text = "retry: " + std::to_string(std::chrono::milliseconds(stream_retry).count()) + "\n";
    const auto end = desk_.feed->end();
    if (!end) return write("retry: 2000\n\n"), false;
    const bool known = position_ <= *end;
    if (position_ < 0) {
      position_ = *end;
      text += "id: " + std::to_string(position_) + "\n\n";
    } else if (!known || *end - position_ > resume_rows_max) {
      position_ = *end;
      text += message("reset", position_, {{"reason", known ? "too_old" : "unknown"}});
    } else {
      text += "\n";
    }
    return write(text);
  }

  bool is_for_him(const Directory& directory, const Change& change, Instant now) const {
    if (!about_.empty() && change.case_id != about_) return false;
    return may(directory, actor_, Act::read_case, change.matter, now).granted;
  }

  const Desk& desk_;
  const Actor actor_;
  const CaseId about_;  // empty: all
  std::int64_t position_;
  std::unique_ptr<Feed::Seat> seat_;
  Instant last_{};
  bool begun_ = false;
};

// From where on he wants to hear; -1: from now on. False when he said it wrongly, and that is answered.
bool resume_point(Exchange& exchange, std::int64_t& out) {
  out = -1;
  const std::string last = exchange.header("Last-Event-ID");
  const std::string after = last.empty() ? exchange.parameter("after") : last;
  if (after.empty()) return true;
  const auto position = position_in(after);
  if (position) {
    out = *position;
  } else if (last.empty()) {
    exchange.problem(Problem{.name = "invalid", .errors = {{"after", "must be the id of an event"}}});
  } else {
    exchange.problem(
        Problem{.name = "malformed_header", .errors = {{"Last-Event-ID", "the id of an event, as it came"}}});
  }
  return position.has_value();
}

}  // namespace

void watch(Exchange& exchange) {
  std::int64_t position = -1;
  if (!resume_point(exchange, position)) return;
  const Desk& desk = exchange.desk;
  const CaseId about{exchange.parameter("case_id")};
  if (!about.empty())
    if (const auto file =
            Queries(desk.conductor, desk.store, desk.workflow, desk.clock).file_of(exchange.actor, about);
        !file)
      return exchange.problem(file.error());
  auto [seat, full] = desk.feed->sit(exchange.actor.person);
  if (!seat)
    return exchange.problem(Problem{.name = full == Feed::Full::person ? "too_many_streams" : "streams_full",
                                    .retry_after = std::chrono::seconds(2 * beat_every)});
  const auto stream = std::make_shared<Stream>(desk, exchange.actor, about, position, std::move(seat));
  exchange.set("X-Accel-Buffering", "no");  // a proxy in between hands it on as it comes
  exchange.stream("text/event-stream", [stream](const Exchange::Write& write) { return stream->step(write); });
}

}  // namespace kintsugi::http
