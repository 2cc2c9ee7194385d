#include "host/report/format.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/report/svg.h"
#include "host/report/table.h"

namespace edgesmith::report {
namespace {

TEST(Format, SeparatesThousands) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1000), "1,000");
  EXPECT_EQ(count(1234567), "1,234,567");
  EXPECT_EQ(count(-123), "-123");
  EXPECT_EQ(count(-1234), "-1,234");
}

TEST(Format, SpellsSharesAndCounts) {
  EXPECT_EQ(percent(0.963), "96.3 %");
  EXPECT_EQ(percent(std::nan("")), "-");
  EXPECT_EQ(counted(1, "window"), "1 window");
  EXPECT_EQ(counted(2113, "window"), "2,113 windows");
  EXPECT_EQ(compact(0.25), "0.25");
}

TEST(Format, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(escape("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
}

TEST(Format, ShortensByCharactersAndNotByBytes) {
  EXPECT_EQ(shortened("Gehen", 5), "Gehen");
  EXPECT_EQ(shortened("Höhenänderung", 6), "Höhen…");
  EXPECT_EQ(width("Höhe"), 4u);
}

TEST(Svg, TicksAreRoundAndInside) {
  EXPECT_EQ(round_ticks(0, 1, 5), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
  EXPECT_EQ(round_ticks(0, 3840, 5), (std::vector<double>{0, 1000, 2000, 3000}));
  EXPECT_EQ(round_ticks(1, 40, 6), (std::vector<double>{10, 20, 30, 40}));
}

TEST(Svg, CurveIsInterruptedWhereAValueIsMissing) {
  Svg svg(10, "t", "d");
  svg.curve({{0, 1}, {25, 2}, {50, std::nan("")}, {75, 3}, {100, 4}}, "curve");
  EXPECT_NE(svg.finish().find("d=\"M0 1L25 2M75 3L100 4\""), std::string::npos);
}

TEST(Table, AlignsColumnsForATerminal) {
  Table table("", {{"class"}, {"windows", true}});
  table.add_row({"idle", "1,201"});
  table.add_row({"tap"});
  EXPECT_EQ(table.text(2), "  class  windows\n  idle     1,201\n  tap\n");
}

}  // namespace
}  // namespace edgesmith::report
