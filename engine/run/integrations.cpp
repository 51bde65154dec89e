#include "engine/run/integrations.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr std::size_t text_bytes_max = 100;          // of a name or a label
constexpr std::size_t integrations_of_one_max = 20;  // of one hospital, those that have ended left aside

tl::unexpected<Error> none() {
  return fail(Errc::NotFound, "no such integration");
}

// `/name must be …`, or nothing.
std::string mistake_in(const Integration& one) {
  const auto wrong = [](const std::string& text) { return text.empty() || text.size() > text_bytes_max; };
  const std::string allowed = " must be a text of 1 to " + std::to_string(text_bytes_max) + " bytes";
  if (wrong(one.name.ja) || wrong(one.name.en)) return "/name" + allowed;
  for (const auto& [place, label] :
       {std::pair{"/device_label", &one.device_label}, std::pair{"/serial_label", &one.serial_label},
        std::pair{"/code_label", &one.code_label}, std::pair{"/severity_label", &one.severity_label}})
    if (wrong(*label)) return place + allowed;
  return {};
}

}  // namespace

Permission Integrations::looks_after(const Actor& actor, const OrganisationId& hospital) const {
  const auto directory = conductor_.directory();
  const Organisation* known = directory->organisation(hospital);
  if (known == nullptr || known->side != Side::hcf) return {};
  return may(*directory, actor, Act::administer_device, matter_of(*directory, hospital), clock_.now());
}

Result<Integration> Integrations::one(const Actor& actor, const IntegrationId& id) const {
  const auto directory = conductor_.directory();
  const Integration* found = directory->integration(id);
  if (found == nullptr || !looks_after(actor, found->tenant)) return none();
  return *found;
}

std::vector<Integration> Integrations::all(const Actor& actor) const {
  std::vector<Integration> out;
  const auto directory = conductor_.directory();
  for (const auto& [id, integration] : directory->integrations())
    if (looks_after(actor, integration.tenant)) out.push_back(integration);
  return out;
}

// With its record, in one commit.
Result<> Integrations::put(const Actor& actor, const Integration& integration) {
  const MastersAsked asked{
      .actor = actor, .as = looks_after(actor, integration.tenant).as, .key = std::nullopt, .request = {}};
  const auto done = conductor_.change_masters(asked, [&](const Directory&) -> Result<MastersChange> {
    return MastersChange{.masters = {{.kind = "integration",
                                      .id = integration.id.text(),
                                      .tenant = integration.tenant.text(),
                                      .body = to_json_text(integration),
                                      .salt = {}}},
                         .records = {{.event = "config.changed",
                                      .tenant = integration.tenant,
                                      .x = {{"master", "integration"}},
                                      .about = 0}},
                         .reply = {}};
  });
  return done ? Result<>{} : Result<>(pass(done));
}

Result<Integration> Integrations::add(const Actor& actor, Integration wanted) {
  if (!looks_after(actor, wanted.tenant)) return fail(Errc::NotFound, "no hospital " + wanted.tenant.text());
  if (const std::string mistake = mistake_in(wanted); !mistake.empty()) return fail(Errc::Invalid, mistake);
  const auto directory = conductor_.directory();
  const auto runs_here = [&](const auto& one) { return one.second.tenant == wanted.tenant && one.second.enabled; };
  if (std::cmp_greater_equal(std::ranges::count_if(directory->integrations(), runs_here), integrations_of_one_max))
    return fail(Errc::Invalid, "/tenant must be a hospital with fewer than 20 integrations");
  wanted.id = IntegrationId{new_id_text("integration", clock_.now(), entropy_.digest(), 0)};
  wanted.enabled = true;
  if (auto done = put(actor, wanted); !done) return pass(done);
  return wanted;
}

Result<Integration> Integrations::retire(const Actor& actor, const IntegrationId& id) {
  auto integration = one(actor, id);
  if (!integration || !integration->enabled) return integration;
  integration->enabled = false;  // from this commit on its tokens are good for nothing
  if (auto done = put(actor, *integration); !done) return pass(done);
  auto tokens = store_.credentials_of(CredentialKind::device_token, id.text());
  if (!tokens) return pass(tokens);
  const auto ended = conductor_.chore([&](Batch& batch) -> Result<> {
    for (Credential one : *tokens) {
      if (one.ended != Instant{}) continue;
      one.ended = clock_.now();
      if (auto done = batch.put_credential(one); !done) return done;
    }
    return {};
  });
  if (!ended) return pass(ended);
  return integration;
}

}  // namespace kintsugi
