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
// The same of somebody who is signed in and has to prove once more who he is.
void refuse_proof(Exchange& exchange, const Error& error);

}  // namespace kintsugi::http
