#pragma once

#include "engine/base/fields.h"
#include "engine/domain/announcement.h"
#include "engine/domain/directory.h"
#include "engine/domain/ids.h"

#include <array>

// Bodies that are read with fields(). `needed` names the members that must be there.
namespace kintsugi::http {

struct SignInBody {
  static constexpr auto needed = std::to_array<std::string_view>({"mail", "password", "code"});
  std::string mail;
  std::string password;
  std::string code;        // of the generator, or a recovery code
  std::string client_key;  // of a client in which this person has signed in before
  bool remember = false;   // make it one
  static constexpr auto fields() {
    return std::tuple{field("mail", &SignInBody::mail), field("password", &SignInBody::password),
                      field("code", &SignInBody::code), field("client_key", &SignInBody::client_key),
                      field("remember", &SignInBody::remember)};
  }
};

// What somebody proves himself with once more.
struct ProofBody {
  static constexpr auto needed = std::to_array<std::string_view>({"password", "code"});
  std::string password;
  std::string code;
  static constexpr auto fields() {
    return std::tuple{field("password", &ProofBody::password), field("code", &ProofBody::code)};
  }
};

struct CodeBody {
  static constexpr auto needed = std::to_array<std::string_view>({"code"});
  std::string code;
  static constexpr auto fields() { return std::tuple{field("code", &CodeBody::code)}; }
};

inline constexpr int overlap_hours_default = 24;

struct TokenBody {
  int overlap_hours = overlap_hours_default;
  static constexpr auto fields() { return std::tuple{field("overlap_hours", &TokenBody::overlap_hours)}; }
};

struct CertificateBody {
  static constexpr auto needed = std::to_array<std::string_view>({"certificate"});
  std::string certificate;       // PEM
  std::string bound_by = "key";  // or subject
  Instant until{};               // by subject: the end of the binding
  int overlap_hours = overlap_hours_default;
  static constexpr auto fields() {
    return std::tuple{field("certificate", &CertificateBody::certificate),
                      field("bound_by", &CertificateBody::bound_by), field("until", &CertificateBody::until),
                      field("overlap_hours", &CertificateBody::overlap_hours)};
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

struct WebhookBody {
  static constexpr auto needed = std::to_array<std::string_view>({"owner", "url"});
  OrganisationId owner;
  std::string url;
  std::vector<CaseChange> changes;  // empty: every one
  bool enabled = true;
  static constexpr auto fields() {
    return std::tuple{field("owner", &WebhookBody::owner), field("url", &WebhookBody::url),
                      field("changes", &WebhookBody::changes), field("enabled", &WebhookBody::enabled)};
  }
};

struct IntegrationBody {
  static constexpr auto needed = std::to_array<std::string_view>({"name"});
  OrganisationId tenant;  // empty: the hospital one works for
  Text name;
  std::string device_label = Integration{}.device_label;
  std::string serial_label = Integration{}.serial_label;
  std::string code_label = Integration{}.code_label;
  std::string severity_label = Integration{}.severity_label;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &IntegrationBody::tenant),
                      field("name", &IntegrationBody::name),
                      field("device_label", &IntegrationBody::device_label),
                      field("serial_label", &IntegrationBody::serial_label),
                      field("code_label", &IntegrationBody::code_label),
                      field("severity_label", &IntegrationBody::severity_label)};
  }
};

struct RotateBody {
  int overlap_hours = 24;
  static constexpr auto fields() { return std::tuple{field("overlap_hours", &RotateBody::overlap_hours)}; }
};

// What became of an alert that another system reported.
enum class NoticeTaken {
  opened,   // a new case; an unknown device's stands in the manual queue (F02)
  counted,  // an open case had it already
  noted,    // the device is normal again: a note, which closes nothing
  ignored,  // it resolves what nobody has open
  refused,  // no rule lets it in
  later,    // not now
};
constexpr auto names_of(NoticeTaken) {
  using enum NoticeTaken;
  return names<NoticeTaken>({{opened, "opened"},
                             {counted, "counted"},
                             {noted, "noted"},
                             {ignored, "ignored"},
                             {refused, "refused"},
                             {later, "later"}});
}

}  // namespace kintsugi::http
