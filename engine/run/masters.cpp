#include "engine/run/masters.h"

#include "engine/base/digest.h"

namespace kintsugi {
namespace {

template <class T>
Result<> put(Directory& directory, const Master& master) {
  auto read = from_json_text<T>(master.body);
  if (!read) return fail(Errc::Corrupt, master.kind + " " + master.id + ": " + read.error().what);
  if constexpr (std::is_same_v<T, Duty>)
    if (read->id.empty()) read->id = DutyId{master.id};
  directory.put(std::move(*read));
  return {};
}

Result<> put_one(Directory& directory, const Master& master) {
  if (master.kind == "organisation") return put<Organisation>(directory, master);
  if (master.kind == "site") return put<Site>(directory, master);
  if (master.kind == "person") return put<Person>(directory, master);
  if (master.kind == "access_point") return put<AccessPoint>(directory, master);
  if (master.kind == "device") return put<Device>(directory, master);
  if (master.kind == "contract") return put<Contract>(directory, master);
  if (master.kind == "roster") return put<Roster>(directory, master);
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

Result<std::shared_ptr<const Directory>> directory_with(const Directory& before, std::span<const Master> masters) {
  auto out = std::make_shared<Directory>(before);
  for (const Master& one : masters)
    if (auto done = put_one(*out, one); !done) return pass(done);
  return out;
}

Digest digest_of(const Master& master) {
  const std::string name = master.kind + "\n" + master.id + "\n";
  return sha256({BytesView(master.salt), bytes_of(name), bytes_of(master.body)});
}

}  // namespace kintsugi
