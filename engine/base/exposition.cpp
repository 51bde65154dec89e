#include "engine/base/exposition.h"

#include <fmt/format.h>

namespace kintsugi {
namespace {

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value)
    if (c == '\\' || c == '"')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void Exposition::line(std::string_view suffix, Labels labels, std::string_view le, double value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    text_ += std::exchange(before, ',');
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, text);
    text_ += '"';
  };
  for (const auto& [name, text] : labels)
    label(name, text);
  if (!le.empty()) label("le", le);
  if (before == ',') text_ += '}';
  text_ += fmt::format(" {}\n", value);
}

void Exposition::sample(double value, Labels labels) {
  line("", labels, "", value);
}

void Exposition::sample(const Histogram& value, Labels labels) {
  for (std::size_t i = 0; i < Histogram::bounds.size(); ++i)
    line("_bucket", labels, fmt::format("{}", Histogram::bounds[i]), static_cast<double>(value.upto(i)));
  const auto all = static_cast<double>(value.upto(Histogram::bounds.size()));
  line("_bucket", labels, "+Inf", all);
  line("_sum", labels, "", value.sum_s());
  line("_count", labels, "", all);
}

}  // namespace kintsugi
