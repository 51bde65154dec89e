#include "adapters/sqlite/store.h"

#include "adapters/sqlite/migrations.h"
#include "adapters/sqlite/rows.h"

#include <algorithm>
#include <filesystem>

namespace kintsugi::sqlite {
namespace {

// Its path leads to another file by now, or to none.
bool was_moved(const Connection& connection) {
  int moved = 0;
  return sqlite3_file_control(connection.handle(), nullptr, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
         moved != 0;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path, Instant now, const Options& options) {
  auto writer = Connection::open(path, Connection::Access::read_write, options.busy_wait);
  if (!writer) return pass(writer);
  if (options.max_pages > 0)
    if (auto done = writer->execute("PRAGMA max_page_count = " + std::to_string(options.max_pages)); !done)
      return pass(done);
  if (auto made = migrate(*writer, now); !made) return pass(made);
  std::unique_ptr<Store> store(new Store(path, options, std::move(*writer), false));
  if (auto loaded = store->writer_.order.load(store->writer_.connection); !loaded) return pass(loaded);
  return store;
}

Result<std::unique_ptr<Store>> Store::look_at(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail(Errc::NotFound, path + " does not exist");
  auto connection = Connection::open(path, Connection::Access::read_only, Options{}.busy_wait);
  if (!connection) return pass(connection);
  const auto version = schema_version(*connection);
  if (!version) return pass(version);
  if (*version != migrations().back().number)
    return fail(Errc::Refused, path + " has the schema of an older build: kintsugi db migrate");
  return std::unique_ptr<Store>(new Store(path, {}, std::move(*connection), true));
}

Store::Store(std::string path, const Options& options, Connection writer, bool read_only)
    : path_(std::move(path)),
      options_(options),
      read_only_(read_only),
      writer_{.connection = std::move(writer),
              .order = {},
              .has_batch = false,
              .in_doubt = false,
              .sign_ins = {},
              .device_tokens = {},
              .gate_tokens = {},
              .certificate_keys = {},
              .certificate_subjects = {}} {}

Store::~Store() = default;

Result<std::unique_ptr<kintsugi::Batch>> Store::begin(Lasts lasts) {
  if (read_only_) return fail(Errc::Refused, path_ + " was opened to be looked at");
  // What is written to a file that no path leads to any more would be gone at the next start.
  if (was_moved(writer_.connection))
    return fail(Errc::Transient, path_ +
                                     " was moved or replaced under the running server; put the file back that it "
                                     "had, or stop the server first");
  const bool waits = lasts == Lasts::at_once || writer_.in_doubt;
  if (auto told = writer_.connection.sync_each_commit(waits); !told) return pass(told);
  auto transaction = Transaction::begin(writer_.connection, Transaction::Kind::write);
  if (!transaction) return pass(transaction);
  return std::make_unique<Batch>(writer_, std::move(*transaction));
}

// ---- readers ------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Connection>> Store::take_reader() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !free_.empty() || lent_ < options_.readers; });
  ++lent_;
  if (!free_.empty()) {
    auto reader = std::move(free_.back());
    free_.pop_back();
    return reader;
  }
  lock.unlock();
  auto fresh = Connection::open(path_, Connection::Access::read_only, options_.busy_wait);
  if (fresh) return std::make_unique<Connection>(std::move(*fresh));
  give_back(nullptr);
  return pass(fresh);
}

void Store::give_back(std::unique_ptr<Connection> reader) {
  {
    const std::scoped_lock lock(mutex_);
    --lent_;
    if (reader) free_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

// ---- cases --------------------------------------------------------------------------------------------------

Result<CaseFile> Store::read_case(const CaseId& id) {
  return reading([&](Connection& db) -> Result<CaseFile> {
    static constexpr std::string_view sql = "SELECT body FROM cases WHERE id = ?1";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    auto row = row_of(query->bind(id), case_in);
    if (!row) return pass(row);
    if (!*row) return fail(Errc::NotFound, "no case " + id.text());
    return std::move(**row);
  });
}

Result<Document> Store::read_document(const DocumentId& id) {
  return reading([&](Connection& db) -> Result<Document> {
    static constexpr std::string_view sql = R"(
        SELECT id, case_id, key, label, commitment, length, at, person, ciphertext, place
          FROM documents
         WHERE id = ?1)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    auto row = row_of(query->bind(id), document_in);
    if (!row) return pass(row);
    if (!*row) return fail(Errc::NotFound, "no document " + id.text());
    return std::move(**row);
  });
}

Result<std::vector<DocumentBrief>> Store::documents_of(const CaseId& id) {
  const auto brief = [](Statement& row) -> Result<DocumentBrief> {
    const auto key = from_name<KeyClass>(row.text(1));
    if (!key) return fail(Errc::Corrupt, "a stored document has no known key");
    return DocumentBrief{.id = DocumentId{row.string(0)},
                         .key = *key,
                         .place = row.string(6),
                         .label = row.string(2),
                         .length = row.integer(3),
                         .at = row.instant(4),
                         .by = PersonId{row.string(5)}};
  };
  return reading([&](Connection& db) -> Result<std::vector<DocumentBrief>> {
    static constexpr std::string_view sql = R"(
        SELECT id, key, label, length, at, person, place
          FROM documents
         WHERE case_id = ?1
         ORDER BY id)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(query->bind(id), brief);
  });
}

Result<std::vector<CaseId>> Store::cases_due(Instant now, int limit) {
  return reading([&](Connection& db) -> Result<std::vector<CaseId>> {
    static constexpr std::string_view sql = R"(
        SELECT id
          FROM cases
         WHERE next_due IS NOT NULL AND next_due <= ?1
         ORDER BY next_due, id
         LIMIT ?2)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(query->bind(now, std::max(limit, 0)),
                   [](Statement& row) -> Result<CaseId> { return CaseId{row.string(0)}; });
  });
}

Result<Instant> Store::next_timer() {
  return reading([](Connection& db) -> Result<Instant> {
    return db.integer("SELECT next_due FROM cases WHERE next_due IS NOT NULL ORDER BY next_due LIMIT 1")
        .map([](auto micros) { return Instant{Duration{micros}}; });
  });
}

Result<Instant> Store::next_effect() {
  return reading([](Connection& db) -> Result<Instant> {
    // What its lane holds back cannot be claimed, however long it has been due.
    static constexpr std::string_view sql = R"(
        SELECT one.due
          FROM outbox AS one INDEXED BY outbox_due
         WHERE one.settled_at IS NULL AND one.urgent = ?1
           AND NOT EXISTS (SELECT 1
                             FROM outbox AS earlier INDEXED BY outbox_by_case
                            WHERE earlier.case_id = one.case_id AND earlier.settled_at IS NULL
                              AND earlier.position < one.position AND earlier.lane = one.lane)
         ORDER BY one.due
         LIMIT 1)";
    std::int64_t first = 0;
    for (const bool urgent : {true, false}) {
      const auto due = db.integer(sql, urgent);
      if (!due) return pass(due);
      if (*due != 0 && (first == 0 || *due < first)) first = *due;
    }
    return Instant{Duration{first}};
  });
}

Result<std::vector<std::pair<std::string, std::int64_t>>> Store::open_states() {
  using State = std::pair<std::string, std::int64_t>;
  return reading([](Connection& db) -> Result<std::vector<State>> {
    static constexpr std::string_view sql = R"(
        SELECT state, count(*)
          FROM cases INDEXED BY cases_open
         WHERE open = 1
         GROUP BY state
         ORDER BY state)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(*query, [](Statement& row) -> Result<State> { return State{row.string(0), row.integer(1)}; });
  });
}

}  // namespace kintsugi::sqlite
