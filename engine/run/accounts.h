#pragma once

#include "engine/run/conductor.h"

#include <memory>
#include <string>

namespace kintsugi {

// How people and machines prove who they are. Passwords are argon2id, codes TOTP (RFC 6238, one use per time step),
// tokens 256 random bits of which only the digest is stored. All comparisons are constant-time, and an unknown
// person costs as long as a wrong password. Sign-ins, their ends, locks and every new credential are recorded in the
// log of the hospital concerned, or in the system log. Any thread.
class Accounts {
 public:
  // What hashes a password is a port, because argon2id is a library's work (libsodium) and slow on purpose.
  class Hasher {
   public:
    virtual ~Hasher() = default;
    virtual std::string hash(std::string_view password) = 0;
    virtual bool verify(const std::string& stored, std::string_view password) = 0;
    virtual bool code_matches(const std::string& secret, std::string_view code, Instant at,
                              std::int64_t& counter) = 0;
    virtual Bytes seal(BytesView secret) = 0;  // under the server's key, for TOTP secrets
    virtual Result<Bytes> open(BytesView sealed) = 0;
  };

  Accounts(Conductor& conductor, Store& store, Hasher& hasher, const Clock& clock, Entropy& entropy);
  ~Accounts();

  struct Signed {
    std::string token;  // shown once
    Actor actor;
    Instant expires{};
  };
  // Refused with one and the same text whether the person is unknown, the password wrong or the account locked for
  // a while. `mail` names the person; a code is demanded when a TOTP secret is enrolled.
  Result<Signed> sign_in(const std::string& mail, std::string_view password, std::string_view code,
                         const std::string& address);
  Result<> sign_out(std::string_view token);
  // The actor behind a bearer token: a person's sign-in, a device's or an access point's token.
  Result<Actor> actor_of(std::string_view token, const std::string& address);

  // A single-use token for one act, good for 120 s; password and code are asked again.
  Result<std::string> step_up(const Actor& actor, std::string_view password, std::string_view code,
                              const CaseId& case_id, const std::string& event, const Digest& request_hash);

  Result<> set_password(const PersonId& person, std::string_view password);
  // Returns the otpauth:// URI for the QR code.
  Result<std::string> enrol_code(const PersonId& person);
  // A new token for a device or an access point; the old one stays good until `overlap` has passed.
  Result<std::string> new_token(CredentialKind kind, const std::string& owner, Duration overlap = 0s);
  // A one-time code with which a new person sets his first password; good for 72 h.
  Result<std::string> invite(const PersonId& person);
  Result<> accept_invitation(const std::string& mail, std::string_view one_time_code, std::string_view password);

 private:
  Conductor& conductor_;
  Store& store_;
  Hasher& hasher_;
  const Clock& clock_;
  Entropy& entropy_;
  class Attempts;  // failures by address, in memory
  std::unique_ptr<Attempts> attempts_;
  std::string nobodys_hash_;  // what a password is compared with when there is no such person

  // Into the log of the hospital that employs him, or the system log for everybody else.
  Result<> record(const std::string& name, const PersonId& about, const Actor& by, std::map<std::string, Json> x);
  Result<> record_credential(CredentialKind kind, const std::string& owner);
  std::string new_secret();
  Result<> prove(const PersonId& person, std::string_view password, std::string_view code, bool& with_code);
  Result<> put(const Credential& credential);
};

}  // namespace kintsugi
