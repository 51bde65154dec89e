#pragma once

#include "engine/base/fields.h"
#include "engine/domain/ids.h"

#include <array>

// Bodies that are read with fields(). `needed` names the members that must be there.
namespace kintsugi::http {

struct SignInBody {
  static constexpr auto needed = std::to_array<std::string_view>({"mail", "password", "code"});
  std::string mail;
  std::string password;
  std::string code;
  static constexpr auto fields() {
    return std::tuple{field("mail", &SignInBody::mail), field("password", &SignInBody::password),
                      field("code", &SignInBody::code)};
  }
};

struct StepUpBody {
  static constexpr auto needed = std::to_array<std::string_view>({"password", "code", "case_id", "event"});
  std::string password;
  std::string code;
  CaseId case_id;
  std::string event;
  Digest request_hash{};
  static constexpr auto fields() {
    return std::tuple{field("password", &StepUpBody::password), field("code", &StepUpBody::code),
                      field("case_id", &StepUpBody::case_id), field("event", &StepUpBody::event),
                      field("request_hash", &StepUpBody::request_hash)};
  }
};

struct InvitationBody {
  static constexpr auto needed = std::to_array<std::string_view>({"mail", "one_time_code", "password"});
  std::string mail;
  std::string one_time_code;
  std::string password;
  static constexpr auto fields() {
    return std::tuple{field("mail", &InvitationBody::mail), field("one_time_code", &InvitationBody::one_time_code),
                      field("password", &InvitationBody::password)};
  }
};

}  // namespace kintsugi::http
