#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

// The connections that others have to a port of ours. cpp-httplib does not name its sockets, so they are found among
// the descriptors of this process.
namespace kintsugi::http {

struct Connection {
  int descriptor = -1;
  ino_t socket = 0;            // tells two sockets apart that had the same number one after the other
  std::string peer;            // as peer_name() writes it
  std::uint64_t received = 0;  // bytes since it was accepted, TLS included
};
std::vector<Connection> connections_to(int port);

// A name for the other end: its numeric address and its port.
std::string peer_name(const std::string& address, int port);

// Nothing more is read from it: one that is idle ends at once, one with a request in hand still answers it.
void hang_up(const Connection& connection);
// Nothing more is read or written.
void cut_off(const Connection& connection);

// So that a crowd of clients does not take the descriptors that the database and the mails need: as many as the
// system lets us have, up to this.
void allow_descriptors(std::size_t wanted);

}  // namespace kintsugi::http
