#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kintsugi {

// Counts how long something took, in the buckets that Prometheus wants. Any thread, without a lock.
class Histogram {
 public:
  // Upper bounds in seconds: from a commit of SQLite to a mail server that takes its time.
  static constexpr std::array bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0};

  void observe(std::uint64_t micros) {
    std::size_t i = 0;
    while (i < bounds.size() && static_cast<double>(micros) > bounds[i] * 1e6)
      ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(micros, std::memory_order_relaxed);
  }
  // How many up to and with the bucket; bounds.size(): all.
  std::uint64_t upto(std::size_t bucket) const {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i <= bucket; ++i)
      out += counts_[i].load(std::memory_order_relaxed);
    return out;
  }
  double sum_s() const { return static_cast<double>(sum_.load(std::memory_order_relaxed)) / 1e6; }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};  // microseconds
};

// Writes measurements as text for Prometheus (exposition format 0.0.4): families one after another, each with its
// samples. Label values are escaped; that they come from closed lists is the caller's promise. One thread.
class Exposition {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void counter(std::string_view name, std::string_view help) { family(name, "counter", help); }
  void gauge(std::string_view name, std::string_view help) { family(name, "gauge", help); }
  void histogram(std::string_view name, std::string_view help) { family(name, "histogram", help); }
  // Of the family that was begun last.
  void sample(double value, Labels labels = {});
  void sample(const Histogram& value, Labels labels = {});

  const std::string& text() const { return text_; }

 private:
  void family(std::string_view name, std::string_view type, std::string_view help);
  void line(std::string_view suffix, Labels labels, std::string_view le, double value);

  std::string text_;
  std::string name_;
};

}  // namespace kintsugi
