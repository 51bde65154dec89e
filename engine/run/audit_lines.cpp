#include "engine/run/audit_lines.h"

namespace kintsugi {
namespace {

std::string kind_of(const Effect& effect) {
  return effect.mail ? "mail" : effect.order ? "order" : effect.destroy_key ? "destroy_key" : "webhook";
}

}  // namespace

AuditLines::AuditLines(const Workflow& workflow, std::string node, std::string log_base, std::string run)
    : workflow_(workflow),
      members_(audit::event_members(workflow)),
      node_(std::move(node)),
      run_(std::move(run)),
      log_base_(std::move(log_base)),
      system_log_(log_base_ + "/system") {}

std::string AuditLines::hospital_log(const OrganisationId& tenant) const {
  return tenant.empty() ? system_log_ : log_base_ + "/hcf/" + tenant.text();
}

audit::Record AuditLines::begin(const std::string& log, const std::string& name, const Actor& actor, Role as,
                                Instant at) {
  audit::Record out;
  out.log = log;
  out.event = name;
  out.at = at;
  out.act = audit::act_of(actor, as);
  if (name == "refused") out.outcome = 8;  // DICOM: serious failure; the act was tried and did not happen
  out.auth = actor.auth;
  if (!actor.sign_in.empty()) out.sign_in = audit::sign_in_mark(actor.sign_in);
  return out;
}

Result<AuditLine> AuditLines::finish(audit::Record& record) {
  std::int64_t& next = next_[record.log];
  record.node = {.id = node_, .run = run_, .n = next};
  AuditLine line{.log = record.log, .body = audit::encode(record), .leaf = {}};
  if (auto sound = audit::check_record(line.body, members_); !sound) return pass(sound);
  line.leaf = audit::leaf_hash(line.body);
  ++next;
  given_.push_back(&next);
  return line;
}

audit::Record AuditLines::of_step(const Event& event, const Decision& decision) {
  const CaseFile& file = decision.next;
  audit::Record out = begin(hospital_log(file.tenant), event.name, event.actor, decision.as, event.at);
  out.case_id = audit::record_id(file.id.text());
  out.step = {.cn = file.version - 1, .from = decision.from, .to = file.state};
  out.outcome = decision.outcome;
  out.workflow = {.id = workflow_.name, .rev = workflow_.digest};
  for (const Document& one : event.documents)
    if (one.case_id == file.id) out.objects.push_back(audit::object_of(one));
  return out;
}

Result<AuditLine> AuditLines::step(const Event& event, const Decision& decision) {
  audit::Record record = of_step(event, decision);
  record.x = decision.x;
  return finish(record);
}

Result<AuditLine> AuditLines::bare_step(const Event& event, const Decision& decision) {
  audit::Record record = of_step(event, decision);
  return finish(record);
}

Result<AuditLine> AuditLines::second(const Event& event, const Decision& decision, const CaseFile& other) {
  const bool opened = other.version == 1;
  audit::Record out =
      begin(hospital_log(other.tenant), opened ? "opened" : "linked", event.actor, decision.as, event.at);
  out.case_id = audit::record_id(other.id.text());
  out.step = {.cn = other.version - 1, .from = opened ? std::string() : other.state, .to = other.state};
  out.workflow = {.id = workflow_.name, .rev = workflow_.digest};
  for (const Link& link : other.links)
    if (link.other == decision.next.id) {
      out.x["link"] = audit::record_id(link.other.text());
      out.x["link_kind"] = std::string(name_of(link.kind));
    }
  for (const Document& one : event.documents)
    if (one.case_id == other.id) out.objects.push_back(audit::object_of(one));
  return finish(out);
}

Result<AuditLine> AuditLines::refused(const std::string& log, const Event& event, const std::string& check,
                                      const CaseId& case_id) {
  audit::Record out = begin(log, "refused", event.actor, event.as, event.at);
  if (!case_id.empty()) out.case_id = audit::record_id(case_id.text());
  out.x.emplace("check", check);
  out.x.emplace("event", event.name);
  return finish(out);
}

Result<AuditLine> AuditLines::of_effect(const char* name, const OutboxRow& row, const Actor& actor, Role as,
                                        Instant at) {
  const Effect& effect = row.effect;
  audit::Record out = begin(hospital_log(effect.tenant), name, actor, as, at);
  out.case_id = audit::record_id(effect.case_id.text());
  out.x["delivery"] = audit::record_id(effect.id.text());
  out.x["effect"] = kind_of(effect);
  out.x["attempt"] = row.attempts;
  return finish(out);
}

Result<AuditLine> AuditLines::gave_up(const OutboxRow& row, Instant at) {
  const Actor engine{
      .id = node_, .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
  return of_effect("effect.gave_up", row, engine, Role::sys, at);
}

Result<AuditLine> AuditLines::redriven(const OutboxRow& row, const Actor& actor, Role as, Instant at) {
  return of_effect("effect.redriven", row, actor, as, at);
}

Result<AuditLine> AuditLines::own(const std::string& log, const std::string& name, const Actor& actor, Role as,
                                  Instant at, std::map<std::string, Json> x, const About& about) {
  audit::Record out = begin(log, name, actor, as, at);
  out.x = std::move(x);
  if (!about.case_id.empty()) out.case_id = audit::record_id(about.case_id.text());
  if (about.document != nullptr) out.objects.push_back(audit::object_of(*about.document));
  return finish(out);
}

void AuditLines::give_back(Mark since) {
  for (; given_.size() > since; given_.pop_back())
    --*given_.back();
}

}  // namespace kintsugi
