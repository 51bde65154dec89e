#include "engine/run/journal.h"

#include "engine/base/digest.h"
#include "engine/base/log.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace kintsugi {
namespace {

class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t done = ::write(descriptor_, text.data(), text.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  off_t size() const { return ::lseek(descriptor_, 0, SEEK_END); }
  void cut(off_t size) const {
    if (size < 0 || ::ftruncate(descriptor_, size) != 0) log::run().error("journal: cannot take back half a line");
  }
  bool sync() const { return ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

tl::unexpected<Error> failed(const std::string& what, const std::string& path) {
  return fail(Errc::Transient, fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

// A new file lasts only when its folder has been synced too.
void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const File opened(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  if (opened.is_open()) std::ignore = opened.sync();
}

Json json_of(const Actor& actor) {
  return {{"id", actor.id},          {"kind", name_of(actor.kind)}, {"person", actor.person.text()},
          {"org", actor.org.text()}, {"auth", actor.auth},          {"sign_in", actor.sign_in},
          {"address", actor.address}};
}

Actor actor_from(const Json& json) {
  Actor out;
  out.id = json.at("id").get<std::string>();
  out.kind = from_name<Role>(json.at("kind").get<std::string>()).value_or(Role::none);
  out.person = PersonId{json.at("person").get<std::string>()};
  out.org = OrganisationId{json.at("org").get<std::string>()};
  out.auth = json.at("auth").get<std::string>();
  out.sign_in = json.at("sign_in").get<std::string>();
  out.address = json.at("address").get<std::string>();
  return out;
}

Json json_of(const Document& document) {
  return {{"id", document.id.text()},
          {"case", document.case_id.text()},
          {"key", name_of(document.key)},
          {"label", document.label},
          {"commitment", to_base64(document.commitment)},
          {"length", document.length},
          {"at", to_text(document.at)},
          {"by", document.by.text()},
          {"ciphertext", to_base64(document.ciphertext)}};
}

Document document_from(const Json& json) {
  Document out;
  out.id = DocumentId{json.at("id").get<std::string>()};
  out.case_id = CaseId{json.at("case").get<std::string>()};
  out.key = from_name<KeyClass>(json.at("key").get<std::string>()).value_or(KeyClass::evidence);
  out.label = json.at("label").get<std::string>();
  std::ignore = read_json(json.at("commitment"), out.commitment);
  out.length = json.at("length").get<std::int64_t>();
  out.at = instant_from(json.at("at").get<std::string>()).value_or(Instant{});
  out.by = PersonId{json.at("by").get<std::string>()};
  out.ciphertext = from_base64(json.at("ciphertext").get<std::string>()).value_or(Bytes{});
  return out;
}

Json json_of(const Prepared& closing) {
  const Submission& wanted = closing.submission;
  Json documents = Json::array();
  for (const Document& one : closing.documents)
    documents.push_back(json_of(one));
  Json out = {{"event", wanted.event},
              {"case", wanted.case_id.text()},
              {"actor", json_of(wanted.actor)},
              {"as", name_of(wanted.as)},
              {"payload", wanted.payload},
              {"timer_about", wanted.timer_about},
              {"timer_round", wanted.timer_round},
              {"timer_due", to_text(wanted.timer_due)},
              {"documents", std::move(documents)},
              {"request", to_base64(closing.request)},
              {"named_request", to_base64(closing.named_request)},
              {"chance", to_base64(closing.chance)},
              {"at", to_text(closing.decided_at)}};
  if (wanted.key)
    out["idempotency"] = {{"owner", wanted.key->owner}, {"route", wanted.key->route}, {"key", wanted.key->key}};
  return out;
}

Prepared closing_from(const Json& json, const Schemas& schemas) {
  Prepared out;
  Submission& wanted = out.submission;
  wanted.event = json.at("event").get<std::string>();
  wanted.case_id = CaseId{json.at("case").get<std::string>()};
  wanted.actor = actor_from(json.at("actor"));
  wanted.as = from_name<Role>(json.at("as").get<std::string>()).value_or(Role::none);
  wanted.payload = json.at("payload");
  wanted.timer_about = json.at("timer_about").get<std::string>();
  wanted.timer_round = json.at("timer_round").get<int>();
  wanted.timer_due = instant_from(json.at("timer_due").get<std::string>()).value_or(Instant{});
  if (const auto key = json.find("idempotency"); key != json.end())
    wanted.key = IdempotencyKey{.owner = key->at("owner").get<std::string>(),
                                .route = key->at("route").get<std::string>(),
                                .key = key->at("key").get<std::string>()};
  for (const Json& one : json.at("documents"))
    out.documents.push_back(document_from(one));
  std::ignore = read_json(json.at("request"), out.request);
  std::ignore = read_json(json.at("named_request"), out.named_request);
  std::ignore = read_json(json.at("chance"), out.chance);
  out.decided_at = instant_from(json.at("at").get<std::string>()).value_or(Instant{});
  out.schema = schemas.of(wanted.event);
  out.sealed = true;
  out.journalled = true;
  return out;
}

}  // namespace

Result<> Journal::append(const Prepared& closing, const std::vector<Effect>& orders,
                         const std::vector<AuditLine>& records) {
  if (path_.empty()) return fail(Errc::Transient, "no journal");
  Json body = {{"closing", json_of(closing)}, {"orders", Json::array()}, {"records", Json::array()}};
  for (const Effect& one : orders)
    body["orders"].push_back(Json::parse(to_json_text(one)));
  for (const AuditLine& one : records)
    body["records"].push_back(one.body);
  const std::string text = body.dump();

  const File file(path_, O_WRONLY | O_CREAT | O_APPEND);
  if (!file.is_open()) return failed("cannot open", path_);
  const off_t before = file.size();
  if (!file.write(to_hex(sha256(text)) + " " + text + "\n") || !file.sync()) {
    // Half a line would make the next one unreadable.
    const auto why = failed("cannot write", path_);
    file.cut(before);
    return why;
  }
  sync_folder_of(path_);
  return {};
}

Result<std::vector<Prepared>> Journal::read(const Schemas& schemas) const {
  std::vector<Prepared> out;
  if (path_.empty() || !std::filesystem::exists(path_)) return out;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return failed("cannot read", path_);

  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const auto space = line.find(' ');
    const std::string text = space == std::string::npos ? std::string() : line.substr(space + 1);
    if (space == std::string::npos || to_hex(sha256(text)) != line.substr(0, space)) {
      if (file.peek() != std::ifstream::traits_type::eof())
        return fail(Errc::Corrupt, fmt::format("{}: a line does not fit its digest", path_));
      log::run().warn("journal={} ends in a torn line, which was never promised", path_);
      break;
    }
    try {
      out.push_back(closing_from(Json::parse(text).at("closing"), schemas));
    } catch (const Json::exception& wrong) {
      return fail(Errc::Corrupt, fmt::format("{}: {}", path_, wrong.what()));
    }
  }
  return out;
}

Result<> Journal::truncate() {
  if (path_.empty() || !std::filesystem::exists(path_)) return {};
  const File file(path_, O_WRONLY | O_TRUNC);
  if (!file.is_open() || !file.sync()) return failed("cannot truncate", path_);
  return {};
}

}  // namespace kintsugi
