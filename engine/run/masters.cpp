#include "engine/run/masters.h"

namespace kintsugi {
namespace {

template <class T>
Result<> put(Directory& directory, const Master& master) {
  auto read = from_json_text<T>(master.body);
  if (!read) return fail(Errc::Corrupt, master.kind + " " + master.id + ": " + read.error().what);
  directory.put(std::move(*read));
  return {};
}

Result<> put_one(Directory& directory, const Master& master) {
  if (master.kind == "organisation") return put<Organisation>(directory, master);
  if (master.kind == "person") return put<Person>(directory, master);
  if (master.kind == "access_point") return put<AccessPoint>(directory, master);
  if (master.kind == "device") return put<Device>(directory, master);
  if (master.kind == "contract") return put<Contract>(directory, master);
  if (master.kind == "duty") return put<Duty>(directory, master);
  if (master.kind == "webhook") return put<Webhook>(directory, master);
  if (master.kind == "integration") return put<Integration>(directory, master);
  if (master.kind == "policy") return put<Policy>(directory, master);
  return fail(Errc::Corrupt, "master of unknown kind: " + master.kind + " " + master.id);
}

}  // namespace

Result<std::shared_ptr<const Directory>> directory_of(std::span<const Master> masters) {
  auto out = std::make_shared<Directory>();
  for (const Master& one : masters)
    if (auto done = put_one(*out, one); !done) return pass(done);
  return out;
}

}  // namespace kintsugi
