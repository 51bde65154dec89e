#include "programs/cli/client/problem.h"

#include "programs/cli/client/reading.h"

namespace kintsugi::cli {
namespace {

std::string places_text(const Json& problem) {
  std::string out;
  for (const Json& one : list_of(problem, "errors")) {
    const std::string pointer = text_of(one, "pointer");
    out += "  " + (pointer.empty() ? std::string() : pointer + ": ") + text_of(one, "detail") + "\n";
  }
  return out;
}

// The detail of these says where in the answer to look, or the same as the check.
bool only_points_to_what_is_listed(const Reply& reply) {
  const std::string code = reply.code();
  return code == "invalid" || code == "blocked" || code == "masters_blocked" || code == "illegal_transition";
}

// What a person does next about it; empty when the problem itself says it.
std::string advice(const Reply& reply, const About& about, const Tongue& tongue) {
  const std::string code = reply.code();
  if (code == "unauthenticated") return tongue("problem.sign_in");
  if (code == "step_up_missing") return tongue("problem.step_up");
  if (reply.status == 412 || code == "hash_differs") return tongue("problem.look", about.case_ref);
  if (reply.status == 422 && !about.event.empty()) return tongue("problem.form", about.event);
  if (reply.retry_after_s > 0) return tongue("problem.wait", reply.retry_after_s);
  const auto later = reply.json.find("retryable");
  return later != reply.json.end() && *later == Json(true) ? tongue("problem.later") : std::string();
}

}  // namespace

Exit exit_of(const Reply& reply) {
  switch (reply.status) {
    case 0:
      if (reply.missing == Reply::Missing::utf8) return usage;
      return reply.missing == Reply::Missing::certificate ? denied : unavailable;
    case 400:
    case 405:
    case 413:
    case 415:
    case 422: return usage;
    case 401:
    case 403: return denied;
    case 404:
    case 410: return not_found;
    case 409:
    case 412:
    case 428: return conflict;
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return unavailable;
    default: return reply.good() ? ok : failed;
  }
}

std::string roles_text(const Json& roles) {
  std::string out;
  for (const Json& role : roles)
    out += (out.empty() ? "" : ", ") + text_of(role, "label") + " (" + text_of(role, "role") + ")";
  return out;
}

std::string checks_text(const Json& checks, std::size_t indent, const Tongue& tongue, const Paint& paint) {
  const std::string margin(indent, ' ');
  std::string out;
  for (const Json& one : checks) {
    out += margin + "- " + text_of(one, "text") + paint.faint(" (" + text_of(one, "name") + ")") + "\n";
    if (const std::string who = roles_text(list_of(one, "lifted_by")); !who.empty())
      out += margin + "  " + tongue("problem.lift", who) + "\n";
    if (const std::string since = text_of(one, "since"); !since.empty())
      out += margin + "  " + tongue("problem.since", to_the_second(since)) + "\n";
  }
  return out;
}

std::string to_text(const Reply& reply, const About& about, const Tongue& tongue, const Paint& paint) {
  if (reply.missing == Reply::Missing::certificate) return tongue("server.certificate", about.server) + "\n";
  if (reply.missing == Reply::Missing::utf8) return tongue("server.no_utf8") + "\n";
  if (reply.missing == Reply::Missing::answer) return tongue("server.silent", about.server) + "\n";
  if (reply.code().empty()) return tongue("server.strange", about.server, reply.status) + "\n";
  std::string out = paint.bad(text_of(reply.json, "title")) + paint.faint(" (" + reply.code() + ")") + "\n";
  const std::string listed = places_text(reply.json) + checks_text(list_of(reply.json, "failed"), 2, tongue, paint);
  if (!only_points_to_what_is_listed(reply) || listed.empty()) out += "  " + text_of(reply.json, "detail") + "\n";
  out += listed;
  if (const std::string next = advice(reply, about, tongue); !next.empty()) out += "  " + next + "\n";
  return out;
}

}  // namespace kintsugi::cli
