#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace kintsugi::testing {

// A certificate authority of one test's own: P-256 keys, PEM files in one directory.
class Authority {
 public:
  Authority(std::filesystem::path directory, const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // Its own certificate: what somebody who trusts it is given.
  const std::string& file() const { return file_; }

  struct Issued {
    std::string certificate;
    std::string key;
  };
  // A certificate for both ends of a line, good until `end` from now; `who` as in a subjectAltName, `IP:127.0.0.1`.
  Issued issue(const std::string& name, const std::string& who = "IP:127.0.0.1",
               std::chrono::hours end = std::chrono::hours(24));

 private:
  const std::filesystem::path directory_;
  std::string file_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  long issued_ = 0;
};

}  // namespace kintsugi::testing
