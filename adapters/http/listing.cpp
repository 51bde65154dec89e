#include "adapters/http/listing.h"

#include "adapters/http/limits.h"
#include "engine/base/ascii.h"
#include "engine/base/digest.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kintsugi::http {
namespace {

template <class Names>
std::string joined(const Names& names) {
  std::string out;
  for (const auto& one : names)
    out.append(out.empty() ? "" : ", ").append(one);
  return out;
}

tl::unexpected<InputError> wrong(const char* parameter, std::string detail) {
  return tl::make_unexpected(InputError{parameter, std::move(detail)});
}
tl::unexpected<InputError> wrong_filter(std::string detail) {
  return wrong("filter", std::move(detail));
}

constexpr const char* form = "must be terms like state=notified, joined by AND";

// Reads a filter from its beginning to its end.
class FilterReader {
 public:
  FilterReader(std::string_view text, std::span<const Filterable> known) : rest_(text), known_(known) {}

  tl::expected<std::vector<Term>, InputError> read() {
    std::vector<Term> out;
    for (;;) {
      auto one = term();
      if (!one) return tl::make_unexpected(one.error());
      out.push_back(std::move(*one));
      skip_blanks();
      if (rest_.empty()) return out;
      if (!rest_.starts_with("AND ")) return wrong_filter(form);
      rest_.remove_prefix(4);
      if (out.size() == filter_terms_max)
        return wrong_filter("may have " + std::to_string(filter_terms_max) + " terms");
    }
  }

 private:
  void skip_blanks() {
    while (rest_.starts_with(' '))
      rest_.remove_prefix(1);
  }

  tl::expected<Term, InputError> term() {
    skip_blanks();
    Term out;
    const auto end = std::min(rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), rest_.size());
    out.name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const auto known = std::ranges::find(known_, out.name, &Filterable::name);
    if (known == known_.end()) {
      std::vector<std::string_view> names;
      for (const Filterable& one : known_)
        names.push_back(one.name);
      return wrong_filter((out.name.empty() ? std::string("must begin with a name") : "knows no '" + out.name + "'") +
                          "; there are " + joined(names));
    }
    skip_blanks();
    const std::string allowed = known->time ? "takes >= and <" : "takes =";
    if (rest_.starts_with(">="))
      out.relation = Relation::from;
    else if (rest_.starts_with("<") && !rest_.starts_with("<="))
      out.relation = Relation::before;
    else if (rest_.starts_with("="))
      out.relation = Relation::is;
    else
      return wrong_filter("'" + out.name + "' " + allowed);
    if (known->time == (out.relation == Relation::is)) return wrong_filter("'" + out.name + "' " + allowed);
    rest_.remove_prefix(out.relation == Relation::from ? 2 : 1);
    if (auto read = values(out); !read) return tl::make_unexpected(read.error());
    return out;
  }

  tl::expected<void, InputError> values(Term& out) {
    do {
      if (!out.values.empty()) rest_.remove_prefix(1);  // the comma
      skip_blanks();
      if (out.values.size() == filter_values_max)
        return wrong_filter("'" + out.name + "' takes " + std::to_string(filter_values_max) + " values");
      if (rest_.starts_with('"')) {
        const auto end = rest_.find('"', 1);
        if (end == std::string_view::npos) return wrong_filter("has a quote that does not end");
        out.values.emplace_back(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
      } else {
        const auto end = std::min(rest_.find_first_of(" ,\""), rest_.size());
        out.values.emplace_back(rest_.substr(0, end));
        rest_.remove_prefix(end);
      }
      if (out.values.back().empty()) return wrong_filter("'" + out.name + "' has no value");
    } while (rest_.starts_with(','));
    if (out.relation != Relation::is && out.values.size() > 1)
      return wrong_filter("'" + out.name + "' takes one time");
    return {};
  }

  std::string_view rest_;
  const std::span<const Filterable> known_;
};

constexpr std::size_t bound_bytes = 8;  // of the digest of what was asked for, in a token

std::string bound_to(std::string_view asked) {
  return to_hex(BytesView(sha256(asked)).first(bound_bytes));
}

}  // namespace

tl::expected<std::vector<Term>, InputError> read_filter(std::string_view text, std::span<const Filterable> known) {
  if (text.size() > filter_bytes_max) return wrong_filter("may have " + std::to_string(filter_bytes_max) + " bytes");
  text = trimmed(text);
  if (text.empty()) return std::vector<Term>{};
  return FilterReader(text, known).read();
}

bool fits(const Term& term, std::string_view value) {
  switch (term.relation) {
    case Relation::is: return std::ranges::find(term.values, value) != term.values.end();
    case Relation::from: return !value.empty() && value >= term.values.front();
    case Relation::before: return !value.empty() && value < term.values.front();
  }
  return false;
}

tl::expected<Sorting, InputError> read_order(std::string_view text, std::span<const std::string_view> known) {
  text = trimmed(text);
  if (text.empty()) return Sorting{std::string(known.front()), false};
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view name = text.substr(0, end);
  const std::string_view direction = trimmed(text.substr(end));
  if (std::ranges::find(known, name) == known.end() ||
      (!direction.empty() && direction != "desc" && direction != "asc"))
    return wrong("order_by", "must be one of " + joined(known) + ", with or without desc behind it");
  return Sorting{std::string(name), direction == "desc"};
}

tl::expected<int, InputError> read_page_size(std::string_view text) {
  if (text.empty()) return page_size_default;
  int size = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && size >= 1)
    return std::min(size, page_size_max);
  return wrong("page_size", "must be a number from 1 to " + std::to_string(page_size_max));
}

std::string token_of(const Place& place, std::string_view asked) {
  return bound_to(asked) + to_hex(bytes_of(place.key + "\n" + place.id));
}

tl::expected<std::optional<Place>, InputError> read_token(std::string_view token, std::string_view asked) {
  if (token.empty()) return std::nullopt;
  const auto bytes = from_hex(token);
  if (!bytes || bytes->size() <= bound_bytes) return wrong("page_token", "must be a next_page_token as it came");
  if (!token.starts_with(bound_to(asked)))
    return wrong("page_token", "is of another list: filter and order_by must be those of the page before");
  const std::string_view text = text_of(BytesView(*bytes).subspan(bound_bytes));
  const auto cut = text.find('\n');
  if (cut == std::string_view::npos) return wrong("page_token", "must be a next_page_token as it came");
  return Place{std::string(text.substr(0, cut)), std::string(text.substr(cut + 1))};
}

}  // namespace kintsugi::http
