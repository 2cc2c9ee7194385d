#include "device/signal/window.h"

#include <gtest/gtest.h>

#include <vector>

namespace edgesmith {
namespace signal {
namespace {

TEST(Window, IsCompleteAfterItsLengthAndThenEveryHop) {
  float storage[4];
  Window window;
  window.begin(storage, 4, 3, 1);
  std::vector<int> complete_after;
  for (int i = 1; i <= 12; ++i) {
    const float x = static_cast<float>(i);
    if (window.add(&x)) complete_after.push_back(i);
  }
  EXPECT_EQ(complete_after, (std::vector<int>{4, 7, 10}));
}

TEST(Window, ShowsTheLastSamplesOldestFirst) {
  float storage[6];
  Window window;
  window.begin(storage, 3, 1, 2);
  for (int i = 1; i <= 5; ++i) {
    const float row[2] = {static_cast<float>(i), static_cast<float>(-i)};
    window.add(row);
  }
  const WindowView view = window.view();
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(view.row(i)[0], static_cast<float>(i + 3));
    EXPECT_EQ(view.row(i)[1], -static_cast<float>(i + 3));
  }
}

}  // namespace
}  // namespace signal
}  // namespace edgesmith
