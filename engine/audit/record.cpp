#include "engine/audit/record.h"

#include "engine/audit/canonical.h"
#include "engine/base/digest.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

namespace kintsugi::audit {
namespace {

constexpr std::pair<std::string_view, char> id_letters[] = {
    {"case_", 'c'}, {"person_", 'u'},   {"device_", 'd'}, {"ap_", 'a'},  {"grant_", 'g'},
    {"item_", 'i'}, {"incident_", 'n'}, {"effect_", 'e'}, {"doc_", 't'},
};
constexpr std::uint8_t leaf_mark[] = {0x00};
constexpr std::size_t mark_bytes = 12;

void text(std::string& out, std::string_view key, std::string_view value) {
  out += key;
  fields_detail::append_string(out, value);
}

void number(std::string& out, std::string_view key, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  out += key;
  out.append(digits, end);
}

std::string_view org_name(Side side) {
  return side == Side::hcf ? "hcf" : "rsc";
}

}  // namespace

std::string record_id(std::string_view id) {
  for (const auto& [prefix, letter] : id_letters)
    if (id.starts_with(prefix) && is_crockford(id.substr(prefix.size())))
      return std::string{letter, '-'}.append(id.substr(prefix.size()));
  return {};
}

std::string id_of_record(std::string_view id) {
  if (id.size() < 2 || id[1] != '-' || !is_crockford(id.substr(2))) return {};
  for (const auto& [prefix, letter] : id_letters)
    if (letter == id[0]) return std::string(prefix).append(id.substr(2));
  return {};
}

std::string service_id(std::string_view name) {
  const Digest digest = sha256({bytes_of("kintsugi/service/v1\n"), bytes_of(name)});
  return "s-" + to_crockford(std::span(digest).first<16>());
}

std::string sign_in_mark(std::string_view sign_in) {
  const Digest digest = sha256({bytes_of("kintsugi/sign-in/v1\n"), bytes_of(sign_in)});
  return to_base64(std::span(digest).first<mark_bytes>());
}

Record::Act act_of(const Actor& actor, Role as) {
  Record::Act act;
  act.role = as != Role::none ? as : actor.kind;
  act.person = !actor.person.empty();
  act.id = record_id(act.person ? actor.person.text() : actor.id);
  if (act.id.empty()) act.id = service_id(actor.id);
  const bool of_hospital = act.id.starts_with("d-") || act.id.starts_with("a-");
  act.org = of_hospital ? Side::hcf : side_of(act.role);
  return act;
}

Record::Object object_of(const Document& document) {
  return {document.label, document.commitment, document.length};
}

std::string encode(const Record& r) {
  std::string out;
  out.reserve(768);
  text(out, R"({"act":{"id":)", r.act.id);
  out += r.act.person ? R"(,"kind":"person")" : R"(,"kind":"service")";
  text(out, R"(,"org":)", org_name(r.act.org));
  text(out, R"(,"role":)", name_of(r.act.role));
  text(out, R"(},"auth":{"m":)", r.auth);
  if (!r.sign_in.empty()) text(out, R"(,"s":)", r.sign_in);
  out += '}';
  if (!r.case_id.empty()) text(out, R"(,"case":)", r.case_id);
  if (r.step) number(out, R"(,"cn":)", r.step->cn);
  text(out, R"(,"ev":)", r.event);
  if (r.step) text(out, R"(,"from":)", r.step->from);
  text(out, R"(,"log":)", r.log);
  text(out, R"(,"node":{"id":)", r.node.id);
  number(out, R"(,"n":)", r.node.n);
  text(out, R"(,"run":)", r.node.run);
  out += '}';
  if (!r.objects.empty()) {
    out += R"(,"obj":[)";
    for (const Record::Object& object : r.objects) {
      text(out, &object == r.objects.data() ? R"({"c":)" : R"(,{"c":)", to_base64(object.commitment));
      text(out, R"(,"k":)", object.kind);
      if (object.length) number(out, R"(,"len":)", *object.length);
      out += '}';
    }
    out += ']';
  }
  number(out, R"(,"out":)", r.outcome);
  text(out, R"(,"t":)", to_text(r.at));
  if (r.step) text(out, R"(,"to":)", r.step->to);
  out += R"(,"v":1)";
  if (r.workflow) {
    text(out, R"(,"wf":{"id":)", r.workflow->id);
    text(out, R"(,"rev":)", to_base64(r.workflow->rev));
    out += '}';
  }
  if (!r.x.empty()) {
    char separator = '{';
    out += R"(,"x":)";
    for (const auto& [name, value] : r.x) {
      out += separator;
      separator = ',';
      fields_detail::append_string(out, name);
      out += ':';
      // What has no canonical form has no place in the schema either: null makes check_record() say so.
      out += canonical(value).value_or("null");
    }
    out += '}';
  }
  out += '}';
  return out;
}

Digest leaf_hash(std::string_view body) {
  return sha256({BytesView(leaf_mark), bytes_of(body)});
}

}  // namespace kintsugi::audit
