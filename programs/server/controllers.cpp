#include "programs/server/controllers.h"

namespace kintsugi {

Controllers::Controllers(Conductor& conductor, const Configured& configured) : conductor_(conductor) {
  for (const auto& [id, config] : configured)
    by_wire_[id] = std::make_unique<access_point::HttpController>(config);
}

Controller* Controllers::of(const AccessPointId& id) {
  const auto directory = conductor_.directory();
  const AccessPoint* point = directory->access_point(id);
  if (point == nullptr) return nullptr;
  if (point->kind == AccessPointKind::manual) return &by_hand_;
  const Organisation* owner = directory->organisation(point->owner);
  if (point->kind == AccessPointKind::http && owner != nullptr && owner->test_hospital) return nullptr;
  const auto found = by_wire_.find(id);
  return found == by_wire_.end() ? nullptr : found->second.get();
}

}  // namespace kintsugi
