#include "host/train/torch/crew.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace edgesmith::train {
namespace {

TEST(Crew, EveryMemberWorksOnceATask) {
  Crew crew(3);
  std::vector<int> done(3, 0);
  for (int i = 0; i < 1000; ++i)
    crew.run([&](int member) { ++done[static_cast<std::size_t>(member)]; });
  EXPECT_EQ(done, (std::vector<int>{1000, 1000, 1000}));
}

TEST(Crew, PassesAFailureOnAndWorksOn) {
  Crew crew(2);
  const auto fail = [](int member) {
    if (member == 1) throw std::runtime_error("no");
  };
  EXPECT_THROW(crew.run(fail), std::runtime_error);
  int sum = 0;
  crew.run([&](int member) { sum += member == 0; });
  EXPECT_EQ(sum, 1);
}

TEST(Crew, MayBeOneAlone) {
  Crew crew(1);
  int member_seen = -1;
  crew.run([&](int member) { member_seen = member; });
  EXPECT_EQ(member_seen, 0);
}

}  // namespace
}  // namespace edgesmith::train
