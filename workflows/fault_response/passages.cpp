#include "workflows/fault_response/passages.h"

namespace kintsugi::fault_response {

const StructureRules& structure_rules() {
  // States in which hops are being closed: the only ways out of a live session.
  static const std::vector<std::string> disconnecting = {"disconnecting", "connect_failed", "halted"};
  static const StructureRules rules = {.cut_event = "emergency_disconnect",
                                       .cut_by = {Role::hcf_clin, Role::hcf_psm, Role::hcf_sysadm, Role::hcf_netadm,
                                                  Role::hcf_priv, Role::hcf_sec, Role::hcf_duty, Role::rsc_netadm},
                                       .proofs = {"hops_not_closed", "closing_not_proved"},
                                       .passages = {{"", "connected", {"conn_approved"}},
                                                    {"acknowledged", "connected", {"conn_approved"}},
                                                    {"connected", "closed", {"data_deletion"}},
                                                    {"connected", "closed", {"sign_off"}},
                                                    {"connected", "acknowledged", disconnecting},
                                                    {"connected", "onsite", disconnecting},
                                                    {"connected", "data_deletion", disconnecting}}};
  return rules;
}

}  // namespace kintsugi::fault_response
