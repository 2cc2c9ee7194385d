#include "host/ir/op_support.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace edgesmith::ir {
namespace {

OperatorSupport support_of(OpKind kind) {
  const std::vector<OperatorSupport> all = supported_operators();
  return *std::find_if(all.begin(), all.end(), [kind](const OperatorSupport& op) { return op.kind == kind; });
}

TEST(SupportedOperators, AreAllOfThemEachOnce) {
  const std::vector<OperatorSupport> all = supported_operators();
  ASSERT_EQ(all.size(), 25u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].kind, static_cast<OpKind>(i));
    EXPECT_FALSE(all[i].desk_types.empty()) << op_name(all[i].kind);
  }
}

TEST(SupportedOperators, SayWhatTheVerifierTakes) {
  const OperatorSupport conv = support_of(OpKind::conv2d);
  EXPECT_EQ(conv.desk_types, "float32, int8");
  EXPECT_EQ(conv.chip_types, "int8");
  EXPECT_EQ(conv.ranks, "4");
  EXPECT_EQ(support_of(OpKind::add).ranks, "1 to 6");
  EXPECT_EQ(support_of(OpKind::batch_norm).chip_types, "");
}

TEST(SupportedOperators, LeadBetweenTypes) {
  EXPECT_EQ(support_of(OpKind::quantize).chip_types,
            "float32 -> int8, float32 -> uint8, int8, int8 -> uint8, uint8 -> int8, uint8");
  EXPECT_EQ(support_of(OpKind::dequantize).desk_types, "int8 -> float32, uint8 -> float32, float16 -> float32");
}

}  // namespace
}  // namespace edgesmith::ir
