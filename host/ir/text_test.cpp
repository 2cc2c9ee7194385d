#include "host/ir/text.h"

#include <gtest/gtest.h>

#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

TEST(GraphText, HasALineForEveryOperator) {
  EXPECT_EQ(to_text(int8_dense()),
            "graph 'dense': input int8 1x3\n"
            "  0  FULLY_CONNECTED 'op'  int8 1x3 -> int8 1x2  weights int8 2x3 bias\n");
}

TEST(GraphText, TellsHowAFilterMoves) {
  EXPECT_EQ(to_text(float_conv()),
            "graph 'conv': input float32 1x5x4x2\n"
            "  0  CONV_2D 'op'  float32 1x5x4x2 -> float32 1x3x4x3  weights float32 3x3x2x2  stride 2x1 pad 1,1,0,1\n");
}

TEST(GraphText, SurvivesGraphsThatDoNotVerify) {
  Graph graph = int8_dense();
  graph.ops[0].inputs = {99, -7};
  EXPECT_EQ(to_text(graph),
            "graph 'dense': input int8 1x3\n"
            "  0  FULLY_CONNECTED 'op'  (no tensor 99) -> int8 1x2  weights (no tensor -7)\n");
}

}  // namespace
}  // namespace edgesmith::ir
