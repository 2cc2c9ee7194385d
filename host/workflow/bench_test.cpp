#include "host/workflow/bench_step.h"

#include <gtest/gtest.h>

namespace edgesmith {
namespace {

TEST(OutputDifference, NamesTheFirstByteThatDiffers) {
  EXPECT_EQ(output_difference({1, 2, 3}, {1, 2, 3}), "");
  EXPECT_EQ(output_difference({1, 2, 3}, {1, 7, 8}), "byte 1 is 7, not 2");
  EXPECT_EQ(output_difference({1, 2, 3}, {1, 2}), "2 bytes, not 3");
}

Bench two_operators() {
  Bench bench;
  bench.macs = 100;
  bench.operators = {{.node = 0, .kind = "CONV_2D", .kernels = "portable", .macs = 100, .layout_copy_bytes = 5},
                     {.node = 1, .kind = "SOFTMAX", .kernels = "reference", .layout_copy_bytes = 2}};
  bench.operators[0].count.instructions = 750;
  bench.operators[1].count.instructions = 250;
  for (const OperatorBench& op : bench.operators)
    bench.total.add(op.count);
  return bench;
}

TEST(BenchText, ShowsSharesAndLeavesOutWhatHasNoMacs) {
  const Bench bench = two_operators();
  const std::string text = to_text(bench);
  EXPECT_NE(text.find("7.50"), std::string::npos) << text;
  EXPECT_NE(text.find("75.0 %  ############"), std::string::npos) << text;
  EXPECT_NE(text.find("gave what the interpreter gives"), std::string::npos) << text;
  const auto json = to_json(bench);
  EXPECT_EQ(json["instructions_per_mac"], 10);
  EXPECT_EQ(json["layout_copy_bytes"], 7);
  EXPECT_EQ(json["per_op"][0]["instructions_per_mac"], 7.5);
  EXPECT_TRUE(json["per_op"][1]["instructions_per_mac"].is_null());
  EXPECT_EQ(json["per_op"][1]["kernels"], "reference");
  EXPECT_EQ(json["output_equal"], true);
}

TEST(BenchText, SaysThatTheOutputIsWrong) {
  Bench bench = two_operators();
  bench.output_difference = "byte 1 is 7, not 2";
  EXPECT_NE(to_text(bench).find("THE OUTPUT IS WRONG: byte 1 is 7, not 2"), std::string::npos);
  EXPECT_EQ(to_json(bench)["output_equal"], false);
}

}  // namespace
}  // namespace edgesmith
