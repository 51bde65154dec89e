#pragma once

#include "engine/accounts/attempts.h"
#include "engine/accounts/limits.h"
#include "engine/accounts/uses.h"
#include "engine/run/conductor.h"

#include <string>
#include <vector>

namespace kintsugi {

// A client's certificate, as far as anybody here asks about it. It has been verified against the authority already.
struct ClientCertificate {
  Digest key{};         // SHA-256 of its SubjectPublicKeyInfo
  std::string subject;  // RFC 2253; two certificates of one subject have the same text
  Instant expires{};
};

// Who acts at the machine itself, in the installation's directory: it is his already.
Actor operator_actor();

// How people and machines prove who they are. Passwords are argon2id, codes TOTP (RFC 6238, one use per time step),
// tokens and recovery codes random, with only their digest stored; machines may show certificates instead. All
// comparisons are constant-time, an unknown person costs as long as a wrong password, and every refusal reads the
// same. Sign-ins, their ends, locks and every change of a credential are recorded in the log of the hospital
// concerned, or in the system log; `by` is who did it. Limits are in limits.h, who must wait in attempts.h. Any
// thread.
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

  // ---- sign-ins -------------------------------------------------------------------------------------------------

  // From where somebody knocks.
  struct Client {
    std::string address;
    std::string name;       // what it calls itself: shown to the person, believed by nobody
    std::string key;        // of a known client, from an earlier sign-in
    bool remember = false;  // give it a key
  };
  struct Signed {
    std::string token;  // shown once
    Actor actor;
    Instant expires{};
    std::string client_key;       // shown once; empty unless it was asked for and a code was given
    int recovery_codes_left = 0;  // with none, a lost generator needs an administrator
  };
  // `code` is of the generator, or a recovery code; one is demanded once a secret waits or holds, and the first code
  // of a secret that waits confirms it.
  Result<Signed> sign_in(const std::string& mail, std::string_view password, std::string_view code,
                         const Client& client);
  Result<> sign_out(std::string_view token);
  // The actor behind a bearer token: a person's sign-in, a device's or an access point's token.
  Result<Actor> actor_of(std::string_view token, const std::string& address);
  // The device or access point to which this certificate is bound.
  Result<Actor> actor_of(const ClientCertificate& certificate, const std::string& address);
  // For what lasts longer than a request (an event stream): does what he came in with still hold? Cheap; ask it every
  // few seconds. It is no use of it.
  bool still_holds(const Actor& actor);

  // Newest first, with their last uses; ended ones too, as far as they are kept.
  Result<std::vector<SignIn>> sign_ins_of(const PersonId& person);
  bool is_live(const SignIn& sign_in) const;
  // NotFound when it is not his. Ending what has ended is no mistake.
  Result<> end_sign_in(const PersonId& person, const SignInId& id, const Actor& by);
  // All but one, at once. An administrator's ending (`lost`) also forgets the person's known clients: one of them may
  // be in other hands.
  Result<> end_sign_ins(const PersonId& person, const SignInId& spared, bool lost, const Actor& by);

  // A single-use token for one act, good for 120 s; password and code are asked again.
  Result<std::string> step_up(const Actor& actor, std::string_view password, std::string_view code,
                              const CaseId& case_id, const std::string& event, const Digest& request_hash);
  // The same proof for something that is no event.
  Result<> prove_again(const Actor& actor, std::string_view password, std::string_view code);

  // ---- what people prove themselves with ------------------------------------------------------------------------

