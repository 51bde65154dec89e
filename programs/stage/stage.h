#pragma once

#include "adapters/access_point/simulator.h"
#include "programs/server/server.h"
#include "programs/stage/cast.h"
#include "programs/stage/mail_sink.h"
#include "programs/stage/tongue.h"
#include "programs/stage/world.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace kintsugi::demo {

// Everything that stands around a story: a directory, the real server over it, a mail sink, and a simulator that is
// every access point. Leaving removes the directory if it was made here.
class Stage {
 public:
  struct Place {
    std::filesystem::path directory;  // empty: a new one under the system's temporary directory
    int port = 0;                     // of the API; 0: any free one
    bool keep = false;                // a directory that was made here stays
  };
  Stage(Place place, const Tongue& tongue);
  ~Stage();

  // Finds the world or makes it; then the cast is there, and nothing runs yet.
  Result<> set();
  // Starts the server; a ward of monitors is put into the world if there is none.
  Result<> open(bool with_ward);
  // Until every mail and order that is due, or will be within `soon`, has been delivered; false when it took longer.
  bool settle(std::chrono::seconds limit, std::chrono::seconds soon = std::chrono::seconds(0));
  // Of a storm's letters: how long they gather before one tells of them all. Shorter than in a hospital.
  static constexpr std::chrono::seconds gather{3};

  const std::filesystem::path& directory() const { return directory_; }
  Server& server() { return *server_; }
  Cast& cast() { return *cast_; }
  Client& client() { return *client_; }
  MailSink& sink() { return *sink_; }
  Clock& clock() { return clock_; }
  // A connection of one's own, for whoever acts beside the others.
  std::unique_ptr<Client> new_client() const;
  // Tokens of the ward; empty when it was opened without one.
  const std::map<DeviceId, std::string>& ward() const { return ward_; }

 private:
  Result<> settle_in();
  Result<> make();
  Result<> import(Server& server, const char* name, const Json& file);
  Result<> enrol(Server& server, const World& world);
  Result<> furnish_ward(Server& server);
  Result<std::string> new_token(Server& server, const Device& device);
  std::vector<EffectId> under_way(Instant due_by);

  const Place place_;
  const Tongue& tongue_;
  std::filesystem::path directory_;
  bool made_here_ = false;
  bool is_new_ = false;
  Home home_;
  SystemClock clock_;
  SystemEntropy entropy_;
  access_point::SimulatedSite site_{clock_};
  std::unique_ptr<MailSink> sink_;
  std::unique_ptr<access_point::Simulator> simulator_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Cast> cast_;
  std::unique_ptr<Client> client_;
  std::map<DeviceId, std::string> ward_;
  std::set<EffectId> late_;
};

}  // namespace kintsugi::demo
