#pragma once

#include "engine/audit/verify.h"
#include "engine/ports/store.h"

#include <string>

namespace kintsugi {

// One log of a live store, for the verifier: it reads what is stored and believes none of it.
class StoreLog final : public audit::LogSource {
 public:
  StoreLog(Store& store, std::string origin) : store_(store), origin_(std::move(origin)) {}
  std::string origin() const override { return origin_; }
  Result<std::string> checkpoint() override;
  Result<std::int64_t> size() override { return store_.audit_size(origin_); }
  Result<> read(std::int64_t first, std::int64_t count, const Visit& visit) override;

 private:
  Store& store_;
  const std::string origin_;
};

}  // namespace kintsugi
