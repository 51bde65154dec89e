#pragma once

#include "engine/masters/mistakes.h"

#include <fmt/format.h>

#include <map>

// What mistakes.cpp asks of each kind of master; nobody else's.
namespace kintsugi::masters_checks {

// The masters as they would be, and what is asked of all of one kind at once.
struct Look {
  Look(const Directory& all, Instant at);

  const Directory& directory;
  const Instant now;
  std::multimap<std::string, PersonId> mails;
  std::multimap<std::string, DeviceId> serials;  // tenant + '\n' + serial
  std::multimap<DeviceId, const Contract*> contracts;
};

// Mistakes under one place.
class Found {
 public:
  Found(std::string place, std::vector<Mistake>& out) : place_(std::move(place)), out_(out) {}
  void add(std::string_view below, std::string ja, std::string en) {
    out_.push_back({place_ + std::string(below), std::move(ja), std::move(en)});
  }
  void add(std::string_view below, const std::vector<Mistake>& mistakes) {
    for (const Mistake& one : mistakes)
      out_.push_back({place_ + std::string(below) + one.place, one.ja, one.en});
  }

 private:
  std::string place_;
  std::vector<Mistake>& out_;
};

// Rules of what stands.
void check(const Look& look, const Organisation& one, Found& found);
void check(const Look& look, const Site& one, Found& found);
void check(const Look& look, const Person& one, Found& found);
void check(const Look& look, const AccessPoint& one, Found& found);
void check(const Look& look, const Device& one, Found& found);
void check(const Look& look, const Contract& one, Found& found);
void check(const Look& look, const Roster& one, Found& found);
void check(const Look& look, const Duty& one, Found& found);
void check(const Look& look, const Policy& one, Found& found);

// Rules of how it may have come from what stood before.
void check_change(const Organisation& before, const Organisation& after, Found& found);
void check_change(const Site& before, const Site& after, Found& found);
void check_change(const Person& before, const Person& after, Found& found);
void check_change(const AccessPoint& before, const AccessPoint& after, Found& found);
void check_change(const Device& before, const Device& after, Found& found);
void check_change(const Contract& before, const Contract& after, Found& found);
void check_change(const Roster& before, const Roster& after, Found& found);
void check_change(const Duty& before, const Duty& after, Found& found);
void check_change(const Policy& before, const Policy& after, Found& found);

void demand_id(const std::string& id, std::string_view prefix, Found& found);
void demand_name(const Text& name, Found& found);
void demand_mail(const std::string& mail, std::string_view below, Found& found);

}  // namespace kintsugi::masters_checks
