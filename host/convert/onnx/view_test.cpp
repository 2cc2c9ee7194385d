#include "host/convert/onnx/view.h"

#include <gtest/gtest.h>

namespace edgesmith::convert::onnx {
namespace {

// 1x8x5x3 that lies in memory as NHWC.
View image() {
  View view = plain_view(0, {1, 8, 5, 3});
  view.stored = atoms_of(view, channels_last(4));
  return view;
}

TEST(View, APlainOneLiesInTheFilesOrder) {
  const View view = plain_view(0, {1, 8, 5, 3});
  EXPECT_TRUE(lies_in_file_order(view));
  EXPECT_EQ(view.atoms, (std::vector<std::int64_t>{8, 5, 3}));
  EXPECT_EQ(dimension_order(view), (std::vector<int>{0, 1, 2, 3}));
}

TEST(View, KnowsThatItsChannelsLieLast) {
  EXPECT_FALSE(lies_in_file_order(image()));
  EXPECT_EQ(dimension_order(image()), (std::vector<int>{0, 2, 3, 1}));
}

TEST(View, AFileThatTransposesToChannelsLastFindsItsMemoryInOrder) {
  const View view = transposed(image(), {0, 2, 3, 1});
  EXPECT_EQ(view.shape, (Shape{1, 5, 3, 8}));
  EXPECT_TRUE(lies_in_file_order(view));
}

TEST(View, FlatteningMovesNothing) {
  const View flat = *reshaped(image(), {1, 120});
  EXPECT_EQ(flat.stored, image().stored);
  EXPECT_EQ(flat.dims, (std::vector<std::vector<int>>{{}, {0, 1, 2}}));
  EXPECT_FALSE(dimension_order(flat).has_value());
}

TEST(View, FlatteningAndBackIsTheSame) {
  const View back = *reshaped(*reshaped(image(), {1, 120}), {1, 8, 5, 3});
  EXPECT_EQ(back.dims, image().dims);
  EXPECT_EQ(back.stored, image().stored);
}

TEST(View, SplitsADimensionWhereItIsStored) {
  const View groups = *reshaped(image(), {1, 2, 4, 5, 3});
  EXPECT_EQ(groups.atoms, (std::vector<std::int64_t>{2, 5, 3, 4}));
  EXPECT_EQ(groups.stored, (std::vector<int>{1, 2, 0, 3}));
  EXPECT_EQ(groups.dims, (std::vector<std::vector<int>>{{}, {0}, {3}, {1}, {2}}));
}

TEST(View, RefusesToCutThroughTwoDimensionsAtOnce) {
  EXPECT_FALSE(reshaped(image(), {1, 5, 8, 3}).has_value());
}

TEST(View, GroupsAtomsByTheTensorsDimensions) {
  EXPECT_EQ(grouped({8, 5, 3}, {1, 2, 0}, {1, 15, 8}), (std::vector<std::vector<int>>{{}, {1, 2}, {0}}));
  EXPECT_EQ(grouped({8, 5, 3}, {1, 2, 0}, {1, 5, 24}), (std::vector<std::vector<int>>{{}, {1}, {2, 0}}));
  EXPECT_FALSE(grouped({8, 5, 3}, {1, 2, 0}, {1, 4, 30}).has_value());
}

}  // namespace
}  // namespace edgesmith::convert::onnx
