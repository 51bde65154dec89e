#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"

// What devices and access points prove themselves with.
namespace kintsugi::http::described {
namespace {

struct Kind {
  std::string name;    // in operation ids
  std::string prefix;  // of its ids
  Text what;
};
const Kind device{"device", "device", {"装置", "device"}};
const Kind point{"access_point", "ap", {"アクセスポイント", "access point"}};
const Kind integration{"integration", "integration", {"連携システム", "integration"}};

Parameter machine_in_path(const Kind& kind) {
  return {.name = kind.name + "_id",
          .text = {kind.what.ja + "の id", "Id of the " + kind.what.en},
          .schema = id(kind.prefix)};
}

Description credentials(const Kind& kind) {
  return {.id = "list_" + kind.name + "_credentials",
          .tag = "machines",
          .summary = {kind.what.ja + "のトークンと証明書", "Tokens and certificates of the " + kind.what.en},
          .answers = {{200,
                       {"新しい順。終わったものも", "Newest first, ended ones too"},
                       object({has("id", id(kind.prefix)), has("credentials", list_of(ref("MachineCredential"))),
                               may_have("next_page_token", text())}),
                       {"Link"}}},
          .path = {machine_in_path(kind)},
          .query = paged({"条件を AND でつないだもの: kind、live", "Terms joined by AND: kind, live"}, {}),
          .problems = {"not_found", "forbidden", "invalid"}};
}

Description end(const Kind& kind) {
  return {.id = "end_" + kind.name + "_credential",
          .tag = "machines",
          .summary = {kind.what.ja + "のトークンか証明書を一つ終わらせる",
                      "End one token or certificate of the " + kind.what.en},
          .answers = {{204, {"次の要求から使えません", "Ended, from the next request on"}, Json()}},
          .path = {machine_in_path(kind),
                   {.name = "mark", .text = {"一覧にある目印", "Its mark in the list"}, .schema = text()}},
          .problems = {"not_found", "forbidden"}};
}

Description token(const Kind& kind) {
  return {.id = "make_" + kind.name + "_token",
          .tag = "machines",
          .summary = {kind.what.ja + "に新しいトークンを出す", "A new token for the " + kind.what.en},
          .answers = {{201,
                       {"表示はこの一度だけ", "Shown this once"},
                       object({has("id", id(kind.prefix)), has("token", text())})}},
          .text = {"古いものはすべて overlap_hours を過ぎると終わります。0 ならすぐに。",
                   "All older ones end after overlap_hours; with 0 at once."},
          .path = {machine_in_path(kind)},
          .body = schema_of<TokenBody>(),
          .problems = {"not_found", "forbidden", "invalid"}};
}

Description certificate(const Kind& kind) {
  return {.id = "bind_" + kind.name + "_certificate",
          .tag = "machines",
          .summary = {kind.what.ja + "にクライアント証明書を結び付ける",
                      "Bind a client certificate to the " + kind.what.en},
          .answers = {{201,
                       {"結び付けました", "Bound"},
                       object({has("id", id(kind.prefix)), has("subject", text()), has("key_sha256", text()),
                               has("expires_at", time())})}},
          .text = {"key: この公開鍵だけ。subject: until まで、同じサブジェクトのすべての証明書。",
                   "key: this public key alone. subject: every certificate of its subject, until `until`."},
          .path = {machine_in_path(kind)},
          .body = schema_of<CertificateBody>(),
          .problems = {"not_found", "forbidden", "invalid"}};
}

}  // namespace

Description list_device_credentials() {
  return credentials(device);
}
Description end_device_credential() {
  return end(device);
}
Description make_device_token() {
  return token(device);
}
Description bind_device_certificate() {
  return certificate(device);
}
Description list_point_credentials() {
  return credentials(point);
}
Description end_point_credential() {
  return end(point);
}
Description make_point_token() {
  return token(point);
}
Description list_integration_credentials() {
  return credentials(integration);
}
Description end_integration_credential() {
  return end(integration);
}
Description make_integration_token() {
  return token(integration);
}
Description bind_point_certificate() {
  return certificate(point);
}

}  // namespace kintsugi::http::described
