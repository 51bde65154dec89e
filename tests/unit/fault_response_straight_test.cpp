#include "tests/support/play.h"

namespace kintsugi::testing {

TEST_CASE("the straight run leads from the notice to the signature", "[fault_response]") {
  Play p;
  p.play(R"(
      09:00  mr1     notify                -> notified
      09:05  svc     acknowledge           -> acknowledged
      09:20  svc     request_connection    -> conn_requested
      09:25  sysadm  approve               -> conn_requested
      09:30  netadm  approve               -> conn_requested
      09:32  net     approve               -> conn_approved
      09:35  svc     start_connection      -> refused hold_not_set
      09:36  clin    set_hold              -> conn_approved
      09:40  svc     start_connection      -> connected
      09:50  svc     repair_done           -> refused work_log_empty
      09:50  svc     log_work              -> connected
      10:00  svc     repair_done           -> check_online
      10:10  clin    clinical_ok           -> data_deletion
      10:15  svc     nothing_taken         -> data_deletion
      10:20  svc     countersign           -> refused role_not_allowed
      10:21  net     countersign           -> sign_off
      10:30  sysadm  sign_off              -> refused report_not_approved
      10:40  svc     submit_report         -> sign_off
      10:50  sysadm  approve_report        -> sign_off
      10:55  netadm  review_log            -> sign_off
      11:00  svc     sign_off              -> refused role_not_allowed
      11:00  sysadm  sign_off              -> closed
  )");
  CHECK(p.effects.back().destroy_key);
  CHECK(p.file.grants.front().proved_closed_at != Instant{});
  for (const char* which : {"M01", "M04", "M09", "M10", "M11", "M16", "M08", "M24", "M25", "M29", "M30"})
    CHECK(p.mails(which) > 0);
}

}  // namespace kintsugi::testing
