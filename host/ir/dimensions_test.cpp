#include "host/ir/dimensions.h"

#include <gtest/gtest.h>

namespace edgesmith::ir {
namespace {

TEST(BroadcastShape, CountsDimensionsFromTheLast) {
  EXPECT_EQ(broadcast_shape({1, 5, 7, 3}, {3}), (Shape{1, 5, 7, 3}));
  EXPECT_EQ(broadcast_shape({5, 1, 3}, {2, 5, 7, 1}), (Shape{2, 5, 7, 3}));
  EXPECT_EQ(broadcast_shape({}, {4}), (Shape{4}));
  EXPECT_EQ(broadcast_shape({2, 3}, {2}), std::nullopt);
}

TEST(MergedBroadcast, EqualShapesAreOneDimension) {
  const Broadcast merged = merged_broadcast({1, 5, 7, 3}, {1, 5, 7, 3});
  EXPECT_EQ(merged.dims, (Shape{105}));
  EXPECT_EQ(merged.step_a, (Shape{1}));
  EXPECT_EQ(merged.step_b, (Shape{1}));
}

TEST(MergedBroadcast, KeepsApartWhereOneOperandStaysPut) {
  const Broadcast merged = merged_broadcast({2, 5, 7, 3}, {5, 1, 3});
  EXPECT_EQ(merged.dims, (Shape{2, 5, 7, 3}));
  EXPECT_EQ(merged.step_a, (Shape{105, 21, 3, 1}));
  EXPECT_EQ(merged.step_b, (Shape{0, 3, 0, 1}));
}

TEST(MergedBroadcast, FiveDimensionsAgainstChannelsAreTwo) {
  const Broadcast merged = merged_broadcast({2, 2, 3, 4, 5}, {5});
  EXPECT_EQ(merged.dims, (Shape{48, 5}));
  EXPECT_EQ(merged.step_a, (Shape{5, 1}));
  EXPECT_EQ(merged.step_b, (Shape{0, 1}));
}

TEST(MergedBroadcast, AScalarIsSteppedNowhere) {
  const Broadcast merged = merged_broadcast({1, 1, 4}, {1});
  EXPECT_EQ(merged.dims, (Shape{4}));
  EXPECT_EQ(merged.step_b, (Shape{0}));
  EXPECT_TRUE(merged_broadcast({1}, {1}).dims.empty());
}

TEST(MergedTranspose, NeighboursThatStayTogetherAreOne) {
  const Movement movement = merged_transpose({1, 4, 5, 3}, {0, 3, 1, 2});  // NHWC to NCHW
  EXPECT_EQ(movement.dims, (Shape{3, 20}));
  EXPECT_EQ(movement.step, (Shape{1, 3}));
}

TEST(MergedTranspose, NothingMovedIsACopy) {
  const Movement movement = merged_transpose({2, 1, 3}, {1, 0, 2});
  EXPECT_EQ(movement.dims, (Shape{6}));
  EXPECT_EQ(movement.step, (Shape{1}));
}

TEST(MergedPadding, UnpaddedDimensionsJoinTheOneBefore) {
  const Padding padding = merged_padding({1, 4, 5, 3}, {0, 1, 0, 0}, {0, 2, 0, 0});
  EXPECT_EQ(padding.input, (Shape{1, 60}));
  EXPECT_EQ(padding.before, (Shape{0, 15}));
  EXPECT_EQ(padding.after, (Shape{0, 30}));
}

}  // namespace
}  // namespace edgesmith::ir
