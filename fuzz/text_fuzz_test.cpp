// Damaged text: project files, tables, recordings' notes. Read, or refused as a request that is wrong.

#include <gtest/gtest.h>

#include "fuzz/damage.h"
#include "host/base/error.h"
#include "host/dataset/csv.h"
#include "host/project/project.h"

namespace edgesmith::fuzz {
namespace {

/// Calls `read`; true when it took the text. Anything but an Error about the request is our defect and ends the test.
template <typename Read>
bool taken(const Read& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request) << error.what();
    return false;
  }
}

TEST(TextFuzz, SurvivesDamagedProjects) {
  const std::string whole = read_text("examples/tap/edgesmith.toml");
  Random random(5);
  int taken_count = 0;
  for (int round = 0; round < rounds(); ++round) {
    const std::string damaged = with_damaged_text(whole, random);
    taken_count += taken([&] { parse_project(damaged, "examples/tap"); });
  }
  EXPECT_GT(taken_count, 0);
  EXPECT_LT(taken_count, rounds());
}

TEST(TextFuzz, SurvivesDamagedTables) {
  const std::string whole =
      "# logger 3\ntime;ax;\"a y\";label\n0,00;1,5;-2;idle\n0,01;1,25;\"3\";tap\n\n0,02;nan;1e3;\"a \"\"tap\"\"\"\n";
  Random random(6);
  for (int round = 0; round < rounds(); ++round) {
    std::string damaged = with_damaged_text(whole, random);
    taken([&] {
      const dataset::CsvTable table = dataset::parse_csv(damaged, "damaged.csv");
      double value = 0;
      for (const std::string_view cell : table.cells)
        dataset::parse_number(cell, table.decimal_comma, value);
    });
  }
}

}  // namespace
}  // namespace edgesmith::fuzz
