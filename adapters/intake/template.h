#pragma once

#include "engine/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::intake {

// How the devices of one product line write their notices: patterns of one line each, with fields in braces.
//
//   subject  "[CT障害] {code}"
//   lines    "エラーコード: {code}", "発生日時: {occurred_at}", "製造番号: {serial}", "重大度: {severity}"
//
// Fields are code, occurred_at, serial, severity and skip (any text that is not wanted). A pattern describes a line
// from its beginning; a field ends where the next words of the pattern begin, or with the line. Widths do not matter,
// spaces around colons and equal signs neither, so one pattern fits `ｴﾗｰｺｰﾄﾞ：Ｅ－２１７` as well. The first line
// that fits gives a field its value. There are no alternatives and no repetitions, therefore no mail can make it
// slow.
struct Template {
  std::string product_line;
  std::vector<std::string> subject;
  std::vector<std::string> lines;
  std::string zone = "Asia/Tokyo";              // of occurred_at
  std::map<std::string, std::string> severity;  // the device's words for info, warning, error, critical
  std::vector<std::string>
      recovery;  // words, without fields: a line that begins with one says that all is well again
};

// Every mistake in a template, in words for the operator; empty when there is none.
std::vector<std::string> mistakes_in(const Template& one);

// What a template found. `code` is never empty; what is not there or cannot be read is.
struct Found {
  std::string code;         // letters, digits and . _ - :, at most code_bytes_max
  std::string severity;     // info, warning, error, critical
  std::string occurred_at;  // RFC 3339
  std::string serial;       // folded
  bool recovered = false;   // the fault of this code is over, says the device
};

// NotFound when there is no code in it. The template must be without mistakes.
Result<Found> apply(const Template& one, std::string_view subject, std::string_view text);

}  // namespace kintsugi::intake
