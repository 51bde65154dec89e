#include "tests/support/whole_engine.h"

namespace kintsugi::testing {

WholeEngine WholeEngine::on(const Around& around) {
  WholeEngine out;
  out.conductor = std::make_unique<Conductor>(Conductor::Parts{.workflow = around.workflow,
                                                               .store = around.store,
                                                               .vault = around.vault,
                                                               .clock = around.clock,
                                                               .entropy = around.entropy,
                                                               .node = around.node,
                                                               .log_base = around.log_base,
                                                               .journal_path = around.journal_path,
                                                               .hurry = around.hurry,
                                                               .audit_working = around.audit_working,
                                                               .schemas = around.schemas});
  out.courier = std::make_unique<Courier>(Courier::Parts{.conductor = *out.conductor,
                                                         .store = around.store,
                                                         .vault = around.vault,
                                                         .workflow = around.workflow,
                                                         .clock = around.clock,
                                                         .entropy = around.entropy,
                                                         .controller = around.controller,
                                                         .mailer = &around.mailer,
                                                         .console_url = "https://kintsugi.example",
                                                         .mail_domain = "kintsugi.example"});
  out.timekeeper = std::make_unique<Timekeeper>(*out.conductor, around.store, around.clock, around.node);
  out.watch = std::make_unique<Watch>(Watch::Parts{.conductor = *out.conductor,
                                                   .store = around.store,
                                                   .workflow = around.workflow,
                                                   .clock = around.clock,
                                                   .node = around.node,
                                                   .controller = around.controller});
  out.integrator = std::make_unique<Integrator>(*out.conductor, around.store, around.signer, around.clock);
  return out;
}

void WholeEngine::close() {
  integrator.reset();
  watch.reset();
  timekeeper.reset();
  courier.reset();
  conductor.reset();
}

}  // namespace kintsugi::testing
