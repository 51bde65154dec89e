#include "adapters/http/reading.h"

#include "engine/audit/record.h"
#include "engine/audit/record_schema.h"

namespace kintsugi::http {

Readings::Readings(Conductor& conductor, const Clock& clock, std::string node, std::string log_base, std::string run)
    : conductor_(conductor),
      clock_(clock),
      node_(std::move(node)),
      log_base_(std::move(log_base)),
      run_(std::move(run)) {}

Result<> Readings::record(const Actor& actor, const CaseFile& file, const Document& document) {
  const auto directory = conductor_.directory();
  const Instant now = clock_.now();
  Role as = Role::auditor;
  if (const Person* person = directory->person(actor.person)) {
    auto roles = directory->roles_of(*person, file.tenant, now);
    if (roles.empty()) roles = directory->roles_of(*person, file.rsc, now);
    if (!roles.empty()) as = roles.front();
  }

  audit::Record record;
  record.log = log_base_ + "/hcf/" + file.tenant.text();
  record.event = "document.read";
  record.at = now;
  record.act = audit::act_of(actor, as);
  record.auth = actor.auth;
  if (!actor.sign_in.empty()) record.sign_in = audit::sign_in_mark(actor.sign_in);
  record.case_id = audit::record_id(file.id.text());
  record.objects = {audit::object_of(document)};
  record.x["count"] = 1;

  const std::scoped_lock lock(mutex_);
  std::int64_t& next = next_[record.log];
  record.node = {.id = node_, .run = run_, .n = next};
  AuditLine line;
  line.log = record.log;
  line.body = audit::encode(record);
  line.leaf = audit::leaf_hash(line.body);
  if (auto sound = audit::check_record(line.body, {}); !sound) return sound;
  auto done = conductor_.chore([&](Batch& batch) { return batch.append_audit(line); });
  if (done) ++next;
  return done;
}

}  // namespace kintsugi::http
