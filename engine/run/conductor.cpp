#include "engine/run/conductor.h"

#include "engine/run/writer.h"

namespace kintsugi {

Conductor::Conductor(Parts parts) : writer_(std::make_unique<Writer>(std::move(parts))) {}
Conductor::~Conductor() = default;

Result<> Conductor::open() {
  return writer_->open();
}

Outcome Conductor::submit(Submission submission) {
  std::vector<Submission> one;
  one.push_back(std::move(submission));
  return std::move(writer_->submit(std::move(one)).front());
}

std::vector<Outcome> Conductor::submit_all(std::vector<Submission> submissions) {
  return writer_->submit(std::move(submissions));
}

Result<> Conductor::chore(std::function<Result<>(Batch&)> work, Lasts lasts) {
  return writer_->chore(std::move(work), false, lasts);
}

Result<> Conductor::record(const std::string& name, const OrganisationId& tenant, const Actor& actor, Role as,
                           std::map<std::string, Json> x, const About& about) {
  return writer_->record(name, tenant, actor, as, std::move(x), about);
}

Result<> Conductor::settle(Batch& batch, std::span<const Settlement> ends) {
  return writer_->settle(batch, ends);
}

Result<> Conductor::redrive(const EffectId& id, const Actor& actor, Role as) {
  return writer_->redrive(id, actor, as);
}

Result<> Conductor::put_masters(std::vector<Master> masters, const std::function<Result<>(Batch&)>& also) {
  // What does not read now would keep the engine from starting later.
  if (auto sound = directory_of(masters); !sound) return fail(Errc::Invalid, sound.error().what);
  return writer_->put_masters(std::move(masters), also);
}

Result<MastersReply> Conductor::change_masters(const MastersAsked& asked, const MakeMastersChange& make) {
  return writer_->change_masters(asked, make);
}

std::shared_ptr<const Directory> Conductor::directory() const {
  return writer_->directory();
}

std::size_t Conductor::queue_length() const {
  return writer_->queue_length();
}

Result<std::shared_ptr<const CaseFile>> Conductor::case_file(const CaseId& id) const {
  return writer_->case_file(id);
}

Conductor::Ticket Conductor::hand_in(Submission submission) {
  return writer_->hand_in(std::move(submission));
}
std::optional<Outcome> Conductor::answer(Ticket ticket) {
  return writer_->answer(ticket);
}
int Conductor::step() {
  return writer_->step();
}
void Conductor::start() {
  writer_->start();
}
void Conductor::stop() {
  writer_->stop();
}
void Conductor::on_commit(std::function<void(const Committed&)> listener) {
  writer_->on_commit(std::move(listener));
}

}  // namespace kintsugi
