#pragma once

#include "engine/base/id.h"

namespace kintsugi {

// Everything that has an id. The prefix of the text is in the comment.
using OrganisationId = Id<struct OrganisationTag>;  // org_     a hospital (HCF) or a remote service centre (RSC)
using PersonId = Id<struct PersonTag>;              // person_
using SiteId = Id<struct SiteTag>;                  // site_    one place of an organisation
using DeviceId = Id<struct DeviceTag>;              // device_
using ContractId = Id<struct ContractTag>;          // contract_
using AccessPointId = Id<struct AccessPointTag>;    // ap_
using DutyId = Id<struct DutyTag>;                  // duty_
using RosterId = Id<struct RosterTag>;              // roster_
using CaseId = Id<struct CaseTag>;                  // case_
using GrantId = Id<struct GrantTag>;                // grant_
using ItemId = Id<struct ItemTag>;                  // item_
using DocumentId = Id<struct DocumentTag>;          // doc_
using IncidentId = Id<struct IncidentTag>;          // incident_
using EffectId = Id<struct EffectTag>;              // effect_
using WebhookId = Id<struct WebhookTag>;            // webhook_
using IntegrationId = Id<struct IntegrationTag>;    // integration_  another system that reports faults
using SignInId = Id<struct SignInTag>;              // signin_

}  // namespace kintsugi