  Result<> set_password(const PersonId& person, std::string_view password, const Actor& by = operator_actor());
  // A new secret; returns its otpauth:// URI for the QR code. It holds from its first code on; until then the one
  // before does, if there is one.
  Result<std::string> enrol_code(const PersonId& person, const Actor& by = operator_actor());
  // Refused when nothing waits or the code is not of it.
  Result<> confirm_code(const Actor& person, std::string_view code);
  // New ones, each good once in place of a code; shown once. The old ones end.
  Result<std::vector<std::string>> new_recovery_codes(const PersonId& person, const Actor& by);
  // A one-time code with which somebody sets his password and gets a new secret: a new person, or one who has lost
  // both. Good for 72 h.
  Result<std::string> invite(const PersonId& person, const Actor& by = operator_actor());
  // Spends it: sets the password, ends all sign-ins, secrets and recovery codes from before, and returns the URI of
  // the new secret.
  Result<std::string> accept_invitation(const std::string& mail, std::string_view one_time_code,
                                        std::string_view password);
  // He is out, all in one commit: left in the masters, no sign-in, no step-up, no credential, and every grant that
  // lets him in is revoked (RA34). How many that were.
  Result<int> leave(const PersonId& person, const Actor& by);
  // His part of it without the masters, for whoever changes those: into the commit of the change.
  Result<> see_out(Batch& batch, const PersonId& person);

  // ---- what machines prove themselves with ----------------------------------------------------------------------

  // A new token for a device, an access point or an integration. All older ones of it stay good until `overlap` has
  // passed, no longer.
  Result<std::string> new_token(CredentialKind kind, const std::string& owner, Duration overlap = 0s,
                                const Actor& by = operator_actor());
  // The integration whose token this is: good for reporting faults and for nothing else. Refused when it is nobody's,
  // over, or of an integration that has been retired.
  Result<Integration> integration_of(std::string_view token);
  // Binds a certificate to a device or an access point, by its key or (for authorities that renew certificates under
  // one name) by its subject until `until`. Older ones of the owner as with tokens. Conflict if it is another's.
  Result<> bind_certificate(const std::string& owner, const ClientCertificate& certificate, bool by_subject,
                            Instant until, Duration overlap, const Actor& by);
  // Tokens and certificates of one of them, newest first, ended ones too.
  Result<std::vector<Credential>> machine_credentials(const std::string& owner);
  // One of them, by its mark. NotFound when it is not there.
  Result<> end_credential(const std::string& owner, std::string_view mark, const Actor& by);
  static std::string mark_of(const Credential& credential);
  static bool is_live(const Credential& credential, Instant now);

 private:
  struct Proof {
    bool right = false;
    bool with_code = false;
  };
  Result<Proof> prove(const PersonId& person, std::string_view password, std::string_view code, bool familiar);
  Result<Proof> prove_at(const Attempts::Knock& knock, const PersonId& person, std::string_view password,
                         std::string_view code);
  Result<std::optional<Credential>> second_factor_of(const PersonId& person);
  Result<> spend_code(Batch& batch, const Credential& secret, std::int64_t counter, bool& right);
  Result<> count_code(const Credential& secret, const PersonId& person);
  Attempts::Knock knock_of(const PersonId& person, const std::string& mail, const Client& client);

  Result<Actor> person_behind(const SignIn& row, const Digest& digest, const std::string& address);
  Result<Actor> machine_behind(const Credential& credential, const char* auth, const std::string& address);
  void note_use(const Digest& secret);

  // Into the log of the hospital that employs him, or the system log for everybody else.
  Result<> record(const std::string& name, const PersonId& about, const Actor& by, std::map<std::string, Json> x);
  Result<> record_credential(CredentialKind kind, const std::string& owner, const Actor& by);
  std::string new_secret();
  Credential new_totp(const PersonId& person, std::string& uri);
  Result<> end_all(Batch& batch, CredentialKind kind, const std::string& owner, Instant now);
  Result<> shorten(Batch& batch, CredentialKind kind, const std::string& owner, Instant until);

  Conductor& conductor_;
  Store& store_;
  Hasher& hasher_;
  const Clock& clock_;
  Entropy& entropy_;
  Attempts attempts_;
  Uses uses_;
  const std::string nobodys_hash_;  // what a password is compared with when there is no such person
};

}  // namespace kintsugi
