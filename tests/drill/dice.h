#pragma once

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace kintsugi::drill {

// Chance as a function of a seed (splitmix64). Every step of a story has dice of its own, made from the seed and the
// step's number, so that a step that is left out changes nothing of the others' luck.
class Dice {
 public:
  explicit Dice(std::uint64_t seed, std::uint64_t step = 0)
      : state_(seed * 0x9E3779B97F4A7C15U + step * 0xD1B54A32D192ED03U) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  int below(int n) { return n <= 1 ? 0 : static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  int between(int least, int most) { return least + below(most - least + 1); }
  bool percent(int chance) { return below(100) < chance; }
  bool one_in(int n) { return below(n) == 0; }

  template <class T>
  const T& pick(const std::vector<T>& some) {
    return some[static_cast<std::size_t>(below(static_cast<int>(some.size())))];
  }
  template <class T>
  T any_of(std::initializer_list<T> some) {
    return *(some.begin() + below(static_cast<int>(some.size())));
  }
  // Each with its weight; at least one of them is above zero.
  template <class T>
  const T& weighted(const std::vector<std::pair<T, int>>& some) {
    int all = 0;
    for (const auto& [one, weight] : some)
      all += weight;
    int left = below(all);
    for (const auto& [one, weight] : some)
      if ((left -= weight) < 0) return one;
    return some.back().first;
  }

 private:
  std::uint64_t state_;
};

}  // namespace kintsugi::drill
