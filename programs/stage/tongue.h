#pragma once

#include "engine/domain/directory.h"

#include <string>

namespace kintsugi::demo {

// In which language the demo speaks: what was chosen (`ja` or `en`), else what LC_ALL, LC_MESSAGES or LANG says; when
// they name neither Japanese nor English, it says everything in both.
class Tongue {
 public:
  explicit Tongue(const std::string& chosen = {});
  // One thing in the language(s) chosen.
  std::string operator()(const Text& text) const;
  std::string operator()(std::string ja, std::string en) const { return (*this)(Text{std::move(ja), std::move(en)}); }
  // For Accept-Language: the one language, or English when it speaks both.
  const char* tag() const { return en_ ? "en" : "ja"; }

 private:
  bool ja_ = true;
  bool en_ = true;
};

}  // namespace kintsugi::demo
