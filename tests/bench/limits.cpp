#include "tests/bench/limits.h"

#include "engine/base/ensure.h"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/x509.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kintsugi::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

double seconds_since(Stopwatch::time_point start) {
  return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

// A self-signed certificate, like the one that `kintsugi init` makes (P-256).
struct Identity {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();

  Identity() {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

// The library asks for a backlog of five, which drops connections when some hundred clients arrive at once; the
// socket may be told again.
template <class Base>
class Deep : public Base {
 public:
  using Base::Base;
  void deepen() { ::listen(this->svr_sock_, 1024); }
};

}  // namespace

Rate bare_http(int in_flight, bool tls, double seconds, const std::string& request_body, const std::string& reply) {
  const Identity identity;
  Deep<httplib::Server> plain;
  Deep<httplib::SSLServer> secure(identity.certificate, identity.key);
  httplib::Server& server = tls ? static_cast<httplib::Server&>(secure) : plain;
  server.new_task_queue = [] { return new httplib::ThreadPool(288); };
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_tcp_nodelay(true);
  server.Post("/bare", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(reply, "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  if (tls)
    secure.deepen();
  else
    plain.deepen();
  std::thread serving([&] { server.listen_after_bind(); });

  std::atomic<bool> go{false};
  std::atomic<bool> done{false};
  std::vector<Latencies> latencies(static_cast<std::size_t>(in_flight));
  std::vector<std::thread> clients;
  for (int i = 0; i < in_flight; ++i)
    clients.emplace_back([&, i] {
      auto client = Client::connect(port, tls);
      ensure(client.has_value(), client ? "" : client.error().what);
      go.wait(false);
      while (!done) {
        const auto start = Stopwatch::now();
        ensure((*client)->post("/bare", "", request_body).has_value(), "the bare server hung up");
        latencies[static_cast<std::size_t>(i)].add(
            std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - start).count());
      }
    });
  const auto start = Stopwatch::now();
  go = true;
  go.notify_all();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  done = true;
  for (auto& one : clients)
    one.join();
  Rate rate;
  for (const auto& one : latencies)
    rate.latencies.add(one);
  rate.per_second = static_cast<double>(rate.latencies.count()) / seconds_since(start);
  server.stop();
  serving.join();
  return rate;
}

double bare_sqlite(const std::string& directory, int batch, double seconds, std::size_t case_bytes,
                   std::size_t record_bytes) {
  const std::string path = directory + "/bare.db";
  sqlite3* db = nullptr;
  ensure(sqlite3_open(path.c_str(), &db) == SQLITE_OK, "cannot make the bare database");
  const auto run = [&](const char* sql) {
    ensure(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
  };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "CREATE TABLE cases(id INTEGER PRIMARY KEY, version INTEGER, body TEXT) STRICT;"
      "CREATE TABLE audit(position INTEGER PRIMARY KEY, log INTEGER, seq INTEGER, leaf BLOB, body BLOB) STRICT;"
      "CREATE TABLE outbox(position INTEGER PRIMARY KEY, case_id INTEGER, body TEXT) STRICT;");
  constexpr int cases = 256;
  const std::string body(case_bytes, 'c');
  const std::string record(record_bytes, 'r');
  const std::string effect(400, 'e');
  run("BEGIN");
  for (int i = 0; i < cases; ++i)
    run(fmt::format("INSERT INTO cases VALUES({}, 0, '{}')", i, body).c_str());
  run("COMMIT");

  const auto prepare = [&](const char* sql) {
    sqlite3_stmt* statement = nullptr;
    ensure(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK, sql);
    return statement;
  };
  sqlite3_stmt* const begin = prepare("BEGIN IMMEDIATE");
  sqlite3_stmt* const commit = prepare("COMMIT");
  sqlite3_stmt* const update = prepare("UPDATE cases SET version = version + 1, body = ?2 WHERE id = ?1");
  sqlite3_stmt* const audit = prepare("INSERT INTO audit(log, seq, leaf, body) VALUES(1, ?1, ?2, ?3)");
  sqlite3_stmt* const outbox = prepare("INSERT INTO outbox(case_id, body) VALUES(?1, ?2)");
  const auto step = [&](sqlite3_stmt* statement) {
    ensure(sqlite3_step(statement) == SQLITE_DONE, sqlite3_errmsg(db));
    sqlite3_reset(statement);
  };

  const auto start = Stopwatch::now();
  std::int64_t written = 0;
  while (seconds_since(start) < seconds) {
    step(begin);
    for (int i = 0; i < batch; ++i, ++written) {
      sqlite3_bind_int64(update, 1, written % cases);
      sqlite3_bind_text(update, 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
      step(update);
      sqlite3_bind_int64(audit, 1, written);
      sqlite3_bind_blob(audit, 2, record.data(), 32, SQLITE_STATIC);
      sqlite3_bind_blob(audit, 3, record.data(), static_cast<int>(record.size()), SQLITE_STATIC);
      step(audit);
      sqlite3_bind_int64(outbox, 1, written % cases);
      sqlite3_bind_text(outbox, 2, effect.data(), static_cast<int>(effect.size()), SQLITE_STATIC);
      step(outbox);
    }
    step(commit);
  }
  const double rate = static_cast<double>(written) / seconds_since(start);
  for (sqlite3_stmt* statement : {begin, commit, update, audit, outbox})
    sqlite3_finalize(statement);
  sqlite3_close(db);
  for (const char* end : {"", "-wal", "-shm"})
    ::unlink((path + end).c_str());
  return rate;
}

double bare_fdatasync(const std::string& directory, double seconds) {
  const std::string path = directory + "/bare.sync";
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  ensure(fd >= 0, "cannot make a file to sync");
  const std::string page(4096, 'p');
  const auto start = Stopwatch::now();
  std::int64_t synced = 0;
  while (seconds_since(start) < seconds) {
    ensure(::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()), "disk full");
    ensure(::fdatasync(fd) == 0, "fdatasync failed");
    ++synced;
  }
  const double rate = static_cast<double>(synced) / seconds_since(start);
  ::close(fd);
  ::unlink(path.c_str());
  return rate;
}

}  // namespace kintsugi::bench
