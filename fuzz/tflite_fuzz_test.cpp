// A damaged .tflite of tap's network: refused with a message, or run.

#include <gtest/gtest.h>

#include "fuzz/damage.h"
#include "fuzz/tap_network.h"
#include "host/convert/tflite/tflite.h"

namespace edgesmith::fuzz {
namespace {

const Bytes& whole_file() {
  static const Bytes bytes = convert::write_tflite(tap_int8_network(tap_project()));
  return bytes;
}

TEST(TfliteFuzz, TheWholeFileRuns) {
  EXPECT_TRUE(convert::fuzz_tflite(whole_file()));
}

TEST(TfliteFuzz, SurvivesEveryTruncation) {
  for (std::size_t length = 0; length < whole_file().size(); ++length)
    convert::fuzz_tflite(cut(whole_file(), length));
}

TEST(TfliteFuzz, SurvivesFlippedBits) {
  Random random(4);
  int accepted = 0;
  for (int round = 0; round < rounds(); ++round)
    accepted += convert::fuzz_tflite(with_flipped_bits(whole_file(), random));
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, rounds());
}

}  // namespace
}  // namespace edgesmith::fuzz
