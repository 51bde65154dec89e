#pragma once

#include "adapters/http/exchange.h"
#include "engine/domain/may.h"

namespace kintsugi::http {

// A person as he sees himself: name, roles with their words, and what of his runs out.
Json person_json(const Exchange& exchange, const PersonId& id);

// What of a person is over or soon will be, in words.
Json expiries_json(const Exchange& exchange, const Person& person);

// Whatever was wrong with name, password or code, the answer is the same.
void refuse_sign_in(Exchange& exchange, const Error& error);

// What somebody proves himself with once more.
struct ProofBody {
  std::string password;
  std::string code;
  static constexpr auto fields() {
    return std::tuple{field("password", &ProofBody::password), field("code", &ProofBody::code)};
  }
};

}  // namespace kintsugi::http
