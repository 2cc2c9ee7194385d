#include "host/report/report.h"

#include <gtest/gtest.h>

#include <regex>

#include "host/report/test_report.h"

namespace edgesmith::report {
namespace {

bool has(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

std::size_t occurrences(const std::string& page, const std::string& text) {
  std::size_t found = 0;
  for (auto at = page.find(text); at != std::string::npos; at = page.find(text, at + 1))
    ++found;
  return found;
}

/// Every opened element is closed, in order. Enough of a parser for pages without scripts.
std::string first_unbalanced_tag(const std::string& page) {
  static const std::regex tag("<(/?)([a-z][a-z0-9]*)([^<>]*?)(/?)>");
  std::vector<std::string> open;
  for (std::sregex_iterator it(page.begin(), page.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || (*it)[4] == "/") continue;
    if ((*it)[1] != "/") {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return name;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

TEST(ReportPage, ClosesEveryElementThatItOpens) {
  EXPECT_EQ(first_unbalanced_tag(to_html(test_report())), "");
}

TEST(ReportPage, NeedsNothingFromOutsideAndNoScript) {
  const std::string page = to_html(test_report());
  EXPECT_FALSE(has(page, "http:"));
  EXPECT_FALSE(has(page, "https:"));
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_FALSE(has(page, "src="));
  EXPECT_FALSE(has(page, "@import"));
}

TEST(ReportPage, ShowsTheFiguresItWasGiven) {
  const std::string page = to_html(test_report());
  for (const char* figure : {"9f2c41d0a7",
                             "0.958",
                             "97.1 %",
                             "96.1 % – 97.8 %",
                             "1,412",
                             "94.2 %",
                             "1,183",
                             "48,120",
                             "48,240",
                             "3,840",
                             "lower bound 3,584 B",
                             "7.4 % of 65,536 B",
                             "7,001",
                             "9,876",
                             "0.63",
                             "0.003921569",
                             "-128",
                             "best: epoch 2",
                             "2,113 windows compared",
                             "bit for bit",
                             "steps of 40",
                             "highest val_f1"}) {
    EXPECT_TRUE(has(page, figure)) << figure;
  }
}

TEST(ReportPage, EscapesEveryTextThatComesFromAProject) {
  Report report = test_report();
  const std::string evil = "<i>&\"'x";
  report.project = report.version = report.plan_id = report.run = report.target = report.tool = evil;
  report.labels = {evil, evil};
  report.headline = {{evil, evil, evil, evil}};
  report.road = {{evil, evil, evil}};
  report.flow->steps = {{evil, 321, evil, 9555}};
  report.flow->splits = {{evil, 9555}};
  report.flow->per_class = {{evil, {1}}};
  report.flow->note = report.training.rule = report.decision->note = report.verification->note = evil;
  for (auto& r : report.results)
    r.stage = r.note = r.split = evil;
  report.decision->rules = report.instructions->estimates = report.headline;
  report.decision->per_class = {{evil, 0.5, evil}};
  report.verification->target = report.instructions->target = evil;
  report.verification->back_ends = {{evil, 1, 1, evil}};
  report.instructions->stages[0].name = evil;
  report.arena->ops = {evil, evil};
  for (auto& t : report.arena->tensors)
    t.name = t.shape = evil;
  report.memory[0].name = report.memory[0].budget_source = evil;
  report.memory[0].parts = {{evil, 1, evil}};
  report.contract = {{evil, evil, evil, evil, 1, 0, evil}};
  report.notes = {evil};
  const std::string page = to_html(report);
  EXPECT_FALSE(has(page, "<i>"));
  EXPECT_FALSE(has(page, "&\"'"));
  EXPECT_TRUE(has(page, "&lt;i&gt;&amp;&quot;&#39;x"));
  EXPECT_EQ(first_unbalanced_tag(page), "");
}

TEST(ReportPage, LeavesOutSectionsWithoutData) {
  const Report only_training = {.project = "tap", .training = test_report().training};
  const std::string page = to_html(only_training);
  EXPECT_EQ(occurrences(page, "<section "), 1u);
  EXPECT_TRUE(has(page, "<section id=\"training\""));
  EXPECT_FALSE(has(page, "class=\"verdict"));
  EXPECT_EQ(first_unbalanced_tag(page), "");
}

TEST(ReportPage, StandsWithAProjectNameAlone) {
  const Report bare = {.project = "tap"};
  EXPECT_EQ(occurrences(to_html(bare), "<section "), 0u);
  EXPECT_EQ(to_text(bare), "tap\n");
  EXPECT_EQ(to_json(bare).dump(), R"({"project":"tap"})");
}

TEST(ReportPage, GivesEverySectionItsLink) {
  const std::string page = to_html(test_report());
  EXPECT_EQ(occurrences(page, "<section "), 9u);
  EXPECT_EQ(occurrences(page, "<a href=\"#"), 9u);
}

TEST(ReportPage, NamesEveryChartAndEveryTable) {
  const std::string page = to_html(test_report());
  EXPECT_EQ(occurrences(page, "role=\"img\""), occurrences(page, "<desc>"));
  EXPECT_EQ(occurrences(page, "<table"), occurrences(page, "<caption"));
}

TEST(ReportPage, SaysSoWhenDeviceAndDesktopDisagree) {
  Report report = test_report();
  report.verification->mismatches = 3;
  report.verification->back_ends[1] = {"plan file", 2113, 3, "EXECUTION, window 12: output[3] is 17, desktop 18"};
  const std::string page = to_html(report);
  EXPECT_TRUE(has(page, "class=\"verdict bad\""));
  EXPECT_TRUE(has(page, "3 mismatches"));
  EXPECT_TRUE(has(page, "EXECUTION, window 12: output[3] is 17, desktop 18"));
  EXPECT_FALSE(has(page, "bit for bit"));
}

TEST(ReportPage, ClaimsNothingWhenNoWindowWasCompared) {
  Report report = test_report();
  report.verification = Verification{};
  EXPECT_FALSE(has(to_html(report), "bit for bit"));
  EXPECT_TRUE(has(to_text(report), "No window has been compared"));
}

TEST(ReportPage, SaysSoWhenABudgetDoesNotHold) {
  Report report = test_report();
  report.memory[0].budget_bytes = 4096;
  EXPECT_TRUE(has(to_html(report), "does not fit"));
}

TEST(ReportPage, SurvivesFiguresThatAreNoNumbers) {
  Report report = test_report();
  report.training.epochs[1].train_loss = std::nan("");
  const std::string page = to_html(report);
  EXPECT_FALSE(has(page, "nan"));
  EXPECT_EQ(first_unbalanced_tag(page), "");
}

TEST(ReportPage, NeverRoundsAShareToAllOrNothing) {
  Report report = test_report();
  for (auto& r : report.results) {
    r.confusion = {{999, 1}, {0, 211}};
    r.row_share = {{0.999, 0.001}, {0, 1}};
  }
  const std::string page = to_html(report);
  EXPECT_TRUE(has(page, "<b>999</b><small>&gt;99 %</small>"));
  EXPECT_TRUE(has(page, "<b>1</b><small>&lt;1 %</small>"));
  EXPECT_TRUE(has(page, "<b>211</b><small>100 %</small>"));
}

TEST(ReportText, ShowsTheFiguresItWasGiven) {
  const std::string text = to_text(test_report());
  for (const char* figure : {"tap 0.1.0 on mps2-an386", "plan 9f2c41d0a7", "0.958", "9,876 cut; 321 unlabelled",
                             "-> train 7,001, validate 1,130, test 1,412", "epoch 2", "1,183", "48,120",
                             "lower bound 3,584 B", "7.4 % of 65,536 B", "bit for bit"}) {
    EXPECT_TRUE(has(text, figure)) << figure << "\n" << text;
  }
}

TEST(ReportJson, HoldsEveryPartUnderItsName) {
  const auto json = to_json(test_report());
  EXPECT_EQ(json["results"][1]["stage"], "int8");
  EXPECT_EQ(json["results"][0]["confusion"][1][0], 21);
  EXPECT_EQ(json["flow"]["steps"][0]["remain"], 9555);
  EXPECT_EQ(json["training"]["epochs"][1]["val_f1"], 0.9);
  EXPECT_EQ(json["verification"]["back_ends"][0]["mismatches"], 0);
  EXPECT_EQ(json["instructions"]["stages"][0]["histogram"][1]["windows"], 313);
  EXPECT_EQ(json["arena"]["tensors"][1]["offset_bytes"], 640);
  EXPECT_EQ(json["memory"][0]["parts"][1]["note"], "high-water mark");
  EXPECT_EQ(json["contract"][0]["zero_point"], -128);
}

}  // namespace
}  // namespace edgesmith::report
