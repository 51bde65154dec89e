#pragma once

#include "adapters/access_point/simulator.h"
#include "programs/demo/cast.h"
#include "programs/demo/demo.h"
#include "programs/demo/mail_sink.h"
#include "programs/demo/story.h"
#include "programs/demo/tongue.h"
#include "programs/demo/world.h"
#include "programs/server/server.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace kintsugi::demo {

// Everything that stands around a story: a directory, the real server over it, a mail sink, and a simulator that is
// every access point. Leaving removes the directory if it was made here.
class Stage {
 public:
  Stage(const Options& options, const Tongue& tongue);
  ~Stage();

  // Makes the world or finds it, and starts the server.
  Result<> set();
  // Until every mail and order that is due has been delivered; false when it took longer.
  bool settle(std::chrono::seconds limit);

  const Story& story() const { return *story_; }
  const std::filesystem::path& directory() const { return directory_; }
  Server& server() { return *server_; }
  Cast& cast() { return *cast_; }
  Client& client() { return *client_; }
  MailSink& sink() { return *sink_; }
  Clock& clock() { return clock_; }
  // A connection of one's own, for whoever acts beside the others.
  std::unique_ptr<Client> new_client() const;
  // Tokens of the ward; empty unless a storm is told.
  const std::map<DeviceId, std::string>& ward() const { return ward_; }

 private:
  Result<> settle_in();
  Result<> choose_story();
  Result<> make(const Home& home);
  Result<> import(Server& server, const std::filesystem::path& file);
  Result<> enrol(Server& server, const World& world);
  Result<> furnish_ward(Server& server);
  Result<std::string> new_token(Server& server, const Device& device);
  std::vector<EffectId> under_way();

  const Options options_;
  const Tongue& tongue_;
  std::filesystem::path directory_;
  bool made_here_ = false;
  const Story* story_ = nullptr;
  SystemClock clock_;
  SystemEntropy entropy_;
  Config config_;
  access_point::SimulatedSite site_{clock_};
  std::unique_ptr<MailSink> sink_;
  std::unique_ptr<access_point::Simulator> simulator_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Cast> cast_;
  std::unique_ptr<Client> client_;
  std::map<DeviceId, std::string> ward_;
  std::string certificate_;
  std::set<EffectId> late_;
};

}  // namespace kintsugi::demo
